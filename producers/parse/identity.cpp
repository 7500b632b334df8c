#include "core/hash.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch {
namespace {

// The kind in front and lengths before the parts: no two different sets of parts give the same bytes.
template <class... Parts>
std::string hash_of(std::string_view kind, const Parts&... parts) {
    std::string key(kind);
    (((key += std::to_string(std::string_view(parts).size())) += ':', key += parts), ...);
    return hash128_hex(key);
}

std::string by_guid(const item& i, std::string_view feed) {
    if (!i.guid.empty()) return hash_of("guid", feed, i.guid);
    if (!i.canonical_url.empty()) return hash_of("link", i.canonical_url);
    return hash_of("text", i.title, i.text);
}

std::string by_title(const item& i, std::string_view feed) {
    if (i.published) return hash_of("title and date", feed, i.title, to_rfc3339(*i.published));
    return hash_of("title and text", feed, i.title, i.text);
}

}  // namespace

item_id identity_of(const item& i, std::string_view feed, identity_rule rule) {
    switch (rule) {
        case identity_rule::guid:
            break;
        case identity_rule::link:
            return item_id("1l:" +
                           (i.canonical_url.empty() ? by_title(i, feed) : hash_of("link", feed, i.canonical_url)));
        case identity_rule::title:
            return item_id("1t:" + by_title(i, feed));
    }
    return item_id("1:" + by_guid(i, feed));
}

}  // namespace feedwatch
