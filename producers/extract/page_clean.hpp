// What of a page is not its article. Private to producers/extract.
#pragma once

#include <cstddef>

#include "producers/extract/page_tree.hpp"

namespace feedwatch {

// Scripts and forms' fields, what says it is hidden, and what asks for consent.
void drop_what_is_no_text(page_tree& page);

// Navigation, share bars, advertisements, comments ... by their names. A name does not condemn what holds more than
// `share_max` of the page's prose, nor most of what says it is an article.
void drop_furniture(page_tree& page, double share_max);

// Inside the article: bylines, captions, lists of links, what leads away.
void drop_garnish(page_tree& page, std::size_t root);

}  // namespace feedwatch
