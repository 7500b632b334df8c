// How politely the articles behind items are read.
#pragma once

#include <cstdint>
#include <string>

#include "core/config.hpp"
#include "core/time.hpp"

namespace feedwatch::polling {

struct article_options {
    fetch_limits limits;                          // of one request; body_bytes_max is lowered to page_bytes_max
    std::string product = "feedwatch";            // in robots.txt
    duration patience = std::chrono::minutes{1};  // from the order on; what is not read then is given up
    duration spacing = std::chrono::seconds{1};   // between two starts at one host; a Crawl-delay lengthens it
    std::uint32_t tries_max = 2;
    duration retry_delay = std::chrono::seconds{5};
    std::uint32_t in_flight_max = 32;
};

}  // namespace feedwatch::polling
