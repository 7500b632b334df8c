// Politeness: how many requests a host gets at once, and how far apart. Who may not start yet waits here in turn.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "producers/schedule/due_queue.hpp"
#include "producers/schedule/pace.hpp"

namespace feedwatch::schedule {

struct host_limits {
    std::uint32_t at_once = 2;                        // one, where a pace was learned
    duration spacing = std::chrono::milliseconds{0};  // between two starts, at least
};

class host_gate {
  public:
    explicit host_gate(host_limits limits) : limits_(limits) {}

    // May a request for the feed start now? If not, the feed stands in the host's line until pop() names it.
    [[nodiscard]] bool enter(const std::string& host, handle feed, timestamp now);
    // A request has ended, or one that was let through was not sent.
    void leave(const std::string& host);

    struct turn {
        handle feed;  // may have gone since, or come twice: the owner looks, and says leave() where it is so
        std::string host;
    };
    // When the next of those that wait may start; not while their hosts are full.
    [[nodiscard]] std::optional<timestamp> next() const { return turns_.next(); }
    // The one whose turn it is; it has entered.
    [[nodiscard]] std::optional<turn> pop(timestamp now);

    // The host asked for a pause: nothing starts there before `until`.
    void hold(const std::string& host, timestamp until);
    // What an answer of the host teaches; returns the pace from here on. Answers to what was asked before the host said
    // that it is busy teach nothing more.
    duration learn(const std::string& host, lesson what, timestamp now);
    // What was learned before: the latest of several that are recalled counts.
    void recall(const std::string& host, duration pace, timestamp at);
    [[nodiscard]] duration pace_of(const std::string& host, timestamp now) const;

    void shift(duration by);          // the clock was set
    void forget_idle(timestamp now);  // hosts without requests, waiters, holds and a pace
    [[nodiscard]] std::size_t hosts() const noexcept { return by_name_.size(); }

  private:
    struct host_state {
        std::uint32_t running = 0;
        timestamp next{};     // of the next start
        timestamp started{};  // the last one
        duration pace{};      // as learned
        timestamp learned_at{};
        timestamp slowed_at{};
        std::list<handle> waiting;  // nearly always empty: a deque would take 600 bytes for that
        const std::string* name = nullptr;
    };
    host_state& state_of(const std::string& host);
    [[nodiscard]] bool is_full(const host_state& h) const;
    void start(host_state& h, timestamp now);
    void set_turn(handle host);
    void forget(std::unordered_map<std::string, handle>::iterator host);

    host_limits limits_;
    std::unordered_map<std::string, handle> by_name_;
    std::vector<host_state> hosts_;
    std::vector<handle> free_;
    due_queue turns_;  // of hosts that somebody waits for and that are not full
};

}  // namespace feedwatch::schedule
