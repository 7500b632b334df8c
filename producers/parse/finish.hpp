// From drafts to items: HTML made harmless and plain, links absolute, dates read. Private to producers/parse.
#pragma once

#include <string>
#include <vector>

#include "producers/parse/draft.hpp"

namespace feedwatch {

[[nodiscard]] parsed_feed finish(draft_feed draft, const parse_limits& limits,
                                 const std::vector<std::string>& known_boilerplate);

}  // namespace feedwatch
