// What a character does at word boundaries: the Word_Break property of UAX #29 (ICU's data) with the tailoring that
// docs/topics.md describes. A table for the basic plane, so that a look-up is one load.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace feedwatch::text {

enum class word_class : std::uint8_t {
    other,       // separates
    letter,      // ALetter, Hebrew_Letter
    number,      // Numeric
    connector,   // ExtendNumLet: joins inside a word ("snake_case")
    mark,        // Extend: belongs to the character before it
    ignored,     // Format, soft hyphen, zero-width: as if it were not there
    mid_letter,  // joins letters
    mid_number,  // joins digits (the comma)
    mid_any,     // joins letters, and joins digits (the full stop)
    apostrophe,  // as mid_any, and starts a possessive
    dictionary,  // Han, Kana, Thai, Lao, Khmer, Myanmar: words by ICU's dictionaries
};

[[nodiscard]] word_class class_of(char32_t code_point) noexcept;

// ASCII letters, digits and the underscore.
[[nodiscard]] constexpr bool is_ascii_word(unsigned char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct decoded {
    char32_t code_point = 0xFFFD;
    std::uint32_t length = 1;  // bytes
};

// The code point at `at` (< size). An invalid sequence is U+FFFD of one byte.
[[nodiscard]] decoded decode(std::string_view utf8, std::size_t at) noexcept;

}  // namespace feedwatch::text
