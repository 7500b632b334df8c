// The main text of a feed's items: what repeats across them is the template, not the article.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "producers/extract/text.hpp"

namespace feedwatch {

struct main_texts {
    std::vector<std::string> texts;        // one for each document, in order
    std::vector<std::string> boilerplate;  // hashes of the repeated blocks that were removed, sorted, each once
};

// Removes from every document
//   - blocks that stand in at least 3 different documents and 30 % of them, or whose hash is in `known`;
//   - pleas, share lines, "read more", copyright lines, lists of links at the end, a byline or dateline-less credit at
//   the start.
// Never everything: a document of which nothing would stay keeps its text. Documents with the same text count once.
[[nodiscard]] main_texts main_texts_of(std::span<const text_blocks> documents, const std::vector<std::string>& known);

// "9f86d081884c7d65": of the block's letters and digits, folded (ASCII case, digits alike, blanks), so that
// "12 comments" and "7 Comments" are one.
[[nodiscard]] std::string block_hash(std::string_view block);

}  // namespace feedwatch
