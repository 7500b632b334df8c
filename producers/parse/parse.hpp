// Feed documents to items: RSS in all versions, Atom 0.3 and 1.0, CDF, JSON Feed, Google's news sitemaps. No I/O, no
// clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"

namespace feedwatch {

struct parse_hints {
    std::string url;           // where the bytes came from, for relative links
    std::string content_type;  // HTTP Content-Type, with charset if any
};

enum class html_handling : std::uint8_t {
    sanitised,   // content_html is harmless, text is there
    as_written,  // summary_html and content_html as the document has them: not to be shown; no text, no language
                 // detected
};

struct parse_limits {
    std::size_t items_max = 2000;               // the newest (first in the document) are kept; the rest is counted
    std::size_t depth_max = 256;                // nested elements
    std::size_t attributes_max = 256;           // of one element
    std::size_t field_bytes_max = 256U << 10U;  // title, text, content_html ... of one item; cut with a warning
    html_handling html = html_handling::sanitised;
};

// What the feed says of itself and of how often to ask.
struct feed_document {
    std::string title, link, id, description, language, image, rights, generator;
    std::optional<timestamp> updated, published;
    std::vector<person> authors;
    std::vector<std::string> categories;
    std::vector<std::string> hubs;            // WebSub
    std::string self;                         // the URL that the feed gives itself: rel=self, feed_url
    std::string archive, next;                // URLs of what is older (RFC 5005): prev-archive, next
    std::optional<std::chrono::seconds> ttl;  // <ttl>, sy:updatePeriod / updateFrequency
    std::vector<std::uint8_t> skip_hours;     // 0 to 23, GMT, sorted: when asking is useless
    std::vector<std::string> skip_days;       // "monday" to "sunday", in the document's order
};

struct parsed_feed {
    feed_document feed;
    std::vector<item> items;  // as in the document. Filled: all that a document can say, canonical_url, text, language;
                              // not filled: id, feed, publisher, observed, origin, tags
    std::vector<std::string> warnings;
    std::size_t items_dropped = 0;         // past items_max
    bool truncated = false;                // the document ended early: the complete items are here
    std::vector<std::string> boilerplate;  // hashes of the blocks that were removed since they repeat across items
};

// errc::malformed: not a feed at all (an HTML page, an image); the detail says what it looks like.
// `known_boilerplate`: hashes from polls before, removed too.
[[nodiscard]] result<parsed_feed> parse_feed(std::string_view bytes, const parse_hints& hints,
                                             const parse_limits& limits = {},
                                             const std::vector<std::string>& known_boilerplate = {});

// The versioned identity, 128 bits in hexadecimal behind a prefix that says by which rule:
//   "1:"   guid    of feed and guid, else of the canonical link, else of title and text
//   "1l:"  link    of feed and canonical link; without one as by title
//   "1t:"  title   of feed, title and date of publication; undated: of feed, title and text
[[nodiscard]] item_id identity_of(const item& i, std::string_view feed, identity_rule rule = identity_rule::guid);

}  // namespace feedwatch
