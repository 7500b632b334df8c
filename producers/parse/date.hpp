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

// RFC 822 and 2822 with all that feeds make of them (two-digit years, no seconds, no weekday, month names of many
// languages, obsolete and unknown zones, "24:00"), RFC 3339 and W3C-DTF partials, ISO 8601's weeks ("2024-W52-2") and
// ordinals ("2024-366"), month and day swapped ("2024-31-12"), asctime, "31.12.2024 13:00", "12/31/2024 1:00 PM",
// "2024年12月31日", digits of any script, epoch seconds. Without a zone UTC is meant, without a time midnight. Years
// outside 1..9999 are clamped. nullopt for what is no date.
[[nodiscard]] std::optional<feed_date> parse_feed_date(std::string_view text);

}  // namespace feedwatch
