// The documents in memory, found by id, URL, text and anchor, and a journal to take changes back. Nothing that can be
// asked depends on the order in which documents came in: a store restored from the changelog answers as the one that
// wrote it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_stream.hpp"
#include "core/time.hpp"
#include "processors/dedup/arena.hpp"
#include "processors/dedup/batch_journal.hpp"
#include "processors/dedup/document.hpp"
#include "processors/dedup/expiry.hpp"
#include "processors/dedup/origins.hpp"
#include "processors/dedup/paged_vector.hpp"
#include "processors/dedup/postings.hpp"

namespace feedwatch::dedup {

class document_store {
  public:
    slot add(const document& d);  // its id must not be there yet
    void remove(slot s);
    void replace(slot s, const document& d);  // of the same id
    void touch(slot s, timestamp last_seen);

    // Valid until the document is changed or removed.
    [[nodiscard]] document_view at(slot s) const noexcept { return {cells_.at(places_[s]), origins_}; }
    [[nodiscard]] std::optional<slot> find(std::string_view id) const;
    [[nodiscard]] std::optional<slot> find_packed(std::span<const std::byte> id) const noexcept;
    [[nodiscard]] std::vector<slot> of_story(std::string_view story) const;  // looks at every document
    // These call visit(slot) for each in no particular order, the first two until that returns false.
    template <class Visit>
    void by_url(std::uint64_t hash, const Visit& visit) const {
        table_.find(key(of::url, hash), [&](slot s) { return at(s).url_hash != hash || visit(s); });
    }
    template <class Visit>
    void by_text(std::uint64_t hash, const Visit& visit) const {
        table_.find(key(of::text, hash), [&](slot s) { return at(s).text_hash != hash || visit(s); });
    }
    // Of some millions of documents a few may be named that have another anchor: the same ones each time. An anchor
    // that more than documents_per_anchor_max have is a phrase or boilerplate: false then, and no visit.
    static constexpr std::size_t documents_per_anchor_max = postings::crowd;
    template <class Visit>
    bool by_anchor(std::uint32_t hash, const Visit& visit) const {
        return table_.find_unless_crowded(key(of::anchor, hash), visit);
    }
    // Has the memory brought that adding it looks at.
    void expect(const document& d) const noexcept;
    void expect_anchor(std::uint32_t hash) const noexcept { table_.prefetch(key(of::anchor, hash)); }

    // How many anchors the document has: what at(s) would say, without the cache misses.
    [[nodiscard]] std::size_t anchors_of(slot s) const noexcept { return anchor_counts_[s]; }
    void expect_anchors_of(slot s) const noexcept { __builtin_prefetch(anchor_counts_.begin() + s); }

    // The document that was last seen longest ago; of several the one with the smallest hash of its id.
    [[nodiscard]] std::optional<slot> oldest();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_ + origins_.bytes(); }

    // The latest time that any item was observed: the only clock here.
    [[nodiscard]] timestamp stream_time() const noexcept { return stream_time_; }
    void advance(timestamp observed);

    // Between batches. load() is for a store that holds nothing; false: these are not the bytes of save(), and the
    // store is of no use any more. Who reads sees to it that the bytes are whole and of this version of the packed
    // form.
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in);

    // Batches are begun in order, committed oldest first, rolled back newest first. Outside of any nothing is
    // journaled.
    void begin_batch(std::uint64_t batch) { journal_.begin(batch); }
    void commit_batch(std::uint64_t batch) { journal_.commit(batch); }
    void rollback_batch(std::uint64_t batch);  // and those begun after it

  private:
    // A document that is no longer in the store, with all that it needs to come back.
    struct kept {
        packed_bytes packed;
        std::string origin;  // its key
    };
    struct change {
        enum class kind { added, removed, replaced, touched, advanced };
        kind what{};
        slot at = 0;
        kept before{};
        timestamp time_before{};
    };
    enum class of : std::uint64_t { id = 1, url, text, anchor };
    // Every bit of the hash and the kind reach every bit of the key.
    [[nodiscard]] static constexpr std::uint64_t key(of kind, std::uint64_t hash) noexcept {
        std::uint64_t x = hash + static_cast<std::uint64_t>(kind) * 0x9E3779B97F4A7C15ULL;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
        return x ^ (x >> 31U);
    }

    slot put(std::span<const std::byte> packed);
    kept take(slot s);
    kept exchange(slot s, std::span<const std::byte> packed);
    kept release(slot s);
    void index(slot s);
    void unindex(slot s);
    bool load_document(byte_reader& in, slot s);
    void await_expiry(slot s);
    std::span<const std::byte> packed(const document& d);
    std::span<const std::byte> packed(kept& k);
    void undo(change c);

    arena cells_;
    origins origins_;
    paged_vector<arena::address> places_;        // of each slot; none: it is free
    paged_vector<std::uint16_t> anchor_counts_;  // of each slot
    std::vector<slot> free_;                     // a stack: undoing in reverse finds each slot on top again
    postings table_;
    expiry_queue expiries_;
    packed_bytes packed_;  // buffers
    std::vector<std::uint32_t> anchors_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
    timestamp stream_time_ = timestamp::min();
    batch_journal<change> journal_;
};

}  // namespace feedwatch::dedup
