// The main content of a saved web page.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch {

// Plain text, paragraphs separated by "\n\n": of the element whose paragraphs weigh most (length, commas, few links),
// without navigation, comments, share bars and what is hidden. errc::malformed: there is no text in it;
// errc::too_large: past 16 MiB. `url`: where the page is from (not fetched).
[[nodiscard]] result<std::string> extract_page(std::string_view html, std::string_view url);

}  // namespace feedwatch
