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
    std::string alias = {};    // the id that the document would give it now, where its guid or link has changed; or ""
    std::uint32_t link = 0, title = 0, text = 0;  // hashes that know it again under another id; 0: there is none
    bool retracted = false;                       // it vanished while older ones remained
    friend bool operator==(const window_entry&, const window_entry&) = default;
};

// What makes two items of a feed one. A feed whose ids do not hold goes to a safer rule, from left to right, and stays
// there.
enum class identity_rule {
    guid,   // the guid; else the canonical link; else title and text
    link,   // the canonical link; else as `title`
    title,  // title and date of publication; undated: title and text
};
[[nodiscard]] std::string_view name_of(identity_rule r) noexcept;  // "guid", "link", "title"

// How the feed's items get their ids, and what speaks against it.
struct feed_identity {
    identity_rule rule = identity_rule::guid;
    std::optional<timestamp> since;  // of the rule, where it is not the first
    std::string reason;              // why it is not, for people
    std::uint32_t changes = 0;       // documents in a row that gave most of their items other ids than the one before
    std::string urls;                // version of the canonical URLs that the ids were made with
    friend bool operator==(const feed_identity&, const feed_identity&) = default;
};

// What a poll saw besides new items.
struct poll_event {
    std::string kind;         // "possibly_missed", "ids_changed", "identity_downgraded", "retracted", "reappeared", ...
    std::uint32_t count = 0;  // of items; of signs where it is suspicious
    std::string detail;       // for people
    std::vector<std::string> ids;    // of items, as published; the first ones where there are many
    std::vector<std::string> signs;  // of what is suspicious: "title", "language", ...
    friend bool operator==(const poll_event&, const poll_event&) = default;
};

// How the feed presented itself in the last document that said it: when all this turns, it may no longer be the one
// that was subscribed.
struct feed_look {
    std::string served_by;  // registrable domain, after redirects
    std::string link;       // registrable domain of the feed's own link
    std::string items;      // registrable domain of most items' links
    std::string language;   // primary subtag, of most items
    std::string title;
    friend bool operator==(const feed_look&, const feed_look&) = default;
};

// The feed's subscription at a WebSub hub.
struct push_subscription {
    enum class state {
        wanted,     // a hub is known; it is asked at next_step
        requested,  // asked; the hub has not verified it yet
        active,     // verified: until lease_until, the hub delivers
        denied,     // the hub refused; asked again much later
        silent,     // polls found what the hub had not delivered; asked again later
    };
    std::string hub;
    std::string topic;         // as the hub knows the feed: its rel=self
    std::string callback;      // public URL of the process that subscribes, without what is secret of the callback
    std::uint64_t number = 0;  // another one for each subscription; part of its callback and its secret
    state is = state::wanted;
    timestamp next_step{};                  // when to ask (again), or to give up waiting
    std::optional<timestamp> asked;         // when the hub was last asked and has not refused since
    std::optional<timestamp> active_since;  // without a break
    std::optional<timestamp> lease_until;
    std::optional<timestamp> last_delivery;
    std::optional<timestamp> unheard_since;  // a poll found items that the hub has not delivered (yet)
    std::uint32_t deliveries = 0;            // since a poll last found something that was not delivered
    std::uint32_t items = 0;                 // new ones that were delivered since the last poll that went well
    std::uint32_t failures = 0;              // in a row: requests to the hub, or subscriptions that fell silent
    friend bool operator==(const push_subscription&, const push_subscription&) = default;
};
[[nodiscard]] std::string_view name_of(push_subscription::state s) noexcept;  // "wanted", "requested", ...
// How far a backfill has come. It stays when it has ended, to say how, until another is asked for.
struct backfill_progress {
    timestamp asked{};           // of the request that it follows
    std::string url;             // the feed's when it began, without user and password
    std::string state;           // "running", "done", "failed"
    std::string how;             // by "archive" or "next" links, or by numbers: "paged", "page"; empty: not known yet
    std::string next;            // URL of the page to ask for next; empty once it has ended
    timestamp next_due{};        // when
    std::uint32_t pages = 0;     // read
    std::uint32_t items = 0;     // published
    std::uint32_t failures = 0;  // in a row
    std::string detail;          // why it ended or what failed last, for people; never a secret
    std::vector<std::string> seen;  // hashes of the pages read, while it runs: one that repeats is the end
    friend bool operator==(const backfill_progress&, const backfill_progress&) = default;
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
    // What the last document asked for: the least time between two polls (ttl, sy), and when asking is useless (GMT).
    std::optional<duration> ttl;
    std::vector<std::uint8_t> skip_hours;  // 0 to 23
    std::vector<std::string> skip_days;    // "monday" to "sunday"
    timestamp next_due{};
    duration interval{};
    duration gap{};              // the mean time between two of the feed's items, as estimated; zero: not known
    duration host_pace{};        // between two requests to the feed's host, as learned by then; zero: none needed
    std::uint32_t failures = 0;  // in a row
    std::optional<timestamp> last_success;
    std::uint32_t items_new = 0, items_updated = 0, items_known = 0;  // of this poll or delivery
    bool possibly_missed = false;  // no overlap with the poll before: items may have been missed
    std::vector<window_entry> window;
    std::vector<std::string> boilerplate;  // hashes of blocks that repeat across the feed's items
    std::vector<std::string> warnings;
    std::vector<poll_event> events;  // of this poll, one of a kind at most
    feed_look look;
    feed_identity identity;
    std::optional<push_subscription> push;
    std::optional<backfill_progress> backfill;
    friend bool operator==(const poll&, const poll&) = default;
};

[[nodiscard]] std::string to_json(const poll& p);
[[nodiscard]] result<poll> poll_from_json(std::string_view json);

// For what rests in memory only (core/record/packed.hpp). `packed` is moved behind what was read.
void append_packed(const poll& p, std::string& out);
[[nodiscard]] poll poll_from_packed(std::string_view& packed);

}  // namespace feedwatch
