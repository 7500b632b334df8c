#include "processors/dedup/names.hpp"

#include <array>

namespace feedwatch::dedup {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// Latin, Greek and Cyrillic capitals, by their UTF-8.
bool is_capital(std::string_view text, std::size_t at) noexcept {
    const unsigned char a = byte_at(text, at);
    const unsigned char b = byte_at(text, at + 1);
    if (a < 0x80) return a >= 'A' && a <= 'Z';
    if (a == 0xC3) return b >= 0x80 && b <= 0x9E && b != 0x97;
    if (a == 0xC4 || a == 0xC5) return b % 2 == 0;  // Latin Extended-A alternates, near enough for a sample
    if (a == 0xCE) return b >= 0x86 && b <= 0xA9;
    return a == 0xD0 && b >= 0x80 && b <= 0xAF;
}

// Whether only spaces, quotes and brackets stand between the word and the end of the sentence before.
bool begins_sentence(std::string_view text, std::size_t at) noexcept {
    while (at > 0) {
        const unsigned char c = byte_at(text, --at);
        switch (c) {
            case '.':
            case '!':
            case '?':
            case ':':
            case ';':
            case '\n':
                return true;
            case ' ':
            case '\t':
            case '\r':
            case '"':
            case '\'':
            case '(':
            case '[':
            case '-':
            case '*':
                continue;
            default:
                break;
        }
        if (c < 0x80) return false;
        // The last byte of U+2018..201F (quotes), U+2013/2014 (dashes), U+00A0/AB/BB: look through them.
        const bool general_punctuation = at >= 2 && byte_at(text, at - 2) == 0xE2 && byte_at(text, at - 1) == 0x80;
        if (general_punctuation) {
            at -= 2;
            continue;
        }
        if (at >= 1 && byte_at(text, at - 1) == 0xC2) {
            at -= 1;
            continue;
        }
        return false;
    }
    return true;
}

constexpr bool is_digit(unsigned char c) noexcept {
    return c >= '0' && c <= '9';
}

// First bytes of digits and, possibly, of capitals: most words have another.
constexpr std::array<bool, 256> may_tell = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = is_digit(static_cast<unsigned char>(c)) || (c >= 'A' && c <= 'Z');
    for (const std::size_t lead : {0xC3, 0xC4, 0xC5, 0xCE, 0xD0}) t[lead] = true;
    return t;
}();

std::uint16_t hash16(std::uint64_t word) noexcept {
    return static_cast<std::uint16_t>((word * 0x9E3779B97F4A7C15ULL) >> 48U);
}

}  // namespace

void collect_numbers(const std::vector<text::folded_word>& words, std::vector<std::uint16_t>& out) {
    for (const text::folded_word& w : words) {
        if (is_digit(w.first)) out.push_back(hash16(w.word));
    }
}

void collect_names_and_numbers(std::string_view text, const std::vector<text::folded_word>& words,
                               std::vector<std::uint16_t>& names, std::vector<std::uint16_t>& numbers) {
    for (const text::folded_word& w : words) {
        if (!may_tell[w.first]) continue;
        if (is_digit(w.first)) {
            numbers.push_back(hash16(w.word));
        } else if (is_capital(text, w.offset) && !begins_sentence(text, w.offset)) {
            names.push_back(hash16(w.word));
        }
    }
}

}  // namespace feedwatch::dedup
