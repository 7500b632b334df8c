// A document's items get their ids and are compared with the window, by the feed's rule of identity; where that does
// not hold any longer, by a safer one, under which every item that is known keeps the id it was published under. Pure.
#pragma once

#include <optional>
#include <vector>

#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "producers/poll/identity.hpp"
#include "producers/poll/window.hpp"

namespace feedwatch::polling {

struct numbered {
    identified ids;
    comparison seen;
    feed_identity identity;                     // the feed's from now on
    std::optional<identity_verdict> downgrade;  // in this document
    bool ours = false;    // ids differ since we make them otherwise (rule or canonical URLs), not since the site does
    bool hidden = false;  // under the rule before, items were not seen: those that are new may be old
};

// Items that repeat one before them leave `items`; the others have their ids afterwards, published ones the ids that
// they were published under. `at`: of the answer. `whole`: see compare().
[[nodiscard]] numbered number(std::vector<item>& items, const feed& of, const poll& before, timestamp at,
                              const window_limits& limits, bool whole);

// The same for a part of the feed, as hubs deliver it, which says nothing of the rule.
[[nodiscard]] numbered number_part(std::vector<item>& items, const feed& of, const poll& before, timestamp at,
                                   const window_limits& limits);

}  // namespace feedwatch::polling
