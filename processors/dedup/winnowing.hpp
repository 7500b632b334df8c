// The smallest values of runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedwatch::dedup {

// Of the smallest of each run of `from` values, makes the smallest of each run of `to` of these values, or of all of
// them where they are fewer; returns how long the runs became.
std::size_t widen(std::vector<std::uint64_t>& minima, std::size_t from, std::size_t to);

}  // namespace feedwatch::dedup
