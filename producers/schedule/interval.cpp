#include "producers/schedule/interval.hpp"

#include <algorithm>

namespace feedwatch::schedule {
namespace {

duration clamped(duration interval, const poll_interval& limits) {
    return std::min(std::max(interval, limits.min), std::max(limits.max, limits.min));
}

}  // namespace

duration next_interval(duration current, const yield& seen, const poll_interval& limits) {
    if (current <= duration::zero()) current = limits.start;
    if (!seen.first && seen.items > 0) {
        if (3 * std::uint64_t{seen.known} > 2 * std::uint64_t{seen.items}) current = current * 3 / 2;
        if (3 * std::uint64_t{seen.known} < std::uint64_t{seen.items}) current /= 2;
    }
    return clamped(current, limits);
}

duration within_hint(duration interval, std::optional<duration> hint, const poll_interval& limits) {
    return clamped(std::max(interval, hint.value_or(duration::zero())), limits);
}

duration failure_delay(duration interval, const failure& f, const poll_interval& limits) {
    if (interval <= duration::zero()) interval = limits.start;
    const duration cap = std::max(limits.max, limits.min);
    // The count is capped before multiplying, so that a feed that has failed for years does not overflow.
    const auto times = static_cast<std::int64_t>(std::clamp<std::uint32_t>(f.in_a_row, 1, 10'000));
    duration delay = std::min(clamped(interval, limits) * times, cap);
    if (f.gone) delay = std::max(cap, gone_interval);
    return std::max(delay, f.retry_after.value_or(duration::zero()));
}

duration with_jitter(duration interval, std::uint64_t seed) {
    constexpr std::uint64_t steps = 1024;
    return interval + interval * static_cast<std::int64_t>(seed % steps) / static_cast<std::int64_t>(10 * steps);
}

}  // namespace feedwatch::schedule
