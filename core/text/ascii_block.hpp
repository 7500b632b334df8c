// 64 bytes of text at once: where words of ASCII stand, a bit for each byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/text/character.hpp"

namespace feedwatch::text {

struct ascii_block {
    static constexpr std::size_t bytes = 64;

    std::uint64_t words = 0;  // ASCII letters and digits
    std::uint64_t high = 0;   // bytes of other characters
    // Where rules have to look closer at a word that ends here: other characters, and underscores and what else joins
    // words unless something that separates stands next. The last byte's next is not seen.
    std::uint64_t hard = 0;

    // Of the bytes at `p`, of which `readable` can be read: past them there is nothing.
    static ascii_block of(const unsigned char* p, std::size_t readable) noexcept {
        if (readable >= bytes) return of_whole(p);
        unsigned char padded[bytes] = {};
        std::memcpy(padded, p, readable);
        return of_whole(padded);
    }

  private:
    static ascii_block of_whole(const unsigned char* p) noexcept {
        ascii_block b;
        std::uint64_t joins = 0;
#pragma GCC unroll 4
        for (unsigned at = 0; at < bytes; at += step) add(p + at, at, b, joins);
        const std::uint64_t separates = ~(b.words | b.high | joins);
        b.hard = b.high | (joins & ~(separates >> 1U));
        return b;
    }

#ifdef __SSE2__
    static constexpr unsigned step = 16;
    static std::uint64_t bits(__m128i v, unsigned at) noexcept {
        return std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(v))} << at;
    }
    static __m128i within(__m128i v, char first, char last) noexcept {
        const __m128i above = _mm_sub_epi8(v, _mm_set1_epi8(first));
        return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(last - first))), above);
    }
    static void add(const unsigned char* p, unsigned at, ascii_block& b, std::uint64_t& joins) noexcept {
        const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        const __m128i letters = within(_mm_or_si128(c, _mm_set1_epi8(0x20)), 'a', 'z');
        b.words |= bits(_mm_or_si128(letters, within(c, '0', '9')), at);
        b.high |= bits(c, at);
        const __m128i stops = _mm_cmpeq_epi8(_mm_and_si128(c, _mm_set1_epi8(~2)), _mm_set1_epi8(','));  // and '.'
        const __m128i others =
            _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('\'')), _mm_cmpeq_epi8(c, _mm_set1_epi8(';')));
        const __m128i underscores = _mm_cmpeq_epi8(c, _mm_set1_epi8('_'));
        joins |= bits(_mm_or_si128(_mm_or_si128(stops, others), underscores), at);
    }
#else
    static constexpr unsigned step = 1;
    static void add(const unsigned char* p, unsigned at, ascii_block& b, std::uint64_t& joins) noexcept {
        const std::uint64_t bit = std::uint64_t{1} << at;
        const unsigned char c = *p;
        if (c >= 0x80) b.high |= bit;
        if (c != '_' && is_ascii_word(c)) b.words |= bit;
        if (c == '\'' || c == '.' || c == ',' || c == ';' || c == '_') joins |= bit;
    }
#endif
};

}  // namespace feedwatch::text
