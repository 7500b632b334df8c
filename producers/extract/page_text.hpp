// The text of a page's article. Private to producers/extract.
#pragma once

#include <cstddef>
#include <string>

#include "producers/extract/page_tree.hpp"

namespace feedwatch {

// Of what is not dropped inside `root`: paragraphs separated by "\n\n", without the title, what stands between it and
// the text, pleas, and headings with nothing under them. Valid UTF-8. Never nothing where there is text.
[[nodiscard]] std::string article_text(const page_tree& page, std::size_t root);

}  // namespace feedwatch
