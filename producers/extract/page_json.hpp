// What a page says to search engines. Private to producers/extract.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace feedwatch {

// The longest "articleBody" of schema.org's JSON-LD, as plain text; empty: none. What is no JSON says nothing.
[[nodiscard]] std::string article_body(const std::vector<std::string_view>& linked_data);

}  // namespace feedwatch
