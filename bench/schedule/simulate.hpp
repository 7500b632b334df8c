// A poller on a simulated clock: the scheduler's own classes against a simulated world, under a rule for the interval.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "bench/schedule/world.hpp"
#include "core/record/feed.hpp"
#include "producers/schedule/interval.hpp"

namespace feedwatch::bench {

// A rule decides how long to wait after a poll that went well; what fails is left to failure_delay(), and hosts to
// host_gate, for every rule alike.
struct seen_poll {
    std::uint32_t feed = 0;
    timestamp now{};
    schedule::yield what;
    std::optional<duration> hint;
    std::span<const second> document;  // the items' dates, oldest first
};
class interval_rule {
  public:
    virtual ~interval_rule() = default;
    virtual duration after(const seen_poll& p) = 0;                        // until the next poll
    [[nodiscard]] virtual duration current(std::uint32_t feed) const = 0;  // what failure_delay() counts with
};

struct simulation_options {
    second warm_up = 2 * 86'400;  // counted is what is published after it
    second length = 9 * 86'400;   // all of it
    std::uint32_t in_flight_max = 256;
    poll_interval limits;
    std::uint64_t seed = 1;
};

struct figures {
    std::uint64_t polls = 0, failed = 0, limited = 0;  // after the warm-up; limited: answered 429
    std::uint64_t items = 0;                           // seen
    std::uint64_t missed = 0;                          // pushed out of the document before a poll
    std::uint64_t never_seen = 0;  // still not seen at the end, six hours after publication or later
    double median_seconds = 0, p99_seconds = 0, mean_seconds = 0;
    std::uint32_t host_second_max = 0,
                  host_second_p99 = 0;  // requests that one host got in one second in which it got any
    std::uint32_t first_minute_polls = 0, in_flight_most = 0;
    double cpu_seconds = 0;
    [[nodiscard]] double polls_per_item() const {
        return static_cast<double>(polls) / static_cast<double>(std::max<std::uint64_t>(items, 1));
    }
};

[[nodiscard]] figures simulate(const world& w, interval_rule& rule, const simulation_options& options);

}  // namespace feedwatch::bench
