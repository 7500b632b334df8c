// What names of elements, classes and ids give away about their content. Private to producers/extract.
//
// `marks` are page_node::marks.
#pragma once

#include <string_view>

namespace feedwatch {

[[nodiscard]] bool is_never_text(std::string_view tag);
[[nodiscard]] bool is_block_tag(std::string_view tag);

// Furniture of a page wherever it stands: navigation, share bars, advertisements, pleas, related links ...
[[nodiscard]] bool is_furniture(std::string_view marks);
// Asks for consent to cookies.
[[nodiscard]] bool is_consent(std::string_view marks);
[[nodiscard]] bool is_comments(std::string_view marks);
// Furniture of an article: byline, date, caption, tags, the author's portrait ...
[[nodiscard]] bool is_garnish(std::string_view marks);

// How much more its prose counts as the page's main text: 1 for names that say nothing, body_weight for those that say
// it is the text of an article.
inline constexpr double body_weight = 1.5;
[[nodiscard]] double marks_weight(std::string_view marks);

}  // namespace feedwatch
