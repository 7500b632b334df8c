// The documents in memory, found by id, URL, text and anchor, and a journal to take changes back. Nothing that can be
// asked depends on the order in which documents came in: a store restored from the changelog answers as the one that
// wrote it.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "processors/dedup/document.hpp"
#include "processors/dedup/postings.hpp"

namespace feedwatch::dedup {

class document_store {
  public:
    slot add(document d);  // its id must not be there yet
    void remove(slot at);
    void replace(slot at, document d);  // of the same id
    void touch(slot at, timestamp last_seen);

    [[nodiscard]] const document& at(slot s) const noexcept { return documents_[s]; }
    [[nodiscard]] std::optional<slot> find(std::string_view id) const noexcept;
    [[nodiscard]] std::span<const slot> by_url(std::uint64_t hash) const noexcept { return urls_.find(hash); }
    [[nodiscard]] std::span<const slot> by_text(std::uint64_t hash) const noexcept { return texts_.find(hash); }
    [[nodiscard]] std::span<const slot> by_anchor(std::uint32_t hash) const noexcept { return anchors_.find(hash); }

    // How many anchors the document has: what at(s) would say, without the cache misses.
    [[nodiscard]] std::size_t anchors_of(slot s) const noexcept { return anchor_counts_[s]; }

    // The document that was last seen longest ago; of several the one with the smallest hash of its id.
    [[nodiscard]] std::optional<slot> oldest();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t slots() const noexcept { return documents_.size(); }  // every slot is below

    // The latest time that any item was observed: the only clock here.
    [[nodiscard]] timestamp stream_time() const noexcept { return stream_time_; }
    void advance(timestamp observed);

    // Batches are begun in order, committed oldest first, rolled back newest first. Outside of any nothing is
    // journaled.
    void begin_batch(std::uint64_t batch);
    void commit_batch(std::uint64_t batch);
    void rollback_batch(std::uint64_t batch);  // and those begun after it

  private:
    struct change {
        enum class kind { added, removed, replaced, touched, advanced };
        kind what{};
        slot at = 0;
        document before{};
        timestamp time_before{};
    };
    struct open_batch {
        std::uint64_t number = 0;
        std::size_t first_change = 0;
    };
    struct expiry {
        timestamp last_seen{};
        std::uint64_t id_hash = 0;
        slot at = 0;
        std::uint32_t generation = 0;
        friend bool operator>(const expiry& a, const expiry& b) noexcept {
            return a.last_seen != b.last_seen ? a.last_seen > b.last_seen : a.id_hash > b.id_hash;
        }
    };

    slot put(document d);
    document take(slot s);
    document exchange(slot s, document d);
    void index(slot s);
    void unindex(slot s);
    void await_expiry(slot s);
    void note(change c);
    void undo(change c);

    std::vector<document> documents_;
    std::vector<std::uint16_t> anchor_counts_;  // of each slot
    std::vector<std::uint32_t> generations_;    // of each slot: odd while it is taken
    std::vector<slot> free_;                    // a stack: undoing in reverse finds each slot on top again
    postings<std::uint64_t> ids_, urls_, texts_;
    postings<std::uint32_t> anchors_;
    // Every document has at least one entry that is no later than its last_seen; an entry that is too early is renewed
    // when it comes to the top.
    std::priority_queue<expiry, std::vector<expiry>, std::greater<>> expiries_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
    timestamp stream_time_ = timestamp::min();
    std::vector<change> journal_;
    std::vector<open_batch> open_;
};

}  // namespace feedwatch::dedup
