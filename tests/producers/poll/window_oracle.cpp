#include "tests/producers/poll/window_oracle.hpp"

#include <algorithm>
#include <optional>

#include "producers/poll/content.hpp"
#include "producers/poll/retraction.hpp"

namespace feedwatch::polling::oracle {
namespace {

using entries = std::span<const window_entry>;

bool in_last(entries window, const window_entry& e) {
    return std::none_of(window.begin(), window.end(), [&](const auto& o) { return o.last_present > e.last_present; });
}

std::size_t times(entries among, bool last_only, auto field, std::uint32_t value) {
    std::size_t out = 0;
    for (const window_entry& e : among) out += (!last_only || in_last(among, e)) && e.*field == value;
    return out;
}

struct matcher {
    entries window, document;

    bool own(auto field, std::uint32_t value) const {
        return value != 0 && times(window, true, field, value) < 2 && times(document, false, field, value) < 2;
    }
    bool same_own(auto field, const window_entry& a, const window_entry& b) const {
        return a.*field == b.*field && own(field, a.*field);
    }
    // How surely: 0 is the surest.
    std::optional<int> alike(const window_entry& was, const window_entry& is) const {
        using e = window_entry;
        const bool last = in_last(window, was);
        const bool link = same_own(&e::link, was, is), title = same_own(&e::title, was, is),
                   text = same_own(&e::text, was, is);
        const bool nothing = is.link == 0 && is.title == 0 && is.text == 0;
        const bool all = was.link == is.link && was.title == is.title && was.text == is.text && !nothing;
        if (all && (text || last)) return 0;
        if (title && text) return 1;
        if (link && text) return 2;
        if (was.link == is.link && is.link != 0 && title && last) return 3;
        return std::nullopt;
    }
};

using places = std::vector<std::optional<std::size_t>>;

std::optional<std::size_t> place_of(const places& found, std::size_t value) {
    for (std::size_t at = 0; at < found.size(); ++at) {
        if (found[at] == value) return at;
    }
    return std::nullopt;
}

places find_ids(entries window, std::span<const item> items) {
    places found(items.size());
    for (const bool former : {false, true}) {
        for (std::size_t at = 0; at < items.size(); ++at) {
            if (found[at]) continue;
            for (std::size_t e = 0; e < window.size(); ++e) {
                if (former && place_of(found, e)) continue;
                const std::string& name = former || window[e].alias.empty() ? window[e].id : window[e].alias;
                if (name != items[at].id.str()) continue;
                if (!place_of(found, e)) found[at] = e;
                break;
            }
        }
    }
    return found;
}

places find_pairs(entries window, entries document, const places& found) {
    const matcher m{window, document};
    places pairs(document.size());
    for (int sure = 0; sure < 4; ++sure) {
        for (std::size_t at = 0; at < document.size(); ++at) {
            for (std::size_t e = 0; e < window.size() && !found[at] && !pairs[at]; ++e) {
                if (place_of(found, e) || place_of(pairs, e)) continue;
                if (m.alike(window[e], document[at]) == sure) pairs[at] = e;
            }
        }
    }
    return pairs;
}

bool is_mass_change(entries window, entries document, const places& found, const places& pairs) {
    std::size_t known = 0, renamed = 0, same_words = 0;
    for (std::size_t at = 0; at < document.size(); ++at) {
        known += found[at].has_value();
        if (!pairs[at]) continue;
        ++renamed;
        const window_entry& was = window[*pairs[at]];
        same_words += was.title == document[at].title && was.text == document[at].text && was.text != 0;
    }
    const bool enough = renamed > 1 || same_words == 1;
    return enough && renamed > known && 4 * renamed >= document.size();
}

// Entries of the last document that are gone although two that were older are not.
std::vector<std::size_t> find_retracted(entries window, entries document, std::span<const item> items,
                                        const places& found, const places& pairs) {
    std::vector<bool> known;
    for (const auto& f : found) known.push_back(f && in_last(window, window[*f]));
    const document_order order = order_of(items, known);
    std::vector<std::size_t> gone, there;
    for (std::size_t e = 0; e < window.size(); ++e) {
        if (in_last(window, window[e])) (place_of(found, e) ? there : gone).push_back(e);
    }
    for (const std::size_t a : there) {
        for (const std::size_t b : there) {
            const std::size_t at_a = *place_of(found, a), at_b = *place_of(found, b);
            const bool unchanged = window[a].content_hash == document[at_a].content_hash &&
                                   window[b].content_hash == document[at_b].content_hash;
            if (unchanged && a < b && at_a > at_b) return {};
        }
    }
    std::erase_if(gone, [&](std::size_t e) {
        const auto below = std::count_if(there.begin(), there.end(), [&](std::size_t t) { return t > e; });
        const auto above = std::count_if(there.begin(), there.end(), [&](std::size_t t) { return t < e; });
        if (order == document_order::newest_first) return below < 2;
        if (order == document_order::oldest_first) return above < 2;
        return below < 2 || above < 2;
    });
    if (gone.size() > there.size()) return {};
    std::erase_if(gone, [&](std::size_t e) { return place_of(pairs, e).has_value(); });
    return gone;
}

std::vector<window_entry> bounded(std::vector<window_entry> window, timestamp now, const window_limits& limits) {
    std::erase_if(window, [&](const window_entry& e) { return now - e.last_present > limits.keep; });
    while (window.size() > limits.entries_max) {
        // Of those that left longest ago, the last.
        auto oldest = window.begin();
        for (auto e = window.begin(); e != window.end(); ++e) {
            if (e->last_present <= oldest->last_present) oldest = e;
        }
        window.erase(oldest);
    }
    return window;
}

}  // namespace

comparison compare(entries before, std::span<const item> items, timestamp now, const window_limits& limits,
                   bool whole) {
    comparison out;
    std::vector<window_entry> document;
    for (const item& i : items) {
        const content_keys keys = keys_of(i);
        document.push_back({i.id.str(), keys.all, now, "", keys.link, keys.title, keys.text, false});
    }
    places found = find_ids(before, items);
    const places pairs = find_pairs(before, document, found);
    std::vector<std::size_t> gone;
    const bool mass = is_mass_change(before, document, found, pairs);
    if (whole && !mass) gone = find_retracted(before, document, items, found, pairs);
    for (const std::size_t e : gone) out.retracted.push_back(before[e].id);
    for (std::size_t at = 0; at < items.size(); ++at) {
        const bool renamed = mass && !found[at] && pairs[at];
        if (renamed) {
            out.renamed.push_back(at);
            found[at] = pairs[at];
        }
        if (!found[at]) {
            out.fresh.push_back(at);
            continue;
        }
        const window_entry& was = before[*found[at]];
        window_entry& is = document[at];
        const bool same = renamed ? was.title == is.title && was.text == is.text : was.content_hash == is.content_hash;
        if (!same) out.updated.push_back(at);
        out.known += same;
        out.overlap = out.overlap || in_last(before, was);
        if (was.retracted) out.reappeared.push_back(at);
        if (was.id != is.id) is.alias = is.id;
        is.id = was.id;
    }
    out.window = document;
    for (std::size_t e = 0; e < before.size(); ++e) {
        if (place_of(found, e)) continue;
        out.window.push_back(before[e]);
        if (before[e].last_present >= now) out.window.back().last_present = now - std::chrono::milliseconds{1};
        if (std::find(gone.begin(), gone.end(), e) != gone.end()) out.window.back().retracted = true;
    }
    out.window = bounded(out.window, now, limits);
    return out;
}

}  // namespace feedwatch::polling::oracle
