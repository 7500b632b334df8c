// Items that a publisher took back, told from those that made room for newer ones. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/record/item.hpp"

namespace feedwatch::polling {

enum class document_order { unknown, newest_first, oldest_first };

// By the dates of publication; where they say nothing, by where the new items stand. `known`: whether each item was in
// the last document.
[[nodiscard]] document_order order_of(std::span<const item> items, const std::vector<bool>& known);

// An item of the last document, in its order.
struct was_there {
    std::optional<std::size_t> now;  // its place in this document
    bool changed = false;            // an update may move an item to the top
};

// Places in `last` of the items that vanished although at least two older ones remain. Cautious: nothing is said where
// the order is not that of time (unchanged items changed places, or it is unknown which end is the newer) or where more
// vanished so than remain.
[[nodiscard]] std::vector<std::size_t> retracted(const std::vector<was_there>& last, document_order order);

}  // namespace feedwatch::polling
