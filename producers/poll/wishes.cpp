#include "producers/poll/wishes.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "producers/schedule/hints.hpp"

namespace feedwatch::polling {
namespace {

std::string_view first_of(const http::response& r, std::string_view name) {
    const std::string* found = r.header(name);
    return found == nullptr ? std::string_view{} : *found;
}

// A list may come in several lines (RFC 9110, section 5.3).
std::string list_of(const http::response& r, std::string_view name) {
    std::string out;
    for (const auto& [n, value] : r.headers) {
        if (n == name) (out += out.empty() ? "" : ", ") += value;
    }
    return out;
}

}  // namespace

void keep_wishes(poll& next, const feed_document& said) {
    next.ttl = said.ttl ? std::optional<duration>(*said.ttl) : std::nullopt;
    next.skip_hours = said.skip_hours;
    next.skip_days = said.skip_days;
}

void forget_wishes(poll& next) {
    keep_wishes(next, {});
}

std::optional<duration> least_wait(const http::response& r, const poll& next) {
    const std::string cache = list_of(r, "cache-control");
    const std::optional<duration> fresh =
        schedule::fresh_for({cache, first_of(r, "age"), first_of(r, "expires"), first_of(r, "date")}, next.at);
    return fresh && next.ttl ? std::max(*fresh, *next.ttl) : fresh ? fresh : next.ttl;
}

timestamp wished_due(timestamp due, const poll& next) {
    return schedule::after_skips(due, next.skip_hours, next.skip_days);
}

}  // namespace feedwatch::polling
