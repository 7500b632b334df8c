// The items that a feed's document holds, or held not long ago: how a poll tells new from changed from known. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/record/item.hpp"
#include "core/record/poll.hpp"

namespace feedwatch::polling {

struct window_limits {
    duration keep = std::chrono::days{30};  // after an item was last in the document
    std::size_t entries_max = 5000;         // so that a `polls` record stays under record_bytes_max; see compare()
};

struct comparison {
    std::vector<std::size_t> fresh;  // positions in the document, in its order
    std::vector<std::size_t> updated;
    std::uint32_t known = 0;
    std::vector<window_entry> window;  // the next one
};

// Entries whose item left longest ago are forgotten first where entries_max would be passed; those in the document
// never are (a document has at most entries_max items). A forgotten item that returns is new again.
[[nodiscard]] comparison compare(std::span<const window_entry> before, std::span<const item> items, timestamp now,
                                 const window_limits& limits);

// Nothing changed (304, same body): those that were in the last document are still there; others go on ageing.
[[nodiscard]] std::vector<window_entry> refreshed(std::span<const window_entry> before, timestamp now,
                                                  const window_limits& limits);

// How many were in the last document.
[[nodiscard]] std::uint32_t present_in_last(std::span<const window_entry> window);

}  // namespace feedwatch::polling
