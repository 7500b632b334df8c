// Topic `dead`: the key and bytes of a record that a step could not process, with these headers (after Kafka
// Connect's).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/step.hpp"

namespace feedwatch {

struct dead_letter {             // header "feedwatch.dlq." +
    std::string topic;           //   topic: the full name, prefix included
    std::int32_t partition = 0;  // partition
    std::int64_t offset = 0;     // offset
    std::string stage;           // stage: the step or sink
    std::string reason;          // reason: the error code's word
    std::string exception;       // exception: its detail
    std::uint32_t attempt = 1;   // attempt: how often it was tried
    friend bool operator==(const dead_letter&, const dead_letter&) = default;
};

[[nodiscard]] std::vector<header> to_headers(const dead_letter& d);
[[nodiscard]] result<dead_letter> dead_letter_from_headers(std::span<const header> headers);

}  // namespace feedwatch
