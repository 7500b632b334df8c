// The item: what a feed published, flat. Topic `fetched` carries an item; `items` adds story, revision and verdict;
// `flagged` adds matches to that. Fields are only ever added; readers ignore what they do not know.
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

struct person {
    std::string name;
    std::string email;
    std::string url;
    friend bool operator==(const person&, const person&) = default;
};

struct enclosure {
    std::string url;
    std::string type;                     // media type as declared
    std::optional<std::uint64_t> length;  // bytes as declared
    friend bool operator==(const enclosure&, const enclosure&) = default;
};

// Why an item comes: only `live` items raise alerts.
enum class origin { live, baseline, backfill, replay };
[[nodiscard]] std::string_view name_of(origin o) noexcept;
[[nodiscard]] std::optional<origin> origin_named(std::string_view name) noexcept;

struct item {
    item_id id;
    feed_id feed;
    std::string publisher;         // who runs the feed: configured, else the registrable domain
    std::string source;            // whom the item itself names: RSS <source>, dc:publisher, a wire's dateline
    std::string origin_url;        // of the piece that this one is a copy of, where it says so
    std::string origin_publisher;  // registrable domain, else the name that it gives
    std::string guid;
    std::string url;            // absolute, as published
    std::string canonical_url;  // of `url`, by core/url
    std::string title;          // plain text
    std::string summary_html;
    std::string content_html;
    std::string text;  // the main text, plain, boilerplate removed
    std::vector<person> authors;
    std::vector<std::string> categories;
    std::vector<enclosure> enclosures;
    std::string comments;  // URL
    std::optional<timestamp> published;
    std::string published_raw;  // as the feed wrote it, where `published` does not say all of it
    std::optional<timestamp> updated;
    timestamp observed{};  // when the poll that found it was answered
    std::string language;  // BCP 47, declared or detected; empty: unknown
    enum origin origin = origin::live;
    std::vector<std::string> tags;      // of the feed's configuration
    std::vector<std::string> warnings;  // what could not be understood, in words

    friend bool operator==(const item&, const item&) = default;
};

enum class verdict { new_story, update };
[[nodiscard]] std::string_view name_of(verdict v) noexcept;  // "new", "update"

// How an update differs from the version of the story's head before.
struct change {
    bool title = false;     // it reads otherwise; case and punctuation apart
    bool text = false;      // the same of the text
    double similarity = 1;  // of the texts: share of the sequences of three words in both, from a sample
    std::uint32_t words_before = 0, words = 0;  // of the texts
    friend bool operator==(const change&, const change&) = default;
};

struct story_item : item {  // topic `items`
    story_id story;         // the id of the story's first item
    std::uint32_t revision = 1;
    enum verdict verdict = verdict::new_story;
    std::optional<change> changed;  // of an update
    friend bool operator==(const story_item&, const story_item&) = default;
};

struct span {
    std::string field;         // "title", "text", ...
    std::uint32_t offset = 0;  // bytes of the field's UTF-8
    std::uint32_t length = 0;
    std::string text;    // the words as they stand there
    std::string clause;  // the part of the query that matched
    friend bool operator==(const span&, const span&) = default;
};

struct topic_match {
    topic_id topic;
    std::string version;  // of the rule: changes when its meaning may have
    double score = 0;
    std::string severity;
    bool shadow = false;  // counted and stored, never alerted
    std::vector<span> spans;
    std::vector<std::string> notify;  // names of alert channels; empty: all of them
    friend bool operator==(const topic_match&, const topic_match&) = default;
};

struct flagged_item : story_item {  // topic `flagged`
    std::vector<topic_match> matches;
    friend bool operator==(const flagged_item&, const flagged_item&) = default;
};

// JSON with every settled field present (unknown strings "", unknown dates null). The output is valid UTF-8 without NUL
// whatever the fields hold.
[[nodiscard]] std::string to_json(const item& i);
[[nodiscard]] std::string to_json(const story_item& i);
[[nodiscard]] std::string to_json(const flagged_item& i);

// Lenient as filters need it: only `id` must be there; a field of the wrong type is errc::malformed and named; unknown
// fields are ignored; a lone surrogate becomes U+FFFD.
[[nodiscard]] result<item> item_from_json(std::string_view json);
[[nodiscard]] result<story_item> story_item_from_json(std::string_view json);  // `story` defaults to `id`
[[nodiscard]] result<flagged_item> flagged_item_from_json(std::string_view json);

}  // namespace feedwatch
