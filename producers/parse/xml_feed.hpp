// RSS in all versions and Atom. Private to producers/parse.
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "producers/parse/draft.hpp"

namespace feedwatch {

// `xml`: valid UTF-8. errc::malformed where there is neither a feed's root nor an item.
[[nodiscard]] result<draft_feed> read_xml_feed(std::string_view xml, const parse_hints& hints,
                                               const parse_limits& limits);

}  // namespace feedwatch
