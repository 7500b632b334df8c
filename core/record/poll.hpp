// Topic `polls` (compacted): each feed's checkpoint and health, written with the items of the same poll in one
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch {

// An item that the feed's document still held, or held not long ago.
struct window_entry {
    std::string id;            // item id
    std::string content_hash;  // of what makes an update: title, text, url, ...
    timestamp last_present{};  // entries expire by this, never by insertion order
    friend bool operator==(const window_entry&, const window_entry&) = default;
};

struct poll {
    feed_id feed;
    std::string url;  // fetched
    timestamp at{};   // when it was answered or given up
    std::string
        outcome;  // "ok", "not_modified", or the reason of a failure: "timeout", "tls", "http", "not_a_feed", ...
    std::string detail;        // for people; never a secret
    std::uint32_t status = 0;  // HTTP status, 0: none
    std::string etag;
    std::string last_modified;
    std::string body_hash;
    std::string redirected_to;  // of a permanent redirect; asked instead of `url` once it has held for a week
    std::optional<timestamp> redirected_since;  // of the first good answer by way of redirected_to, without a break
    timestamp next_due{};
    duration interval{};
    std::uint32_t failures = 0;  // in a row
    std::optional<timestamp> last_success;
    std::uint32_t items_new = 0, items_updated = 0, items_known = 0;  // of this poll
    bool possibly_missed = false;  // no overlap with the poll before: items may have been missed
    std::vector<window_entry> window;
    std::vector<std::string> boilerplate;  // hashes of blocks that repeat across the feed's items
    std::vector<std::string> warnings;
    friend bool operator==(const poll&, const poll&) = default;
};

[[nodiscard]] std::string to_json(const poll& p);
[[nodiscard]] result<poll> poll_from_json(std::string_view json);

}  // namespace feedwatch
