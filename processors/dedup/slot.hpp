// Where a document stands in the store.
#pragma once

#include <cstdint>

namespace feedwatch::dedup {

using slot = std::uint32_t;

inline constexpr unsigned slot_bits = 25;
// Slots are below; the two numbers above mean something else in the tables.
inline constexpr slot slots_max = (1U << slot_bits) - 2;

}  // namespace feedwatch::dedup
