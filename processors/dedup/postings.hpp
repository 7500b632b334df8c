// From a hash to the documents that have it: a multimap of 6 bytes an entry, 31 bits of the hash and 25 of the slot.
// Two hashes that agree in those bits are one key: who asks verifies what must be exact.
//
// Eight bits choose one of 256 tables, which grow one at a time, so that no insertion stalls for long. A table is a
// row of lines as long as the cache's, of ten entries each; the other 23 bits choose the line, and where that is full
// the next one with room. Keys with many documents have a list beside the tables.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
    // Calls visit(slot) for each, or for none where more than `crowd` documents have the key: false then, at the cost
    // of no more than a look at the table.
    static constexpr std::size_t crowd = 64;
    template <class Visit>
    bool find_unless_crowded(std::uint64_t hash, const Visit& visit) const;
    void prefetch(std::uint64_t hash) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept;  // entries

    // load() replaces what is there; false: these are not the bytes of save().
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in);

  private:
    static constexpr unsigned tag_bits = 23;
    static constexpr unsigned low_bits = 16;        // of the tag, kept apart: they are compared all at once
    static constexpr slot listed = slots_max;       // instead of a slot: the key has a list
    static constexpr slot crowded = slots_max + 1;  // and a long one
    static constexpr std::size_t entries_per_key_max = 16;
    static_assert(tag_bits - low_bits + slot_bits == 32);

    struct line {
        static constexpr unsigned entries = 10;
        std::array<std::uint16_t, entries> low{};
        std::array<std::uint32_t, entries> high{};  // the tag's other bits over the slot
        std::uint32_t used : 4 = 0;                 // entries from the first
        std::uint32_t passed : 28 = 0;              // entries of this and earlier lines that stand in later ones

        [[nodiscard]] slot slot_at(unsigned i) const noexcept { return high[i] & ((1U << slot_bits) - 1); }
        [[nodiscard]] std::uint32_t tag_at(unsigned i) const noexcept {
            return high[i] >> slot_bits << low_bits | low[i];
        }
        void set_slot(unsigned i, slot s) noexcept { high[i] = high[i] >> slot_bits << slot_bits | s; }
        [[nodiscard]] unsigned with_low(std::uint16_t bits) const noexcept;  // a bit for each entry
        void put(std::uint32_t tag, slot s) noexcept {
            low[used] = static_cast<std::uint16_t>(tag);
            high[used] = tag >> low_bits << slot_bits | s;
            ++used;
        }
    };
    static_assert(sizeof(line) == 64);

    struct table {
        pages data;
        std::uint32_t range = 0;  // lines that are homes
        std::uint32_t lines = 0;  // with those past the last home
        std::uint32_t used = 0;   // entries

        [[nodiscard]] line* at(std::size_t i) noexcept { return reinterpret_cast<line*>(data.data()) + i; }
        [[nodiscard]] const line* at(std::size_t i) const noexcept {
            return reinterpret_cast<const line*>(data.data()) + i;
        }
        [[nodiscard]] std::size_t home(std::uint32_t tag) const noexcept {
            return static_cast<std::size_t>((std::uint64_t{tag} * range) >> tag_bits);
        }
    };

    static constexpr std::size_t segment_of(std::uint64_t hash) noexcept { return hash >> (64U - segment_bits); }
    static constexpr std::uint32_t tag_of(std::uint64_t hash) noexcept {
        return static_cast<std::uint32_t>(hash >> (64U - segment_bits - tag_bits)) & ((1U << tag_bits) - 1);
    }
    static constexpr std::uint64_t key_of(std::size_t segment, std::uint32_t tag) noexcept {
        return (std::uint64_t{segment} << tag_bits) | tag;
    }

    // Calls visit(line number, entry) for each of the tag until that returns false.
    template <class Visit>
    static void each(const table& t, std::uint32_t tag, const Visit& visit);
    void grow(table& t, std::uint32_t range);
    static bool insert(table& t, std::uint32_t tag, slot s) noexcept;  // false: there is no room behind its home
    static void erase(table& t, std::size_t at, unsigned entry) noexcept;
    void make_list(table& t, std::uint32_t tag, std::uint64_t key, slot s);
    void add_to_list(line& l, unsigned entry, std::uint64_t key, slot s);
    void remove_from_list(table& t, std::size_t at, unsigned entry, std::uint64_t key, slot s);
    [[nodiscard]] static bool load_table(table& t, byte_reader& in);

    std::vector<table> tables_;
    std::unordered_map<std::uint64_t, std::vector<slot>> lists_;
    std::vector<line> growing_;  // a table's lines while they move
};

inline unsigned postings::line::with_low(std::uint16_t bits) const noexcept {
    const unsigned there = (1U << used) - 1;
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi16(static_cast<short>(bits));
    const auto* p = reinterpret_cast<const std::byte*>(low.data());
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i last = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 2 * (entries - 8)));
    const __m128i both = _mm_packs_epi16(_mm_cmpeq_epi16(first, wanted), _mm_cmpeq_epi16(last, wanted));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(both));
    return ((mask & 0xFFU) | mask >> (16 - entries)) & there & ((1U << entries) - 1);
#else
    unsigned mask = 0;
    for (unsigned i = 0; i < entries; ++i) mask |= static_cast<unsigned>(low[i] == bits) << i;
    return mask & there;
#endif
}

template <class Visit>
void postings::each(const table& t, std::uint32_t tag, const Visit& visit) {
    if (t.lines == 0) return;
    for (std::size_t at = t.home(tag);; ++at) {
        const line& l = *t.at(at);
        for (unsigned mask = l.with_low(static_cast<std::uint16_t>(tag)); mask != 0; mask &= mask - 1) {
            const auto i = static_cast<unsigned>(std::countr_zero(mask));
            if (l.tag_at(i) == tag && !visit(at, i)) return;
        }
        if (l.passed == 0) return;
    }
}

template <class Visit>
void postings::find(std::uint64_t hash, const Visit& visit) const {
    const std::size_t segment = segment_of(hash);
    const table& t = tables_[segment];
    each(t, tag_of(hash), [&](std::size_t at, unsigned i) {
        const slot s = t.at(at)->slot_at(i);
        if (s < listed) return static_cast<bool>(visit(s));
        for (const slot in_list : lists_.find(key_of(segment, tag_of(hash)))->second) {
            if (!visit(in_list)) break;
        }
        return false;
    });
}

template <class Visit>
bool postings::find_unless_crowded(std::uint64_t hash, const Visit& visit) const {
    const std::size_t segment = segment_of(hash);
    const table& t = tables_[segment];
    bool is_crowded = false;
    each(t, tag_of(hash), [&](std::size_t at, unsigned i) {
        const slot s = t.at(at)->slot_at(i);
        if (s < listed) {
            visit(s);
            return true;
        }
        is_crowded = s == crowded;
        if (!is_crowded) {
            for (const slot in_list : lists_.find(key_of(segment, tag_of(hash)))->second) visit(in_list);
        }
        return false;
    });
    return !is_crowded;
}

inline void postings::prefetch(std::uint64_t hash) const noexcept {
    const table& t = tables_[segment_of(hash)];
    if (t.lines != 0) __builtin_prefetch(t.at(t.home(tag_of(hash))));
}

}  // namespace feedwatch::dedup
