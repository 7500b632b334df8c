// Dates as HTTP headers write them (RFC 9110, section 5.6.7).
#pragma once

#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace feedwatch::schedule {

// "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms. nullopt for anything else.
[[nodiscard]] std::optional<timestamp> parse_http_date(std::string_view text);

}  // namespace feedwatch::schedule
