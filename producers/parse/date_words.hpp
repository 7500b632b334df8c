// Names of months and time zones in dates. Private to producers/parse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace feedwatch {

// 1..12 for a month's name or abbreviation in one of the languages that feeds are written in (at least 3 letters); 0:
// none.
[[nodiscard]] unsigned month_named(std::string_view word);

enum class half_of_day : std::uint8_t { none, before_noon, after_noon };
// "AM", "pm", "오후", "下午" ...; `after_dot`: the character after the full stop that follows ("p.m.").
[[nodiscard]] half_of_day half_named(std::string_view word, char after_dot);

// Whether there are decimal digits of other scripts than ASCII's; then `out` is the text with ASCII's in their place.
[[nodiscard]] bool has_other_digits(std::string_view date, std::string& out);

// Minutes east of UTC for "GMT", "EST", "CEST", military letters ... Ambiguous names mean what RFC 822 or most feeds
// mean.
[[nodiscard]] std::optional<std::int64_t> zone_named(std::string_view word);

}  // namespace feedwatch
