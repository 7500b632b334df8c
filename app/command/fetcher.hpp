// One URL after another for a command, through the same client and guard as the poller's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/error.hpp"
#include "io/http/exchange.hpp"
#include "io/kafka/runner.hpp"

namespace feedwatch::app {

class fetcher {
  public:
    fetcher(const network_config& network, const fetch_limits& limits);

    // Waits for all of them; an answer of any status is one. In the order of the URLs.
    [[nodiscard]] std::vector<result<http::response>> get(const std::vector<std::string>& urls, const char* accept);
    [[nodiscard]] result<http::response> get(const std::string& url, const char* accept);

  private:
    fetch_limits limits_;
    kafka::event_waker wakes_;
    std::unique_ptr<http::exchange> exchange_;
};

inline constexpr const char* accept_feeds =
    "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5";
inline constexpr const char* accept_pages =
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, */*;q=0.5";

}  // namespace feedwatch::app
