// Sends a signed webhook for each new pair of topic and story to the channels that the topic names. At least once,
// always with the same webhook-id; what is due survives a restart in topic `deliveries`. docs/alerts.md has the
// contract.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/config.hpp"
#include "core/meter.hpp"
#include "core/step.hpp"
#include "io/http/exchange.hpp"

namespace feedwatch::alerts {

struct alerts_options {
    alerts_config config;
    std::string topic_prefix;                   // of Kafka's topics, for the headers of dead letters
    std::uint64_t seed = 0;                     // of the jitter between attempts
    duration remember = std::chrono::days{30};  // how long an alert that was sent is not sent again
};

// errc::invalid_config names the channel. `through` and `counts` must outlive the step; the waker that `through` was
// made with must be the runner's.
[[nodiscard]] result<std::unique_ptr<step>> make_alerts(alerts_options options, http::exchange& through, meter& counts);

// What `feedwatch check` asks.
[[nodiscard]] result<> check_channels(const alerts_config& config);

}  // namespace feedwatch::alerts
