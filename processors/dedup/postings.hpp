// From a hash to the documents that have it: a multimap of 6 bytes an entry, 31 bits of the hash and 25 of the slot.
// Two hashes that agree in those bits are one key: who asks verifies what must be exact.
//
// Eight bits choose one of 256 tables, which grow one at a time, so that no insertion stalls for long. Each is sorted
// by the other 23 bits: linear probing, where an entry stands at its home or after a run of others. Keys with many
// documents have a list beside the tables.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "core/byte_stream.hpp"
#include "processors/dedup/pages.hpp"
#include "processors/dedup/slot.hpp"

namespace feedwatch::dedup {

class postings {
  public:
    static constexpr unsigned segment_bits = 8;
    static constexpr std::size_t segments = 1U << segment_bits;

    postings();

    void add(std::uint64_t hash, slot s);     // a pair that is there already must not be added again
    void remove(std::uint64_t hash, slot s);  // one that is not there is ignored

    // Calls visit(slot) in no particular order until that returns false.
    template <class Visit>
    void find(std::uint64_t hash, const Visit& visit) const;
    void prefetch(std::uint64_t hash) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept;  // entries

    // load() replaces what is there; false: these are not the bytes of save().
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in);

  private:
    using entry = std::uint64_t;  // 23 bits of the hash over 25 of the slot
    static constexpr unsigned tag_bits = 23;
    static constexpr std::size_t entry_bytes = 6;
    static constexpr entry empty = (entry{1} << 48U) - 1;
    static constexpr slot listed = slots_max;  // instead of a slot: the key has a list
    static constexpr std::size_t entries_per_key_max = 16;

    struct table {
        pages data;               // room + 1 entries; the last is empty
        std::uint32_t range = 0;  // homes
        std::uint32_t room = 0;
        std::uint32_t used = 0;

        [[nodiscard]] entry get(std::size_t at) const noexcept {
            std::uint64_t e = 0;  // eight bytes, of which six are the entry: there is room after the last
            std::memcpy(&e, data.data() + at * entry_bytes, sizeof(e));
            return e & empty;
        }
        void set(std::size_t at, entry e) noexcept { std::memcpy(data.data() + at * entry_bytes, &e, entry_bytes); }
        [[nodiscard]] std::size_t home(entry e) const noexcept {
            return static_cast<std::size_t>(((e >> slot_bits) * range) >> tag_bits);
        }
    };

    static constexpr std::size_t segment_of(std::uint64_t hash) noexcept { return hash >> (64U - segment_bits); }
    static constexpr entry tag_of(std::uint64_t hash) noexcept {  // in its place
        return ((hash >> (64U - segment_bits - tag_bits)) & ((1U << tag_bits) - 1)) << slot_bits;
    }
    static constexpr slot slot_of(entry e) noexcept { return static_cast<slot>(e & ((1U << slot_bits) - 1)); }
    static constexpr std::uint64_t key_of(std::size_t segment, entry e) noexcept {
        return (std::uint64_t{segment} << tag_bits) | (e >> slot_bits);
    }

    static std::size_t bytes_for(std::uint32_t range) noexcept;
    static void resize(table& t, std::uint32_t range);
    [[nodiscard]] static bool load_table(table& t, byte_reader& in);
    static bool insert(table& t, entry e);  // false: there is no room behind its home
    static void erase(table& t, std::size_t at) noexcept;
    void remove_from_list(table& t, std::size_t at, std::uint64_t key, slot s);
    void make_list(table& t, std::size_t first, std::size_t count, std::uint64_t key);

    std::vector<table> tables_;
    std::unordered_map<std::uint64_t, std::vector<slot>> lists_;
};

template <class Visit>
void postings::find(std::uint64_t hash, const Visit& visit) const {
    const std::size_t segment = segment_of(hash);
    const table& t = tables_[segment];
    if (t.room == 0) return;
    const entry from = tag_of(hash);
    const entry upto = from | ((entry{1} << slot_bits) - 1);
    std::size_t at = t.home(from);
    entry e = t.get(at);
    while (e < from) e = t.get(++at);
    for (; e < upto; e = t.get(++at)) {
        if (slot_of(e) != listed) {
            if (!visit(slot_of(e))) return;
            continue;
        }
        for (const slot s : lists_.find(key_of(segment, e))->second) {
            if (!visit(s)) return;
        }
    }
}

inline void postings::prefetch(std::uint64_t hash) const noexcept {
    const table& t = tables_[segment_of(hash)];
    if (t.room != 0) __builtin_prefetch(t.data.data() + t.home(tag_of(hash)) * entry_bytes);
}

}  // namespace feedwatch::dedup
