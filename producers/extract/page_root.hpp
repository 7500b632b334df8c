// Which element of a page is its article. Private to producers/extract.
#pragma once

#include <cstddef>

#include "producers/extract/page_tree.hpp"

namespace feedwatch {

// The element with most prose, where names that say "article" count more and links count against. Of nested ones that
// are nearly as good, the innermost; of an article in several parts, what holds them all. 0: none is better than the
// whole page.
[[nodiscard]] std::size_t article_root(const page_tree& page);

}  // namespace feedwatch
