// A story as topics `items`, `duplicates` and `fetched` tell it. Pure: records in, members out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/command/word_diff.hpp"
#include "core/publisher/families.hpp"
#include "core/record/duplicate.hpp"
#include "core/record/item.hpp"

namespace feedwatch::app {

// Which stories hold what a person names: an item's id, a story's id, or a URL in any spelling with the same canonical
// form.
class story_search {
  public:
    explicit story_search(std::string_view named);

    // False: a record of this key and value cannot hold it, and need not be parsed.
    [[nodiscard]] bool may_hold(std::string_view key, std::string_view json) const;
    void look_at(const story_item& i);
    void look_at(const duplicate& d);
    void forget(std::string_view story);  // its tombstone: what was found of it does not count

    // At most `stories_max`: where a feed gives one link to all items, every one of them has it.
    static constexpr std::size_t stories_max = 10;
    [[nodiscard]] const std::set<std::string>& stories() const noexcept { return stories_; }
    [[nodiscard]] bool forgot() const noexcept { return forgot_; }  // one that was found

  private:
    void look_at(std::string_view id, std::string_view story, std::string_view canonical);
    std::string named_;
    std::string canonical_;  // "": no URL was named
    std::set<std::string> stories_;
    bool forgot_ = false;
};

enum class comparison {
    none,           // nothing to compare: the head itself
    made,           // `differs` says how
    too_different,  // more words differ than are looked for
    text_erased,    // the text of either is not in the topics any more
    text_left_out,  // the story's texts are more than are held at once
};
[[nodiscard]] std::string_view name_of(comparison c) noexcept;  // "", "made", "too-different", "text-erased", …

struct story_member {
    item_id id;
    feed_id feed;
    std::string publisher, url, title;
    std::string origin_url, origin_publisher;
    std::string how;  // of a copy "same-url", "near" …; "head"; "update": it took the head's place in the feed
    std::optional<item_id> of;
    double similarity = 1;   // of a copy
    double lag_seconds = 0;  // behind the head, by `observed`
    timestamp observed{};
    std::uint32_t seen_again = 0;  // records that say the same of it
    comparison compared = comparison::text_erased;
    word_diff differs;  // from the head as it read when this one came
};

struct story_revision {
    std::uint32_t revision = 1;
    item_id by;
    timestamp observed{};
    std::string title;
    std::optional<change> changed;
    comparison compared = comparison::none;
    word_diff differs;  // from the revision before
};

struct story_limits {
    std::size_t members_max = 10000;
    std::size_t revisions_max = 1000;
    std::size_t text_bytes_max = 64U << 20U;  // of the revisions' texts, which copies are compared with
};

struct story {
    story_id id;
    std::vector<story_member> members;      // the head first, then as they came
    std::vector<story_revision> revisions;  // in their order
    std::size_t left_out = 0;               // members and revisions past the limits
    bool head_erased = false;               // no record of the head is in the topics any more
    std::size_t publishers = 0;             // families count as one
};

// Give it all of `items`, then all of `duplicates`, then all of `fetched`: records of other stories are passed over.
class story_collector {
  public:
    explicit story_collector(story_id id, story_limits limits = {});

    void add(story_item i);
    void add(duplicate d);
    void compare(const item& i);  // as it was fetched; the first of an id counts

    [[nodiscard]] story take(const publisher_families& families) &&;

  private:
    struct text_kept {
        timestamp observed{};
        std::optional<std::string> text;  // nullopt: left out
    };

    // Null where it is there already, or one too many.
    story_member* new_member(const item_id& id);
    void keep_text(timestamp observed, std::string_view text);
    [[nodiscard]] const text_kept* text_at(timestamp observed) const;
    comparison difference(const text_kept* from, std::string_view text, word_diff& out);

    story_limits limits_;
    story story_;
    std::map<std::string, std::size_t, std::less<>> by_id_;
    std::set<std::string, std::less<>> compared_;
    std::vector<text_kept> texts_;  // of the revisions
    std::size_t text_bytes_ = 0;
    text::analyser words_;
    std::string plain_;
};

}  // namespace feedwatch::app
