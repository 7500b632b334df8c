// A configured receiver: what a request to it looks like, and what its answers mean. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/record/delivery.hpp"
#include "io/http/exchange.hpp"
#include "sinks/alerts/signature.hpp"

namespace feedwatch::alerts {

struct attempt {
    enum class outcome {
        delivered,  // 2xx
        retry,      // anything else; a redirect too, since the body was signed for this receiver
        gone,       // 410: the receiver wants nothing any more
    };
    outcome what = outcome::retry;
    std::string reason;                // "http 503", "timeout"; never what the receiver said
    std::optional<duration> hold_off;  // the receiver is overloaded: leave the whole channel alone for so long
    std::chrono::steady_clock::duration elapsed{};
};

class channel {
  public:
    // errc::invalid_config with what is wrong; never shows a secret or the URL's query.
    static result<channel> make(const channel_config& config);

    [[nodiscard]] const channel_config& config() const noexcept { return config_; }
    [[nodiscard]] http::request request(const std::string& webhook_id, const std::string& body, timestamp now) const;

  private:
    channel(channel_config config, std::vector<signing_key> keys)
        : config_(std::move(config)), keys_(std::move(keys)) {}
    channel_config config_;
    std::vector<signing_key> keys_;
};

[[nodiscard]] attempt judge(const result<http::response>& answer, timestamp now);

}  // namespace feedwatch::alerts
