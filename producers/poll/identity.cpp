#include "producers/poll/identity.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "producers/parse/parse.hpp"

namespace feedwatch::polling {
namespace {

// One item in so many, or more, has an id that is not its own: the rule is no good.
constexpr std::size_t items_per_bad_one = 20;
// Titles under one link that cannot be the versions of one item.
constexpr std::size_t titles_of_one_item_max = 2;

bool same_link(const item& a, const item& b) {
    return a.canonical_url == b.canonical_url;
}

// Ids shared by items with different links.
std::unordered_set<item_id> ambiguous_ids(const std::vector<item>& items) {
    std::unordered_map<item_id, const item*> first;
    std::unordered_set<item_id> out;
    for (const item& i : items) {
        const auto [at, fresh] = first.try_emplace(i.id, &i);
        if (!fresh && !same_link(*at->second, i)) out.insert(i.id);
    }
    return out;
}

std::size_t keep_first_of_each(std::vector<item>& items) {
    std::unordered_set<item_id> seen;
    return std::erase_if(items, [&](const item& i) { return !seen.insert(i.id).second; });
}

std::string count_of(std::size_t some, std::size_t all) {
    return std::to_string(some) + " of " + std::to_string(all) + " items ";
}

bool are_many(std::size_t bad, std::size_t items) {
    return bad > 1 && bad * items_per_bad_one >= items;
}

std::size_t with_guid_of_others(std::span<const item> items) {
    struct group {
        const item* first;
        std::size_t items = 0;
        bool different = false;
    };
    std::unordered_map<std::string_view, group> by_guid;
    for (const item& i : items) {
        if (i.guid.empty()) continue;
        group& g = by_guid.try_emplace(i.guid, group{&i}).first->second;
        ++g.items;
        g.different |= !same_link(*g.first, i);
    }
    std::size_t out = 0;
    for (const auto& [guid, g] : by_guid) out += g.different ? g.items : 0;
    return out;
}

std::size_t with_id_of_others(std::span<const item> items, const feed_id& feed, identity_rule rule) {
    struct group {
        std::size_t items = 0;
        std::unordered_set<std::string_view> titles;  // of those without one, the texts
    };
    std::unordered_map<item_id, group> by_id;
    for (const item& i : items) {
        group& g = by_id[identity_of(i, feed.str(), rule)];
        ++g.items;
        g.titles.insert(i.title.empty() ? i.text : i.title);
    }
    std::size_t out = 0;
    for (const auto& [id, g] : by_id) {
        const bool whole = g.items == items.size() && g.titles.size() > 1;
        if (whole || g.titles.size() > titles_of_one_item_max) out += g.items;
    }
    return out;
}

void set_ids(std::vector<item>& items, const feed_id& feed, identity_rule rule, identified& out) {
    for (item& i : items) i.id = identity_of(i, feed.str(), rule);
    if (rule != identity_rule::guid) return;
    const auto ambiguous = ambiguous_ids(items);
    for (item& i : items) {
        if (!ambiguous.contains(i.id)) continue;
        item without_guid = i;
        without_guid.guid.clear();
        i.id = identity_of(without_guid, feed.str());
    }
    if (!ambiguous.empty()) out.warnings.push_back("items with different links share a guid: identified by link");
}

}  // namespace

identified identify(std::vector<item>& items, const feed_id& feed, identity_rule rule) {
    identified out;
    set_ids(items, feed, rule, out);
    out.left_out = keep_first_of_each(items);
    if (out.left_out > 0)
        out.warnings.push_back(std::to_string(out.left_out) +
                               " items repeat the identity of one before them: left out");
    return out;
}

renumbered renumber(std::vector<item>& items, const feed_id& feed, identity_rule from, identity_rule to) {
    renumbered out;
    identified before;
    set_ids(items, feed, from, before);
    std::unordered_map<item_id, std::size_t> times;
    for (const item& i : items) ++times[i.id];
    out.hidden = times.size() < items.size();
    std::unordered_map<item_id, std::string> old;  // by the id from now on; of what repeats, the first's
    for (const item& i : items)
        old.try_emplace(identity_of(i, feed.str(), to), times[i.id] == 1 ? i.id.str() : std::string{});
    out.ids = identify(items, feed, to);
    for (const item& i : items) out.otherwise.before.push_back(old[i.id]);
    return out;
}

std::optional<identity_verdict> judge_document(std::span<const item> items, const feed_id& feed, identity_rule rule) {
    const std::size_t n = items.size();
    std::optional<identity_verdict> out;
    if (rule == identity_rule::guid) {
        if (const std::size_t bad = with_guid_of_others(items); are_many(bad, n)) {
            rule = identity_rule::link;
            out = {rule, count_of(bad, n) + "share a guid with items that have other links"};
        } else if (const std::size_t same = with_id_of_others(items, feed, rule); are_many(same, n)) {
            return identity_verdict{identity_rule::title, count_of(same, n) + "share their id and link"};
        }
    }
    if (rule != identity_rule::link) return out;
    if (const std::size_t bad = with_id_of_others(items, feed, rule); are_many(bad, n))
        return identity_verdict{identity_rule::title, count_of(bad, n) + "share their link"};
    return out;
}

std::optional<identity_verdict> judge_changes(std::span<const item> items, const feed_id& feed, identity_rule rule,
                                              std::size_t renamed, std::size_t same_link) {
    if (rule == identity_rule::title) return std::nullopt;
    const std::string reason =
        "the ids of most items changed in " + std::to_string(changes_max) + " documents in a row";
    const bool links_hold = rule == identity_rule::guid && renamed > 0 && same_link == renamed &&
                            !judge_document(items, feed, identity_rule::link);
    return identity_verdict{links_hold ? identity_rule::link : identity_rule::title, reason};
}

}  // namespace feedwatch::polling
