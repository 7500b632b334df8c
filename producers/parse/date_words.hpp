// Names of months and time zones in dates. Private to producers/parse.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace feedwatch {

// 1..12 for a month's name or abbreviation in one of the languages that feeds are written in (at least 3 letters); 0:
// none.
[[nodiscard]] unsigned month_named(std::string_view word);

// Minutes east of UTC for "GMT", "EST", "CEST", military letters ... Ambiguous names mean what RFC 822 or most feeds
// mean.
[[nodiscard]] std::optional<std::int64_t> zone_named(std::string_view word);

}  // namespace feedwatch
