// Feeds with the habits of real ones, made from a seed: who publishes when, on which host, how the hosts behave.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace feedwatch::bench {

// Seconds from the simulation's start; what is before is history.
using second = std::int32_t;

struct simulated_host {
    std::string name;
    bool dead = false;      // nothing but time-outs
    double flaky = 0;       // share of requests that fail
    double tokens_max = 0;  // 0: no limit; else a bucket, and 429 when it is empty
    double tokens_per_second = 0;
    std::optional<duration> retry_after;  // that its 429 says
    duration latency{};
};

struct simulated_feed {
    std::uint32_t host = 0;
    std::uint32_t document_items = 0;  // the newest so many
    std::size_t first = 0, last = 0;   // of world::published, ascending
    std::optional<duration> hint;      // Cache-Control or ttl; some lie
    double per_day = 0;
};

struct world {
    std::vector<simulated_host> hosts;
    std::vector<simulated_feed> feeds;
    std::vector<second> published;
    [[nodiscard]] std::span<const second> items_of(const simulated_feed& f) const {
        return std::span(published).subspan(f.first, f.last - f.first);
    }
};

// `until`: the last second in which something is published.
[[nodiscard]] world make_world(std::size_t feeds, second until, std::uint64_t seed);

}  // namespace feedwatch::bench
