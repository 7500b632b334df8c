#include "core/hash.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch {

item_id identity_of(const item& i, std::string_view feed) {
    // Lengths before the parts, and the kind in front: no two different sets of parts give the same bytes.
    std::string key;
    const auto add = [&](std::string_view part) {
        key += std::to_string(part.size()) + ":";
        key += part;
    };
    if (!i.guid.empty()) {
        key = "guid";
        add(feed);
        add(i.guid);
    } else if (!i.canonical_url.empty()) {
        key = "link";
        add(i.canonical_url);
    } else {
        key = "text";
        add(i.title);
        add(i.text);
    }
    return item_id("1:" + hash128_hex(key));
}

}  // namespace feedwatch
