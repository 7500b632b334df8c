#include "producers/poll/delivery.hpp"

#include <algorithm>
#include <map>

#include "producers/parse/parse.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/numbering.hpp"

namespace feedwatch::polling {
namespace {

// As if the document of the last poll had held the delivered items too, first: which items were in it is told by the
// latest `last_present`, and in which order by the window's.
std::vector<window_entry> with_delivered(const std::vector<window_entry>& before, std::vector<window_entry> delivered,
                                         timestamp at, const window_limits& limits) {
    std::map<std::string, window_entry, std::less<>> known;
    timestamp latest{};
    for (const window_entry& e : before) latest = std::max(latest, e.last_present);
    for (window_entry& e : delivered) known.emplace(e.id, e);
    std::vector<window_entry> out;
    std::vector<window_entry> rest;
    for (const window_entry& e : before) {
        const auto found = known.find(e.id);
        rest.push_back(found != known.end() ? found->second : e);
        if (found != known.end()) known.erase(found);
        rest.back().last_present = e.last_present;
    }
    for (window_entry& e : delivered) {
        if (!known.contains(e.id)) continue;
        e.last_present = before.empty() ? at : latest;
        out.push_back(std::move(e));
    }
    out.insert(out.end(), rest.begin(), rest.end());
    if (out.size() <= limits.entries_max) return out;
    std::stable_sort(out.begin(), out.end(),
                     [](const window_entry& a, const window_entry& b) { return a.last_present > b.last_present; });
    out.resize(limits.entries_max);
    return out;
}

}  // namespace

result<conclusion> conclude_delivery(const feed& of, const poll& before, const delivery_content& got,
                                     const outcome_options& options) {
    parse_limits limits;
    limits.items_max = std::min(options.items_max, options.window.entries_max);
    // The base of relative links is the polls': an item must have one identity whichever way it comes.
    const std::string& base = before.redirected_to.empty() ? before.url : before.redirected_to;
    auto parsed = parse_feed(got.body, {base, got.content_type}, limits, before.boilerplate);
    if (!parsed) return parsed.error();
    conclusion out;
    out.next = before;
    out.body_bytes = got.body.size();
    numbered n = number_part(parsed->items, of, before, got.at, options.window);
    out.rejected = parsed->items_dropped + n.ids.left_out;
    for (item& i : parsed->items) complete(i, of, got.at);
    comparison& seen = n.seen;
    // As in a poll: a site that changes its ids may change its templates too.
    for (const std::size_t at : seen.renamed) parsed->items[at].origin = origin::baseline;
    seen.window.resize(parsed->items.size());
    poll& next = out.next;
    next.window = with_delivered(before.window, std::move(seen.window), got.at, options.window);
    next.possibly_missed = false;
    next.events.clear();
    next.items_new = static_cast<std::uint32_t>(seen.fresh.size());
    next.items_updated = static_cast<std::uint32_t>(seen.updated.size());
    next.items_known = seen.known;
    std::vector<std::size_t> all = std::move(seen.fresh);
    all.insert(all.end(), seen.updated.begin(), seen.updated.end());
    std::sort(all.rbegin(), all.rend());  // documents have the newest first
    for (const std::size_t at : all) out.items.push_back(std::move(parsed->items[at]));
    return out;
}

}  // namespace feedwatch::polling
