// The documents in memory, found by id, URL, text and anchor, and a journal to take changes back. Nothing that can be
// asked depends on the order in which documents came in: a store restored from the changelog answers as the one that
// wrote it.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
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
    // These call visit(slot) for each in no particular order, until that returns false.
    template <class Visit>
    void by_url(std::uint64_t hash, const Visit& visit) const {
        table_.find(key(of::url, hash), [&](slot s) { return documents_[s].url_hash != hash || visit(s); });
    }
    template <class Visit>
    void by_text(std::uint64_t hash, const Visit& visit) const {
        table_.find(key(of::text, hash), [&](slot s) { return documents_[s].text_hash != hash || visit(s); });
    }
    // Of some millions of documents a few may be named that have another anchor: the same ones each time.
    template <class Visit>
    void by_anchor(std::uint32_t hash, const Visit& visit) const {
        table_.find(key(of::anchor, hash), visit);
    }
    void expect_anchor(std::uint32_t hash) const noexcept { table_.prefetch(key(of::anchor, hash)); }

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

    enum class of : std::uint64_t { id = 1, url, text, anchor };
    // Every bit of the hash and the kind reach every bit of the key.
    [[nodiscard]] static constexpr std::uint64_t key(of kind, std::uint64_t hash) noexcept {
        std::uint64_t x = hash + static_cast<std::uint64_t>(kind) * 0x9E3779B97F4A7C15ULL;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
        return x ^ (x >> 31U);
    }

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
    postings table_;
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
