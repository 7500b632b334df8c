#include "producers/poll/robots_cache.hpp"

#include <algorithm>

#include "producers/poll/fetch_request.hpp"
#include "producers/schedule/hints.hpp"

namespace feedwatch::polling {
namespace {

duration freshness(const http::response& r, timestamp now) {
    const std::string cache = header_of(r, "cache-control"), age = header_of(r, "age");
    const std::string expires = header_of(r, "expires"), date = header_of(r, "date");
    const auto said = schedule::fresh_for({cache, age, expires, date}, now);
    return std::clamp<duration>(said.value_or(robots_cache::fresh_max), robots_cache::fresh_min,
                                robots_cache::fresh_max);
}

}  // namespace

const http::robots* robots_cache::find(const std::string& origin, timestamp now) const {
    const auto found = entries_.find(origin);
    if (found == entries_.end()) return nullptr;
    const timestamp until = found->second.fresh_until;
    return until <= now || until > now + fresh_max ? nullptr
                                                   : &found->second.rules;  // the clock may have been set back
}

const http::robots& robots_cache::store(const std::string& origin, const result<http::response>& got, timestamp now) {
    if (entries_.size() >= entries_max && !entries_.contains(origin)) entries_.clear();
    entry& e = entries_[origin];
    if (got && got->status >= 200 && got->status < 300) {
        e = {http::robots::read(got->body, product_), now + freshness(*got, now), true};
    } else if (got && got->status >= 300 && got->status < 500 && got->status != 429) {
        e = {http::robots::allow_all(), now + freshness(*got, now), true};
    } else {
        if (!e.reached) e.rules = http::robots::disallow_all();
        e.fresh_until = now + retry_after;
    }
    return e.rules;
}

}  // namespace feedwatch::polling
