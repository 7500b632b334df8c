// The decision: which story an item belongs to. Pure: the same items in the same order give the same decisions,
// whatever the batches, roll-backs and restarts in between.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/publisher/families.hpp"
#include "core/record/forget.hpp"
#include "core/record/item.hpp"
#include "core/record/seen.hpp"
#include "core/time.hpp"
#include "processors/dedup/decision.hpp"
#include "processors/dedup/document_store.hpp"
#include "processors/dedup/fingerprint.hpp"
#include "processors/dedup/forgotten.hpp"
#include "processors/dedup/likeness.hpp"
#include "processors/dedup/slot_counts.hpp"

namespace feedwatch::dedup {

struct index_options {
    duration window = std::chrono::days{30};    // an item is forgotten when it was last seen longer ago than this
    std::size_t bytes_max = 1U << 30U;          // past it those last seen longest ago are forgotten
    std::size_t documents_max = slots_max - 2;  // as past bytes_max; at most this, since a decision may add two
    std::shared_ptr<const publisher_families> families = nullptr;  // null: those that are shipped
};

class story_index {
  public:
    explicit story_index(index_options options);

    // Decides and remembers. Takes the main text from `text`, else from the HTML fields.
    decision decide(const item& i);

    // Drops every member of the story, and leaves markers of them and of `members`, whom nothing is decided of any more
    // until the window has passed. Returns the story, or "" where a URL is asked for of which nothing is remembered.
    // `asked`: when, which counts where nothing has been seen yet. An error changes nothing: errc::conflict, the URL
    // leads to several stories; errc::too_large.
    [[nodiscard]] result<std::string> take_down(const forget_request& r, const std::vector<std::string>& members,
                                                timestamp asked);

    // What the last decide() or take_down() changed, for the changelog: documents to write (their slots), ids to
    // forget, in this order: first forget, then write; and markers of what was taken down, by their items.
    [[nodiscard]] const std::vector<slot>& remembered() const noexcept { return remembered_; }
    [[nodiscard]] const std::vector<std::string>& forgotten() const noexcept { return forgotten_; }
    [[nodiscard]] seen record_of(slot s) const { return to_seen(store_.at(s)); }
    [[nodiscard]] const std::vector<std::string>& marked() const noexcept { return marked_; }
    [[nodiscard]] const std::vector<std::string>& unmarked() const noexcept { return unmarked_; }
    [[nodiscard]] seen marker_of(std::string_view item) const { return to_seen(*markers_.find(item)); }
    [[nodiscard]] std::size_t evicted() const noexcept { return evicted_; }  // by the last decide(), for want of bytes

    result<> restore(const seen& s);
    void forget(std::string_view id);
    result<> restore_marker(const seen& s);
    void forget_marker(std::string_view item) { markers_.remove(item); }

    // Between batches: all that is remembered. load() is for an index that remembers nothing; false: these are not the
    // bytes of save(), and the index is of no use any more. The bytes depend on the families.
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in) { return store_.load(in) && markers_.load(in); }

    void begin_batch(std::uint64_t batch);
    void commit_batch(std::uint64_t batch);
    void rollback_batch(std::uint64_t batch);

    [[nodiscard]] std::size_t size() const noexcept { return store_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return store_.bytes() + markers_.bytes(); }

  private:
    struct piece;  // the item at hand
    struct match {
        slot at = 0;
        likeness how = likeness::near;
        double similarity = 0;
        bool stands_for_it = false;  // who is like this item is like the match too: no need to index the item
    };

    [[nodiscard]] timestamp oldest_alive() const noexcept;
    [[nodiscard]] std::optional<slot> find_alive(std::string_view id) const;
    [[nodiscard]] bool alive(const document_view& d) const noexcept;
    [[nodiscard]] std::string family_of(std::string_view publisher) const;
    [[nodiscard]] std::optional<slot> head_of(const document_view& d) const;
    [[nodiscard]] bool speaks_for_story(const document_view& d) const;
    void make_room_for(std::string_view id);

    decision decide_known(const piece& p, slot s);
    decision learn_words(const piece& p, slot s);
    void replace_copy(const piece& p, slot s);
    decision start_story(const piece& p);
    decision join_story(const piece& p, const match& m);
    [[nodiscard]] bool is_news(const piece& p, std::optional<slot> head) const;
    decision announce(const piece& p, slot head);
    [[nodiscard]] change change_of(const piece& p, const document_view& before);
    [[nodiscard]] bool stands_for(const piece& p, const document_view& before);
    [[nodiscard]] std::string place_for_version(std::string_view story) const;
    void keep_version(const piece& p, slot head);
    [[nodiscard]] std::optional<slot> find_version(std::string_view story, int number) const;
    void drop_versions(std::string_view story);
    decision update_story(const piece& p, slot head, std::optional<slot> own);
    decision duplicate_of(const piece& p, const match& m);

    [[nodiscard]] result<std::string> story_named(const forget_request& r) const;
    [[nodiscard]] bool is_link_of_others(const document_view& d) const;
    std::optional<decision> hold_back(const piece& p, const item& i);

    [[nodiscard]] std::optional<match> match_url(const piece& p);
    [[nodiscard]] std::optional<match> compare_same_url(const piece& p, slot s);
    [[nodiscard]] std::optional<match> match_text(const piece& p) const;
    [[nodiscard]] std::optional<match> match_likeness(const piece& p);
    void gather_candidates(const piece& p);
    void keep_better(std::optional<match>& best, const match& m) const;

    [[nodiscard]] document make_document(const piece& p, std::string_view id, std::string_view story,
                                         bool indexed) const;
    void remember(slot s);
    void refresh(slot s, timestamp observed);
    void drop(slot s);
    void expire();
    void expire_markers();
    void clear_changes();
    void keep_within_budget();

    index_options options_;
    document_store store_;
    forgotten_pieces markers_;
    fingerprinter fingerprinter_;
    fingerprint print_;
    comparer comparer_;
    std::vector<slot> remembered_;
    std::vector<std::string> forgotten_, marked_, unmarked_;
    std::size_t evicted_ = 0;
    slot_counts hits_;
    std::vector<slot> candidates_;
    std::string plain_;  // buffer for text taken from HTML
};

}  // namespace feedwatch::dedup
