// What a template's instances differ in while their sentences agree: names and numbers.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text/analysis.hpp"

namespace feedwatch::dedup {

// Appends 16-bit hashes of words that begin with a digit.
void collect_numbers(const std::vector<text::folded_word>& words, std::vector<std::uint16_t>& out);

// The same, and those of words that begin with a capital letter inside a sentence (at its beginning every word does).
// Scripts without case have none. `text` is what the words were made from.
// Numbers that count the lines of a list, and a line near the start that says when the
// page was published, are of the page and not told: a digest gives them to a piece, and two pieces of one form share
// them.
void collect_names_and_numbers(std::string_view text, const std::vector<text::folded_word>& words,
                               std::vector<std::uint16_t>& names, std::vector<std::uint16_t>& numbers);

}  // namespace feedwatch::dedup
