// When to ask a feed again. Pure: values in, values out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/record/feed.hpp"
#include "core/time.hpp"

namespace feedwatch::schedule {

// What a poll that went well showed.
struct yield {
    std::uint32_t items = 0;  // in the document
    std::uint32_t known = 0;  // of them, there before, changed or not; a 304 or an unchanged body: all
    bool first = false;       // nothing was known before: all of them are new, and say nothing about since
    duration since{};         // the last poll that went well
    [[nodiscard]] std::uint32_t fresh() const noexcept { return items - known; }
};

// How often a feed publishes: the mean time between two items. Zero: not known.
//
// From the dates in a first document, `now` included, so that silence since the newest counts: nullopt where less than
// three are of any use. Dates in the future are not.
[[nodiscard]] std::optional<duration> gap_of_dates(std::span<const timestamp> published, timestamp now);

// What a poll teaches about it. A poll counts by the share that its time has in what is remembered: eight gaps, but six
// hours at least and two weeks at most. So a quick feed follows the hours of its day, a slow one is not taken for quick
// by one item, and one that was dead for a year comes back within a day.
[[nodiscard]] duration learned_gap(duration gap, const yield& seen);
inline constexpr duration gap_max = std::chrono::hours{24 * 365};

// The interval grows with the square root of the gap, which spends a given number of polls so that items wait least;
// `limits.start` is that of a feed with an item an hour. No longer than half of the document takes to be replaced, and
// half of the last one where less than a third of the items was known: nothing should be pushed out unseen.
[[nodiscard]] duration next_interval(duration current, duration gap, const yield& seen, const poll_interval& limits);

// The feed's own wish (Cache-Control, Expires, ttl, sy) is a lower bound, but never past the configured maximum; and
// what the feed does outweighs what it says: no longer than it takes to publish eight items, or half of the document.
inline constexpr std::uint32_t contradicted_after = 8;
[[nodiscard]] duration within_hint(duration interval, std::optional<duration> hint, duration gap, const yield& seen,
                                   const poll_interval& limits);

// Never given up. Linear: the interval times the failures in a row, capped. 429 speaks of the host, whose pace is
// learned apart: it has a cap of its own, so that a feed is not starved by its neighbours.
struct failure {
    std::uint32_t in_a_row = 1;
    bool gone = false;  // 410: asked once a day, in case it comes back
    bool busy = false;  // 429
};
inline constexpr duration gone_interval = std::chrono::hours{24};
inline constexpr duration busy_delay_max = std::chrono::hours{1};  // or the interval, where that is longer
[[nodiscard]] duration failure_delay(duration interval, const failure& f, const poll_interval& limits);

// Up to a tenth longer, so that feeds which started together drift apart. The same seed gives the same value.
[[nodiscard]] duration with_jitter(duration interval, std::uint64_t seed);
// Up to a half longer, after failures: a group that failed together must not come back together.
[[nodiscard]] duration with_wide_jitter(duration interval, std::uint64_t seed);

// How long to wait after a failure: its own delay, spread wide, and no less than the server asks for (Retry-After).
[[nodiscard]] duration failure_wait(duration interval, const failure& f, std::optional<duration> retry_after,
                                    const poll_interval& limits, std::uint64_t seed);

}  // namespace feedwatch::schedule
