// Topic `seen` (compacted): what dedup remembers, one record for each item that it has seen. The key is "id:" and the
// item's id; its other identities (canonical URL, text) stand in the record as hashes, so that one record restores all
// of them. A tombstone forgets the item. Enough stands here to restore every verdict.
//
// What a story's head said before an update that changed much of it is remembered like an item, with the head's id and
// "#1" to "#3" for an id, and the revision that it was.
//
// Lists are written as base64 of their little-endian integers, hashes as 16 hexadecimal digits ("" where there is
// none).
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
    std::string source;  // whom the item itself names
    // Of the story, where this is its head, or an earlier version of the head; 0: a member that is neither.
    std::uint32_t revision = 0;
    // Of the head: whether a live item of the story has been seen, so that nothing more of it is news. Records of
    // before this field say that it was.
    bool live = true;
    std::string url_hash;     // of the canonical URL
    std::string title_hash;   // of the analysed title
    std::string text_hash;    // of the analysed text
    std::uint32_t words = 0;  // of the analysed text
    // Which way words were hashed, for all that follows and for the two hashes before; others cannot be compared.
    std::uint32_t hashes = 0;
    // The following are empty where a remembered member of the story stands for this one (it differs too little).
    std::vector<std::uint32_t> fingerprint;  // hashes of shingles by which a likeness is found
    std::vector<std::uint16_t> evidence;     // the smallest hashes of shingles, ascending, by which it is verified
    std::uint32_t shingles = 0;              // distinct ones, of which `evidence` may be a sample
    std::vector<std::uint16_t> names;        // sample of the names' hashes, ascending
    std::vector<std::uint16_t> numbers;      // sample of the numbers' hashes, ascending
    timestamp first_seen{};
    timestamp last_seen{};
    friend bool operator==(const seen&, const seen&) = default;
};

[[nodiscard]] std::string to_json(const seen& s);
[[nodiscard]] result<seen> seen_from_json(std::string_view json);

}  // namespace feedwatch
