// What compare() should say, as slowly and plainly as it can be written.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "producers/poll/window.hpp"

namespace feedwatch::polling::oracle {

[[nodiscard]] comparison compare(std::span<const window_entry> before, std::span<const item> items, timestamp now,
                                 const window_limits& limits, bool whole);

}  // namespace feedwatch::polling::oracle
