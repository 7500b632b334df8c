// What a poll makes of a document's items before they are compared with those before. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/record/feed.hpp"
#include "core/record/item.hpp"

namespace feedwatch::polling {

// Hash of what makes an update when it changes: title, canonical link, and the words of content and summary as
// published. Not `text`, which also depends on the boilerplate learned so far; not mark-up, which trackers and
// advertisements vary.
[[nodiscard]] std::string content_hash(const item& i);

// The same in parts, by which an item is known again under another id. 0: it has none. The link is the canonical one
// without scheme and host, which are what changes when a site moves.
struct content_keys {
    std::string all;  // content_hash()
    std::uint32_t link = 0, title = 0, text = 0;
};
[[nodiscard]] content_keys keys_of(const item& i);

// Fills what the document cannot say: feed, publisher, tags, language where configured, observed; and settles the
// dates: one more than two hours in the future becomes `observed`, with the original in published_raw and a warning.
void complete(item& i, const feed& of, timestamp observed);

// At most this much JSON goes into one record: librdkafka refuses a megabyte (message.max.bytes).
inline constexpr std::size_t record_bytes_max = 900'000;

// to_json() within record_bytes_max: what repeats (summary, then content, then text) is cut first, with a warning in
// the item.
[[nodiscard]] std::string to_bounded_json(item i);

}  // namespace feedwatch::polling
