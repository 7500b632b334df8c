// The items that a feed's document holds, or held not long ago: how a poll tells new from changed from known. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/record/item.hpp"
#include "core/record/poll.hpp"

namespace feedwatch::polling {

struct window_limits {
    duration keep = std::chrono::days{30};  // after an item was last in the document
    std::size_t entries_max = 3200;         // so that a `polls` record stays under record_bytes_max; see compare()
};

struct comparison {
    std::vector<std::size_t> fresh;  // positions in the document, in its order
    std::vector<std::size_t> updated;
    std::uint32_t known = 0;
    bool overlap = false;                 // something of the last document is still there
    std::vector<window_entry> window;     // the next one; begins with the document's items, in its order
    std::vector<std::size_t> renamed;     // positions, in its order: the site changed its ids; see renaming.hpp
    std::vector<std::size_t> reappeared;  // positions, in its order, of items that had been retracted
    std::vector<std::string> retracted;   // ids, as published; see retraction.hpp
};

// That the feed's ids are made otherwise than before, for a reason of ours.
struct renumbering {
    std::vector<std::string> before;  // of each item, the id that it had until now; "" where that is not one item's
};

struct compare_by {
    const renumbering* otherwise = nullptr;
    bool links = true;  // an item whose link alone differs is an update
};

// An item is known by its id; by the one that it was published under, where its alias is not there; and if the site has
// changed its ids, by its link, title and text. It keeps the id that it was published under.
//
// Entries whose item left longest ago are forgotten first where entries_max would be passed; those in the document
// never are (a document has at most entries_max items). A forgotten item that returns is new again.
//
// `otherwise`: an item is also known by its id from before, and then by link, title and text, however many are. It is
// an update where its words differ; nothing is retracted.
//
// `whole`: the document was not cut, and comes from where the last one came from. Otherwise what is not in it may still
// be there, and nothing is retracted.
[[nodiscard]] comparison compare(std::span<const window_entry> before, std::span<const item> items, timestamp now,
                                 const window_limits& limits, bool whole = true, const compare_by& by = {});

// Nothing changed (304, same body): those that were in the last document are still there; others go on ageing. A
// document without items says nothing: the last one that had some counts.
[[nodiscard]] std::vector<window_entry> refreshed(std::span<const window_entry> before, timestamp now,
                                                  const window_limits& limits);

// How many were in the last document.
[[nodiscard]] std::uint32_t present_in_last(std::span<const window_entry> window);

}  // namespace feedwatch::polling
