// What names of elements, classes and ids give away about their content. Private to producers/extract.
#pragma once

#include <string_view>

namespace feedwatch {

[[nodiscard]] bool is_never_text(std::string_view tag);
[[nodiscard]] bool is_block_tag(std::string_view tag);
// `marks`: class and id in lower case. Sidebars, comments, share bars ...
[[nodiscard]] bool is_unlikely(std::string_view marks);
// Positive: names of articles; negative: names of furniture.
[[nodiscard]] double marks_weight(std::string_view marks);

}  // namespace feedwatch
