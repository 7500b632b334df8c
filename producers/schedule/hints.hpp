// What a server's answer says about when to ask again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace feedwatch::schedule {

// How long the answer stays fresh: Cache-Control's max-age less Age, else Expires less Date (else less `now`). nullopt
// where nothing is said; zero for no-cache and no-store.
struct freshness_headers {
    std::string_view cache_control;
    std::string_view age;
    std::string_view expires;
    std::string_view date;
};
[[nodiscard]] std::optional<duration> fresh_for(const freshness_headers& headers, timestamp now);

// A longer wait is not believed: an answer of ten years is a mistake.
inline constexpr duration retry_after_max = std::chrono::hours{24};

// Both forms of Retry-After as a wait from `now`, 0..retry_after_max; a past date is zero. nullopt for what is neither.
[[nodiscard]] std::optional<duration> retry_after(std::string_view value, timestamp now);

// RSS's skipHours and skipDays. A wait of more than three days is not believed: no feed sleeps for longer than a long
// weekend, and one that skips everything has misunderstood the element.
inline constexpr duration skip_max = std::chrono::hours{72};

// `due`, or the first hour after it that is not skipped, at the same minute, so that feeds do not all come at once when
// their night is over. Hours (0 to 23) and days ("monday") are GMT's, as the specification has it; others are ignored.
[[nodiscard]] timestamp after_skips(timestamp due, const std::vector<std::uint8_t>& hours,
                                    const std::vector<std::string>& days);

}  // namespace feedwatch::schedule
