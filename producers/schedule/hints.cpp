#include "producers/schedule/hints.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"
#include "producers/schedule/http_date.hpp"

namespace feedwatch::schedule {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// Delta-seconds; a number too large to hold is the largest, as RFC 9111 (1.2.2) says.
std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) value = std::min<std::int64_t>(value * 10 + (c - '0'), 1LL << 31);
    return std::chrono::seconds{value};
}

struct cache_control {
    bool uncached = false;
    std::optional<std::chrono::seconds> max_age;
};

cache_control read_cache_control(std::string_view list) {
    cache_control out;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const std::string_view directive = trimmed(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        const auto equals = directive.find('=');
        const std::string_view name = trimmed(directive.substr(0, equals));
        if (equal_ignoring_case(name, "no-cache") || equal_ignoring_case(name, "no-store")) out.uncached = true;
        if (equal_ignoring_case(name, "max-age") && equals != std::string_view::npos)
            out.max_age = seconds_of(directive.substr(equals + 1));
    }
    return out;
}

}  // namespace

std::optional<duration> fresh_for(const freshness_headers& headers, timestamp now) {
    const cache_control said = read_cache_control(headers.cache_control);
    if (said.uncached) return duration::zero();
    if (said.max_age) {
        const auto age = seconds_of(headers.age).value_or(std::chrono::seconds{0});
        return std::max<duration>(*said.max_age - age, duration::zero());
    }
    const auto expires = parse_http_date(headers.expires);
    if (!expires) return std::nullopt;
    return std::max(*expires - parse_http_date(headers.date).value_or(now), duration::zero());
}

std::optional<duration> retry_after(std::string_view value, timestamp now) {
    value = trimmed(value);
    if (const auto wait = seconds_of(value)) return std::min<duration>(*wait, retry_after_max);
    if (const auto date = parse_http_date(value)) return std::clamp(*date - now, duration::zero(), retry_after_max);
    return std::nullopt;
}

timestamp after_skips(timestamp due, const std::vector<std::uint8_t>& hours, const std::vector<std::string>& days) {
    constexpr std::array<std::string_view, 7> names = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};
    const auto is_skipped = [&](timestamp t) {
        const auto day = std::chrono::floor<std::chrono::days>(t);
        const auto hour = std::chrono::floor<std::chrono::hours>(t - day).count();
        const std::string_view name = names.at(std::chrono::weekday{day}.c_encoding());
        return std::find(hours.begin(), hours.end(), hour) != hours.end() ||
               std::find(days.begin(), days.end(), name) != days.end();
    };
    for (timestamp t = due; t <= due + skip_max; t += std::chrono::hours{1}) {
        if (!is_skipped(t)) return t;
    }
    return due;
}

}  // namespace feedwatch::schedule
