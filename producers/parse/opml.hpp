// Subscription lists in OPML, read and written.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/record/feed.hpp"

namespace feedwatch {

// The outlines with an xmlUrl: url, title, and as tags the titles of the folders around them and the names in
// `category`. Outlines whose xmlUrl is no http(s) URL are left out and named in `left_out`, repeated ones are one feed
// with the tags of all. errc::malformed: no OPML. Not filled: what OPML cannot say (intervals, policies); id is
// hash128_hex of the URL.
[[nodiscard]] result<std::vector<feed>> parse_opml(std::string_view bytes,
                                                   std::vector<std::string>* left_out = nullptr);

// OPML 2.0 with one folder per first tag; all tags in `category`, but those with a comma or slash, which would come
// apart there and are folders. parse_opml reads the same feeds from it: url, title and tags.
[[nodiscard]] std::string to_opml(std::span<const feed> feeds, std::string_view title);

}  // namespace feedwatch
