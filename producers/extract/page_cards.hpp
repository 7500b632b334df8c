// Teasers of other articles, by their structure alone. Private to producers/extract.
#pragma once

#include <cstddef>
#include <vector>

#include "producers/extract/page_tree.hpp"

namespace feedwatch {

// Cards: several siblings of one kind, each with a title that is a link to another page and few words of its own under
// it. Their names do not matter, and where they hold more than `share_max` of the page's prose they are what the page
// is about. In document order; linear time.
[[nodiscard]] std::vector<std::size_t> teaser_cards(const page_tree& page, double share_max);

}  // namespace feedwatch
