// Time as a value. Pure code takes a timestamp; only edges hold a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch {

using duration = std::chrono::milliseconds;
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC

class clock {
  public:
    virtual ~clock() = default;
    [[nodiscard]] virtual timestamp now() const = 0;
};

// The machine's clock. Never use it below app/ and io/.
[[nodiscard]] const clock& system_clock() noexcept;

// RFC 3339 in UTC: "2026-11-25T08:30:00Z", with ".123" only where the milliseconds are not zero.
// Years outside 0001..9999 are clamped.
[[nodiscard]] std::string to_rfc3339(timestamp t);

// Strict RFC 3339 with any offset; fractions past milliseconds are cut. errc::malformed otherwise.
// (Dates as feeds write them are read by producers/parse, which is lenient.)
[[nodiscard]] result<timestamp> parse_rfc3339(std::string_view text);

// "500ms", "15m", "6h", "30d", "1h30m"; units ms, s, m, h, d, w. errc::malformed with the reason.
[[nodiscard]] result<duration> parse_duration(std::string_view text);
[[nodiscard]] std::string to_string(duration d);  // the shortest of the same form: "90s" is "1m30s"

}  // namespace feedwatch
