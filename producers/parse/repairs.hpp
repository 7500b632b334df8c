// What of an XML document is not as it should be, and where: what the reader mends or passes over without a word, since
// saying it would cost every reading. A walk of its own, for people who ask.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "producers/parse/parse.hpp"

namespace feedwatch {

// Each kind of repair once, with the place of the first ("line 3, column 14: ...") and how many there are; in the order
// of the document. At most `remarks_max` kinds, then how many more. Empty for JSON, and for what is well-formed. Takes
// linear time.
[[nodiscard]] std::vector<std::string> explain_repairs(std::string_view bytes, const parse_hints& hints,
                                                       std::size_t remarks_max = 100);

}  // namespace feedwatch
