// Politeness: how many requests a host gets at once, and how far apart.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch::schedule {

struct host_limits {
    std::uint32_t at_once = 2;
    duration spacing = std::chrono::milliseconds{0};  // between two starts
};

class host_gate {
  public:
    explicit host_gate(host_limits limits) : limits_(limits) {}

    struct answer {
        bool go = false;
        std::optional<timestamp> at;  // not now: ask again then; without a time, take_waiting() will name it
    };
    // May a request for the feed start now? If the host is full, the feed waits here in turn.
    [[nodiscard]] answer enter(const std::string& host, const feed_id& feed, timestamp now);

    // A request has ended. Then, and whenever a feed that was told to come back will not, the one that waited longest
    // should be tried: take_waiting() names it. It may be unknown by then; ask again.
    void leave(const std::string& host);
    [[nodiscard]] std::optional<feed_id> take_waiting(const std::string& host);

    // The host asked for a pause (429, 503): nothing starts there before `until`.
    void hold(const std::string& host, timestamp until);

    void forget_idle(timestamp now);  // hosts without requests, waiters and holds
    [[nodiscard]] std::size_t hosts() const noexcept { return hosts_.size(); }

  private:
    struct host_state {
        std::uint32_t running = 0;
        timestamp next{};
        std::deque<feed_id> waiting;
    };
    host_limits limits_;
    std::unordered_map<std::string, host_state> hosts_;
};

}  // namespace feedwatch::schedule
