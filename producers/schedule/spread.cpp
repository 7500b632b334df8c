#include "producers/schedule/spread.hpp"

#include <algorithm>

namespace feedwatch::schedule {
namespace {

timestamp take(timestamp& end, timestamp now, std::uint32_t burst, duration apart) {
    end = std::max(end, now);
    const timestamp due = std::max(now, end - apart * (static_cast<std::int64_t>(burst) - 1));
    end += apart;
    return due;
}

}  // namespace

timestamp start_spread::place(const std::string& host, timestamp now) {
    const timestamp overall = take(end_, now, limits_.burst, limits_.apart);
    return std::max(overall, take(ends_[host], now, limits_.host_burst, limits_.host_apart));
}

void start_spread::forget_past(timestamp now) {
    std::erase_if(ends_, [&](const auto& entry) { return entry.second <= now; });
}

void start_spread::shift(duration by) {
    end_ += by;
    for (auto& [host, end] : ends_) end += by;
}

}  // namespace feedwatch::schedule
