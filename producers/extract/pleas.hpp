// Blocks that belong to the page and not to the article, by their words. Private to producers/extract.
#pragma once

#include <string_view>

#include "producers/extract/text.hpp"

namespace feedwatch {

// A heading over what is no part of the article: "Related stories", "Comments (3)", "Mehr zum Thema".
[[nodiscard]] bool is_plea_heading(std::string_view heading);

// A block that is links, nearly all of it.
[[nodiscard]] bool is_link_block(const text_block& block);

// At the start: "By Jane Doe", "By JANE DOE, Associated Press", "Photo: ..."; never a sentence.
[[nodiscard]] bool is_byline(std::string_view block);

}  // namespace feedwatch
