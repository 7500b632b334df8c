// When a delivery is tried again. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace feedwatch::alerts {

// The pause after the n-th failed attempt (n counts from 1): 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, then 24 h each
// (Standard Webhooks), and up to a fifth more, by `key` and `seed`, so that deliveries that failed together do not come
// back together.
[[nodiscard]] duration retry_pause(std::uint32_t failures, std::string_view key, std::uint64_t seed);

// What a Retry-After header (seconds, or an HTTP date) asks for, from `now`; at most a day, and nothing for what is
// past or cannot be read.
[[nodiscard]] std::optional<duration> retry_after(std::string_view header, timestamp now);

}  // namespace feedwatch::alerts
