#include "producers/poll/window.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "producers/poll/content.hpp"

namespace feedwatch::polling {
namespace {

timestamp last_present(std::span<const window_entry> window) {
    timestamp latest{};
    for (const window_entry& e : window) latest = std::max(latest, e.last_present);
    return latest;
}

void bound(std::vector<window_entry>& window, timestamp now, const window_limits& limits) {
    std::erase_if(window, [&](const window_entry& e) { return e.last_present < now - limits.keep; });
    if (window.size() <= limits.entries_max) return;
    std::stable_sort(window.begin(), window.end(),
                     [](const window_entry& a, const window_entry& b) { return a.last_present > b.last_present; });
    window.resize(limits.entries_max);
}

}  // namespace

comparison compare(std::span<const window_entry> before, std::span<const item> items, timestamp now,
                   const window_limits& limits) {
    std::unordered_map<std::string_view, const window_entry*> known;
    for (const window_entry& e : before) known.emplace(e.id, &e);
    comparison out;
    for (std::size_t at = 0; at < items.size(); ++at) {
        window_entry now_there{items[at].id.str(), content_hash(items[at]), now};
        const auto found = known.find(now_there.id);
        if (found == known.end()) {
            out.fresh.push_back(at);
        } else {
            if (found->second->content_hash == now_there.content_hash) {
                ++out.known;
            } else {
                out.updated.push_back(at);
            }
            known.erase(found);
        }
        out.window.push_back(std::move(now_there));
    }
    for (const window_entry& e : before) {
        if (known.contains(e.id)) out.window.push_back(e);
    }
    bound(out.window, now, limits);
    return out;
}

std::vector<window_entry> refreshed(std::span<const window_entry> before, timestamp now, const window_limits& limits) {
    std::vector<window_entry> out(before.begin(), before.end());
    const timestamp latest = last_present(before);
    for (window_entry& e : out) {
        if (e.last_present == latest) e.last_present = now;
    }
    bound(out, now, limits);
    return out;
}

std::uint32_t present_in_last(std::span<const window_entry> window) {
    const timestamp latest = last_present(window);
    return static_cast<std::uint32_t>(
        std::count_if(window.begin(), window.end(), [&](const window_entry& e) { return e.last_present == latest; }));
}

}  // namespace feedwatch::polling
