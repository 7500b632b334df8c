// Topic `seen` (compacted): what dedup remembers, one record per identity. The key is the identity
// ("id:…", "url:…", "text:…"); a tombstone forgets it. Enough stands here to restore every verdict.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch {

struct seen {
    story_id story;
    item_id item;  // whose identity this is
    feed_id feed;
    std::string publisher;
    std::uint32_t revision = 0;      // of the story, where this is its head
    std::string text_hash;           // of the analysed title and text; empty where the identity is not an item's
    std::vector<std::uint32_t> fingerprint;  // MinHash signature of the text's shingles; written as base64
    std::vector<std::uint32_t> evidence;     // hashes of shingles kept to verify a likeness; written as base64
    std::uint32_t words = 0;                 // of the analysed text
    timestamp first_seen{};
    timestamp last_seen{};
    friend bool operator==(const seen&, const seen&) = default;
};

[[nodiscard]] std::string to_json(const seen& s);
[[nodiscard]] result<seen> seen_from_json(std::string_view json);

}  // namespace feedwatch
