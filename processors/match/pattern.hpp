// A word with * (any characters, none too) and ? (one character), folded as words are.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch::match_query {

// Longer words are no words: a pattern does not match them. Bounds the cost, which is length of word times of pattern.
inline constexpr std::size_t pattern_word_bytes_max = 256;

// Whole-word match of folded UTF-8.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view word) noexcept;

}  // namespace feedwatch::match_query
