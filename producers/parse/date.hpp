// Dates as feeds write them. Private to producers/parse.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace feedwatch {

struct feed_date {
    timestamp when{};
    bool exact = false;  // date, time and zone were all there and in range; otherwise the text says more than `when`
};

// RFC 822 and 2822 with all that feeds make of them (two-digit years, no seconds, no weekday, foreign month names,
// obsolete and unknown zones, "24:00"), RFC 3339 and W3C-DTF partials, asctime, "31.12.2024 13:00", "12/31/2024 1:00
// PM", epoch seconds. Without a zone UTC is meant, without a time midnight. Years outside 1..9999 are clamped. nullopt
// for what is no date.
[[nodiscard]] std::optional<feed_date> parse_feed_date(std::string_view text);

}  // namespace feedwatch
