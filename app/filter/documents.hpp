// A feed document as the filters and `try` use it: parsed, with what a poll would add.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch::app {

// Fills id (by a safer rule where the document itself shows that its ids do not hold, as a poll would), feed,
// publisher, observed and origin of each item. The feed is named by its URL, else by the link that the document gives
// for its site, else by `name`: so that one document has the same ids wherever it was read from.
void complete_items(parsed_feed& document, std::string_view url, std::string_view name, timestamp now);

// {"input":…,"feed":{…},"items":[…],"warnings":[…],…}: without a line break.
[[nodiscard]] std::string document_to_json(const parsed_feed& document, std::string_view input);

}  // namespace feedwatch::app
