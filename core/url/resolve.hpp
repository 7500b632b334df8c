// Reference resolution by RFC 3986, section 5.2, on parts. Private to core/url.
#pragma once

#include <string>
#include <string_view>

#include "core/url/parts.hpp"

namespace feedwatch::url {

[[nodiscard]] std::string remove_dot_segments(std::string_view path);
[[nodiscard]] parts resolved(const parts& base, parts reference);

}  // namespace feedwatch::url
