// The path that the renderings of one page share. Private to core/url.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch::url {

// Without dot segments, doubled and trailing slashes, index files, session ids, and the marks of AMP and print.
// Idempotent.
[[nodiscard]] std::string canonical_path(std::string_view path);

// Told fast: false only for a path without dot segments that canonical_path() would not change. Most are.
[[nodiscard]] bool may_shorten(std::string_view path);

}  // namespace feedwatch::url
