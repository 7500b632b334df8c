// Text a block of bytes at a time: for loops that look for the next byte that means something, or copy up to it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace feedwatch::bytes {

#if defined(__SSE2__)

// 16 bytes in a register of every x86-64.
class register_block {
  public:
    static constexpr std::size_t size = 16;
    using set = std::uint32_t;  // one bit a byte

    // `size` bytes must be readable (writable) there.
    explicit register_block(const char* from) noexcept
        : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
    void store(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }

    [[nodiscard]] set equal(char c) const noexcept { return bits(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
    // Where another one follows, or what follows is in the next block.
    [[nodiscard]] set repeated(char c) const noexcept { return equal(c) & ((equal(c) >> 1U) | (1U << (size - 1))); }
    // Of 0..c, which is below 0x80.
    [[nodiscard]] set up_to(unsigned char c) const noexcept {
        return bits(_mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(static_cast<char>(c))), bytes_));
    }
    [[nodiscard]] set beyond_ascii() const noexcept { return bits(bytes_); }
    // Of ASCII letters and the like: low..high.
    [[nodiscard]] set between(char low, char high) const noexcept { return bits(inside(low, high)); }
    // A to Z as a to z.
    [[nodiscard]] register_block lower() const noexcept {
        return register_block(_mm_or_si128(bytes_, _mm_and_si128(inside('A', 'Z'), _mm_set1_epi8(0x20))));
    }

    // Position of the first; the set must not be empty.
    [[nodiscard]] static std::size_t first(set s) noexcept { return static_cast<std::size_t>(std::countr_zero(s)); }

  private:
    explicit register_block(__m128i b) noexcept : bytes_(b) {}
    [[nodiscard]] __m128i inside(char low, char high) const noexcept {
        const __m128i clamped = _mm_max_epu8(_mm_min_epu8(bytes_, _mm_set1_epi8(high)), _mm_set1_epi8(low));
        return _mm_cmpeq_epi8(clamped, bytes_);
    }
    static set bits(__m128i mask) noexcept { return static_cast<set>(_mm_movemask_epi8(mask)); }
    __m128i bytes_;
};

#endif

// 8 bytes in a word of any processor (Warren, Hacker's Delight, 6-1).
class word_block {
  public:
    static constexpr std::size_t size = 8;
    using set = std::uint64_t;

    explicit word_block(const char* from) noexcept {
        std::memcpy(&word_, from, size);
        if constexpr (std::endian::native == std::endian::big) word_ = __builtin_bswap64(word_);
    }
    void store(char* to) const noexcept {
        std::uint64_t word = word_;
        if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
        std::memcpy(to, &word, size);
    }

    [[nodiscard]] set equal(char c) const noexcept { return zeros(word_ ^ (ones * static_cast<unsigned char>(c))); }
    [[nodiscard]] set repeated(char c) const noexcept {
        return equal(c) & ((equal(c) >> 8U) | (set{0x80} << (8 * (size - 1))));
    }
    [[nodiscard]] set up_to(unsigned char c) const noexcept {
        return ~((word_ & ~tops) + ones * (0x7FU - c)) & ~word_ & tops;  // c below 0x80
    }
    [[nodiscard]] set beyond_ascii() const noexcept { return word_ & tops; }
    [[nodiscard]] set between(char low, char high) const noexcept {
        const std::uint64_t seven = word_ & ~tops;
        const std::uint64_t from = seven + ones * (0x80U - static_cast<unsigned char>(low));
        const std::uint64_t past = seven + ones * (0x7FU - static_cast<unsigned char>(high));
        return from & ~past & ~word_ & tops;
    }
    [[nodiscard]] word_block lower() const noexcept {
        word_block out = *this;
        out.word_ |= between('A', 'Z') >> 2U;  // 0x80 to 0x20
        return out;
    }
    [[nodiscard]] static std::size_t first(set s) noexcept { return static_cast<std::size_t>(std::countr_zero(s)) / 8; }

  private:
    static constexpr std::uint64_t ones = 0x0101010101010101ULL;
    static constexpr std::uint64_t tops = 0x8080808080808080ULL;
    static set zeros(std::uint64_t word) noexcept { return ~(((word & ~tops) + ~tops) | word | ~tops); }
    std::uint64_t word_ = 0;
};

#if defined(__SSE2__)
using block = register_block;
#else
using block = word_block;
#endif

// Text that grows at its end. Blocks can be stored there before it is known how many of their bytes count.
class buffer {
  public:
    explicit buffer(std::size_t expected = 0) { text_.resize(expected + block::size); }

    // Room for `n` bytes, to be written before used() says how many were.
    [[nodiscard]] char* room(std::size_t n) {
        if (used_ + n > text_.size()) text_.resize(std::max(2 * text_.size(), used_ + n));
        return text_.data() + used_;
    }
    void used(std::size_t n) noexcept { used_ += n; }
    void append(std::string_view more) {
        if (!more.empty()) std::memcpy(room(more.size()), more.data(), more.size());
        used_ += more.size();
    }
    void append(char c) {
        *room(1) = c;
        ++used_;
    }
    void cut(std::size_t size) noexcept { used_ = size; }
    [[nodiscard]] std::size_t size() const noexcept { return used_; }
    [[nodiscard]] bool empty() const noexcept { return used_ == 0; }
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), used_}; }
    [[nodiscard]] std::string take() && {
        text_.resize(used_);
        return std::move(text_);
    }

  private:
    std::string text_;
    std::size_t used_ = 0;
};

// Offset of the first of these bytes from `at` on; npos.
template <char... wanted>
[[nodiscard]] std::size_t find_any(std::string_view text, std::size_t at = 0) noexcept {
    for (; at + block::size <= text.size(); at += block::size) {
        const block here(text.data() + at);
        if (const block::set found = (here.equal(wanted) | ...); found != 0) return at + block::first(found);
    }
    for (; at < text.size(); ++at)
        if (((text[at] == wanted) || ...)) return at;
    return std::string_view::npos;
}

}  // namespace feedwatch::bytes
