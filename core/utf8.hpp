// Text that leaves feedwatch is valid UTF-8 without NUL, whatever came in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace feedwatch {

[[nodiscard]] bool is_valid_utf8(std::string_view bytes) noexcept;  // overlong forms and surrogates are invalid

// A copy in which each invalid sequence (maximal subpart, as WHATWG and Unicode 15 D93b say) is U+FFFD and each NUL is
// gone.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

// In place; touches nothing where the text is clean already.
void make_valid_utf8(std::string& text);

// At most bytes_max bytes, cut at a code point's boundary. The text must be valid UTF-8.
[[nodiscard]] std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max) noexcept;

// Appends the code point; U+FFFD for surrogates and values past U+10FFFF.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace feedwatch
