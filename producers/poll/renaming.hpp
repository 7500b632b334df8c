// A site that changes its guids or links gives items that we know another id. They are known again by their links,
// titles and texts. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/record/poll.hpp"

namespace feedwatch::polling {

struct side {
    std::span<const window_entry> entries;
    const std::vector<bool>& open;  // which of them look for a partner
};

// For each entry of the document, its partner among those of the window, if it has one; each once at most. The same
// item is one of which all three agree, or two of: link, title, text. What several items share (one link for all, "Read
// more") does not count as a title or text that agrees. Without a text that agrees, only what the last document held
// can be a partner: titles and links come again ("Morning briefing").
[[nodiscard]] std::vector<std::optional<std::size_t>> pair_up(const side& window, const side& document,
                                                              timestamp last_document);

struct change_of_ids {
    std::size_t renamed = 0;     // pairs
    std::size_t same_words = 0;  // of them, with the same title and text
    std::size_t kept = 0;        // items that are known by their ids
    std::size_t items = 0;       // in the document
};
// The site has changed its ids: more items than kept theirs have new ones, and at least a quarter of the document, and
// more than one, or one with the same words.
[[nodiscard]] bool is_mass_change(const change_of_ids& c) noexcept;

}  // namespace feedwatch::polling
