// What a page's head says of the page. One pass, no tree.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

// Where the page says that it belongs (rel=canonical), absolute; empty: nowhere, or not to one place of http or https.
// `url`: where it was read.
[[nodiscard]] std::string page_canonical(std::string_view html, std::string_view url);

// The charset that the first 1024 bytes declare (<meta charset>, http-equiv); empty: none.
[[nodiscard]] std::string page_charset(std::string_view html);

}  // namespace feedwatch
