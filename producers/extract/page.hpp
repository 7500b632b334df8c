// The main content of a saved web page.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch {

// Plain text, paragraphs separated by "\n\n": of the element that holds most of the page's prose, with its
// sub-headings, lists, tables and quotes; without title, byline, captions, navigation, comments, share bars, related
// links and what is hidden; or what the page says that it is in JSON-LD, where scripts show the rest. errc::malformed:
// there is none, or links alone (a list of articles); errc::too_large: past 16 MiB. `html`: UTF-8. `url`: where the
// page is from (not fetched).
[[nodiscard]] result<std::string> extract_page(std::string_view html, std::string_view url);

}  // namespace feedwatch
