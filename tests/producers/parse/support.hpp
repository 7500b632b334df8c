// What the parser's tests share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "producers/parse/parse.hpp"

namespace feedwatch {

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
[[nodiscard]] std::string feed_file(const char* name);  // of tests/data/feeds
// Of data that nobody on the project wrote and that is not part of it; tests skip where it is not there.
[[nodiscard]] std::filesystem::path shared_data(const char* name);
// Fails the test where the document is no feed.
[[nodiscard]] parsed_feed parsed(std::string_view bytes,
                                 const parse_hints& hints = {.url = "https://host.example/dir/feed.xml",
                                                             .content_type = {}},
                                 const parse_limits& limits = {});
// An RSS 2.0 document around `items`.
[[nodiscard]] std::string rss(std::string_view items);

}  // namespace feedwatch
