// Which query parameters and fragments say where a reader came from and nothing of what is read. Private to core/url.
#pragma once

#include <string_view>

namespace feedwatch::url {

// `name` and `value` as they stand in the URL, escapes normalised. Case does not matter.
[[nodiscard]] bool is_tracking_parameter(std::string_view name, std::string_view value);

// Parameters that ask for another rendering of the same page: amp=1, outputType=amp.
[[nodiscard]] bool is_variant_parameter(std::string_view name, std::string_view value);

// "xtor=RSS-3", ":~:text=...", "comments": fragments that name no other content. "!/path", "/path" and ids are kept.
[[nodiscard]] bool is_tracking_fragment(std::string_view fragment);

}  // namespace feedwatch::url
