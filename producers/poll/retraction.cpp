#include "producers/poll/retraction.hpp"

#include <algorithm>

namespace feedwatch::polling {
namespace {

constexpr std::size_t older_min = 2;  // one alone may be pinned to the end

document_order order_of_dates(std::span<const item> items) {
    std::size_t falling = 0, rising = 0;
    const item* last = nullptr;
    for (const item& i : items) {
        if (!i.published) continue;
        if (last != nullptr) {
            falling += *i.published < *last->published;
            rising += *i.published > *last->published;
        }
        last = &i;
    }
    if (falling > rising * 4) return document_order::newest_first;
    if (rising > falling * 4) return document_order::oldest_first;
    return document_order::unknown;
}

}  // namespace

document_order order_of(std::span<const item> items, const std::vector<bool>& known) {
    if (const auto dated = order_of_dates(items); dated != document_order::unknown) return dated;
    const auto first_known = std::find(known.begin(), known.end(), true);
    const auto last_known = std::find(known.rbegin(), known.rend(), true).base();
    if (first_known == known.end()) return document_order::unknown;
    if (std::find(first_known, last_known, false) != last_known) return document_order::unknown;
    const bool above = first_known != known.begin(), below = last_known != known.end();
    if (above == below) return document_order::unknown;
    return above ? document_order::newest_first : document_order::oldest_first;
}

std::vector<std::size_t> retracted(const std::vector<was_there>& last, document_order order) {
    std::size_t remaining = 0;
    std::optional<std::size_t> before;
    for (const was_there& w : last) {
        if (!w.now) continue;
        ++remaining;
        if (w.changed) continue;
        if (before && *before > *w.now) return {};
        before = w.now;
    }
    std::vector<std::size_t> out;
    std::size_t above = 0;
    for (std::size_t at = 0; at < last.size(); ++at) {
        if (last[at].now) {
            ++above;
            continue;
        }
        const bool newer_than_those_below = order != document_order::oldest_first && remaining - above >= older_min;
        const bool newer_than_those_above = order != document_order::newest_first && above >= older_min;
        const bool is = order == document_order::unknown ? newer_than_those_below && newer_than_those_above
                                                         : newer_than_those_below || newer_than_those_above;
        if (is) out.push_back(at);
    }
    if (out.size() > remaining) return {};
    return out;
}

}  // namespace feedwatch::polling
