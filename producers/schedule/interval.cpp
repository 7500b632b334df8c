#include "producers/schedule/interval.hpp"

#include <algorithm>
#include <cmath>

namespace feedwatch::schedule {
namespace {

constexpr duration start_gap = std::chrono::hours{1};  // a feed with this gap is asked each `start`
constexpr duration memory_min = std::chrono::hours{6};
constexpr duration memory_max = std::chrono::hours{24 * 14};
constexpr double memory_gaps = 8;
constexpr std::size_t dates_min = 3;

duration clamped(duration interval, const poll_interval& limits) {
    return std::min(std::max(interval, limits.min), std::max(limits.max, limits.min));
}

// Until half of a document that is full has been replaced.
duration half_replaced(duration gap, const yield& seen) {
    return gap * (seen.items / 2);
}

duration jittered(duration interval, std::uint64_t seed, std::int64_t parts) {
    constexpr std::uint64_t steps = 1024;
    return interval + interval * static_cast<std::int64_t>(seed % steps) / static_cast<std::int64_t>(parts * steps);
}

}  // namespace

std::optional<duration> gap_of_dates(std::span<const timestamp> published, timestamp now) {
    timestamp oldest = now;
    std::int64_t useful = 0;
    for (const timestamp t : published) {
        if (t > now || t <= now - gap_max * 10) continue;
        oldest = std::min(oldest, t);
        ++useful;
    }
    if (useful < static_cast<std::int64_t>(dates_min) || oldest == now) return std::nullopt;
    return std::clamp((now - oldest) / useful, duration{1}, gap_max);
}

duration learned_gap(duration gap, const yield& seen) {
    if (seen.first || seen.since <= duration::zero()) return gap;
    const auto since = static_cast<double>(seen.since.count());
    // Of a feed without a past is assumed what `start` assumes.
    const double before = gap > duration::zero() ? static_cast<double>(gap.count()) : start_gap.count();
    const double memory = std::clamp(memory_gaps * before, static_cast<double>(memory_min.count()),
                                     static_cast<double>(memory_max.count()));
    const double kept = std::exp(-since / memory);
    const double rate = kept / before + (1 - kept) * seen.fresh() / since;
    if (rate * static_cast<double>(gap_max.count()) <= 1) return gap_max;
    return std::max(duration{static_cast<std::int64_t>(1 / rate)}, duration{1});
}

duration next_interval(duration current, duration gap, const yield& seen, const poll_interval& limits) {
    if (gap <= duration::zero()) return clamped(current > duration::zero() ? current : limits.start, limits);
    const double hours = static_cast<double>(gap.count()) / static_cast<double>(start_gap.count());
    duration next{static_cast<std::int64_t>(static_cast<double>(limits.start.count()) * std::sqrt(hours))};
    if (seen.items > 1) next = std::min(next, half_replaced(gap, seen));
    if (!seen.first && 3 * std::uint64_t{seen.known} < std::uint64_t{seen.items} && current > duration::zero())
        next = std::min(next, current / 2);
    return clamped(next, limits);
}

duration within_hint(duration interval, std::optional<duration> hint, duration gap, const yield& seen,
                     const poll_interval& limits) {
    duration wish = hint.value_or(duration::zero());
    if (gap > duration::zero() && seen.items > 1)
        wish = std::min(wish, gap * std::min(seen.items / 2, contradicted_after));
    return clamped(std::max(interval, wish), limits);
}

duration failure_delay(duration interval, const failure& f, const poll_interval& limits) {
    if (interval <= duration::zero()) interval = limits.start;
    const duration cap = std::max(limits.max, limits.min);
    // The count is capped before multiplying, so that a feed that has failed for years does not overflow.
    const auto times = static_cast<std::int64_t>(std::clamp<std::uint32_t>(f.in_a_row, 1, 10'000));
    const duration own = clamped(interval, limits);
    duration delay = std::min(own * times, cap);
    if (f.busy) delay = std::min(delay, std::max(own, busy_delay_max));
    if (f.gone) delay = std::max(cap, gone_interval);
    return delay;
}

duration with_jitter(duration interval, std::uint64_t seed) {
    return jittered(interval, seed, 10);
}

duration with_wide_jitter(duration interval, std::uint64_t seed) {
    return jittered(interval, seed, 2);
}

duration failure_wait(duration interval, const failure& f, std::optional<duration> retry_after,
                      const poll_interval& limits, std::uint64_t seed) {
    return std::max(with_wide_jitter(failure_delay(interval, f, limits), seed),
                    with_jitter(retry_after.value_or(duration::zero()), seed));
}

}  // namespace feedwatch::schedule
