// When to ask a feed again. Pure: values in, values out.
#pragma once

#include <cstdint>
#include <optional>

#include "core/record/feed.hpp"
#include "core/time.hpp"

namespace feedwatch::schedule {

// What a poll that went well showed.
struct yield {
    std::uint32_t items = 0;  // in the document
    std::uint32_t known = 0;  // of them, unchanged since before; a 304 or an unchanged body: all
    bool first = false;       // nothing was known before: says nothing about the feed's pace
};

// The interval follows the share of known items: half as long again above two thirds, half below one third.
[[nodiscard]] duration next_interval(duration current, const yield& seen, const poll_interval& limits);

// The feed's own wish (Cache-Control, Expires, ttl, sy) is a lower bound, but never past the configured maximum.
[[nodiscard]] duration within_hint(duration interval, std::optional<duration> hint, const poll_interval& limits);

// Never given up. Linear: the interval times the failures in a row, capped; a server's Retry-After is a lower bound and
// may pass the cap.
struct failure {
    std::uint32_t in_a_row = 1;
    bool gone = false;  // 410: asked once a day, in case it comes back
    std::optional<duration> retry_after;
};
inline constexpr duration gone_interval = std::chrono::hours{24};
[[nodiscard]] duration failure_delay(duration interval, const failure& f, const poll_interval& limits);

// Up to a tenth longer, so that feeds which failed or started together drift apart. The same seed gives the same value.
[[nodiscard]] duration with_jitter(duration interval, std::uint64_t seed);

}  // namespace feedwatch::schedule
