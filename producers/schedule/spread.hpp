// The feeds that are due when a poller starts, or come all at once: the first at once, the rest in a row, overall and
// for each host. Pure but for what it has given away.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/time.hpp"

namespace feedwatch::schedule {

// A burst goes at once, what comes after it is that far apart. 100,000 feeds take eight minutes, the 14,000 of the
// largest source known an hour.
struct spread_limits {
    std::uint32_t burst = 256;
    duration apart = std::chrono::milliseconds{5};
    std::uint32_t host_burst = 32;
    duration host_apart = std::chrono::milliseconds{250};
};

class start_spread {
  public:
    explicit start_spread(spread_limits limits = {}) : limits_(limits) {}
    // When the next one, which is on `host`, may first be asked: `now` or later.
    [[nodiscard]] timestamp place(const std::string& host, timestamp now);
    void forget_past(timestamp now);  // hosts whose row has ended
    void shift(duration by);          // the clock was set
    [[nodiscard]] std::size_t hosts() const noexcept { return ends_.size(); }

  private:
    spread_limits limits_;
    timestamp end_{};  // of the row overall, as if nothing had gone at once
    std::unordered_map<std::string, timestamp> ends_;
};

}  // namespace feedwatch::schedule
