// The ids of a document's items, and whether a feed's ids can be relied on. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "producers/poll/window.hpp"

namespace feedwatch::polling {

// The same identity twice in one document:
//   by guid, different links   a guid that does not identify: all items that share it are identified as if they had
//                              none, by link or by title and text
//   otherwise                  versions of one item: the first, which is the newest in a feed, stays
// Gives every item its id; what was left out is returned, with a warning for each kind.
struct identified {
    std::size_t left_out = 0;
    std::vector<std::string> warnings;
};
[[nodiscard]] identified identify(std::vector<item>& items, const feed_id& feed,
                                  identity_rule rule = identity_rule::guid);

// identify() by the rule `to`, after `from`.
struct renumbered {
    identified ids;
    renumbering otherwise;
    bool hidden = false;  // by `from`, several items had one id
};
[[nodiscard]] renumbered renumber(std::vector<item>& items, const feed_id& feed, identity_rule from, identity_rule to);

struct identity_verdict {
    identity_rule rule;
    std::string reason;
};

// Whether one document shows that `rule` does not tell its items apart, and the first safer one that does: where one
// item in twenty or more has a guid that items with other links have, too; or shares its id and its link with items of
// other titles, when these are three or more, or the whole document. nullopt: nothing speaks against it.
[[nodiscard]] std::optional<identity_verdict> judge_document(std::span<const item> items, const feed_id& feed,
                                                             identity_rule rule);

// Documents in a row whose ids were not those of the document before, after which a rule is given up: a site that moves
// does so once, and may go back.
inline constexpr std::uint32_t changes_max = 3;

// The rule for a feed that has reached changes_max: by link, if the items that were known again have kept theirs; else
// by title. `same_link` of `renamed` items did. nullopt: there is no safer one.
[[nodiscard]] std::optional<identity_verdict> judge_changes(std::span<const item> items, const feed_id& feed,
                                                            identity_rule rule, std::size_t renamed,
                                                            std::size_t same_link);

}  // namespace feedwatch::polling
