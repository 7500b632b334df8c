// JSON Feed 1.0 and 1.1. Private to producers/parse.
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "producers/parse/draft.hpp"

namespace feedwatch {

// `json`: valid UTF-8. errc::malformed where it is no JSON object with a list of items.
[[nodiscard]] result<draft_feed> read_json_feed(std::string_view json, const parse_hints& hints,
                                                const parse_limits& limits);

}  // namespace feedwatch
