// The smallest values of runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedwatch::dedup {

// Of the smallest of each run of `from` values, makes the smallest of each run of `to` of these values, or of all of
// them where they are fewer; returns how long the runs became. Values are below 2^31.
std::size_t widen(std::vector<std::uint32_t>& minima, std::size_t from, std::size_t to);

// The position in a text and above it as much of the hash of what stands there as a value for widen() holds: its
// smallest are those of the smallest hashes, and where these are equal the first.
inline constexpr unsigned position_bits = 13;
constexpr std::uint32_t placed(std::uint64_t hash, std::size_t position) noexcept {
    return static_cast<std::uint32_t>(hash >> (33U + position_bits) << position_bits | position);
}
constexpr std::size_t position_of(std::uint32_t value) noexcept {
    return value & ((1U << position_bits) - 1);
}

}  // namespace feedwatch::dedup
