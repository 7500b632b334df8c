// The hash of a folded word that tells texts apart: of everyday words in a few instructions and without a branch on
// their length. Who needs bits that depend on nothing else mixes it further. Stored by dedup: a change makes what it
// remembers incomparable (seen::hashes).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace feedwatch::text {

// Both halves of the product: every bit of each factor reaches some bit in the middle.
constexpr std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using wide = unsigned __int128;
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Up to 16 bytes, filled up with zeros.
struct word_bytes {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    // `p` has 16 readable bytes, of which `size`, 1 to 16, count.
    static word_bytes of(const unsigned char* p, std::size_t size) noexcept {
        word_bytes w;
        std::memcpy(&w, p, sizeof(w));
        if constexpr (std::endian::native == std::endian::big) {
            w.low = __builtin_bswap64(w.low);
            w.high = __builtin_bswap64(w.high);
        }
        return w.masked(size);
    }
    // Of ASCII letters and digits: as with small letters.
    [[nodiscard]] word_bytes lowered(std::size_t size) const noexcept {
        constexpr std::uint64_t small = 0x2020202020202020ULL;  // digits have that bit too
        return word_bytes{low | small, high | small}.masked(size);
    }

  private:
    // From a table: how long words are is hard to foretell.
    [[nodiscard]] constexpr word_bytes masked(std::size_t size) const noexcept {
        return {low & kept_of_low[size], high & kept_of_high[size]};
    }
    static constexpr std::array<std::uint64_t, 17> kept_of_low = [] {
        std::array<std::uint64_t, 17> t{};
        for (std::size_t size = 1; size <= 16; ++size) t[size] = ~std::uint64_t{0} >> (size < 8 ? 64 - 8 * size : 0);
        return t;
    }();
    static constexpr std::array<std::uint64_t, 17> kept_of_high = [] {
        std::array<std::uint64_t, 17> t{};
        for (std::size_t size = 9; size <= 16; ++size) t[size] = ~std::uint64_t{0} >> (128 - 8 * size);
        return t;
    }();
};

inline constexpr std::uint64_t first_of_word = 0xA0761D6478BD642FULL;  // wyhash's, as the next

constexpr std::uint64_t chained(std::uint64_t hash, word_bytes w) noexcept {
    return folded_product(hash ^ w.low, w.high ^ 0xE7037ED1A0B428DBULL);
}
constexpr std::uint64_t word_hash(word_bytes w) noexcept {
    return chained(first_of_word, w);
}

// Of a word without NUL. Bytes are readable up to the next multiple of 16 from its first.
inline std::uint64_t padded_word_hash(const unsigned char* p, std::size_t size) noexcept {
    std::uint64_t hash = first_of_word;
    for (; size > 16; p += 16, size -= 16) hash = chained(hash, word_bytes::of(p, 16));
    return size == 0 ? hash : chained(hash, word_bytes::of(p, size));
}

inline std::uint64_t word_hash(std::string_view word) noexcept {
    std::uint64_t hash = first_of_word;
    unsigned char chunk[16];
    for (std::size_t at = 0; at < word.size(); at += sizeof(chunk)) {
        const std::size_t size = word.size() - at < sizeof(chunk) ? word.size() - at : sizeof(chunk);
        std::memcpy(chunk, word.data() + at, size);
        std::memset(chunk + size, 0, sizeof(chunk) - size);
        hash = chained(hash, word_bytes::of(chunk, size));
    }
    return hash;
}

}  // namespace feedwatch::text
