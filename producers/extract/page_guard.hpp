// Pages that a tree builder would spend quadratic time or memory on. Private to producers/extract.
#pragma once

#include <string_view>

namespace feedwatch {

// HTML's tree construction looks through all open elements at every tag, and opens unclosed formatting elements anew in
// every block. False where a page has more of either than any real one. Linear time.
[[nodiscard]] bool is_buildable(std::string_view html);

}  // namespace feedwatch
