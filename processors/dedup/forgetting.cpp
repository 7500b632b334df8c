// Taking a story down, and holding back what comes of it.
#include <algorithm>
#include <map>
#include <set>

#include "core/url/url.hpp"
#include "processors/dedup/piece.hpp"
#include "processors/dedup/story_index.hpp"

namespace feedwatch::dedup {
namespace {

// Markers are not given up for want of bytes, since what was taken down would come back; instead they may be a quarter
// of the budget, past which a request is refused.
constexpr std::size_t budget_share = 4;
constexpr int expired_per_item_max = 64;

forgotten_marker marker_from(const document_view& d) {
    return {.item = d.id(),
            .story = d.story(),
            .publisher = std::string(d.publisher()),
            .source = std::string(d.source()),
            .url_hash = d.url_hash,
            .title_hash = d.title_hash,
            .text_hash = d.text_hash,
            .words = d.words,
            .last_seen = {}};
}

// Feeds that have no links give their items the site's.
bool is_front_page(const std::string& canonical) {
    const std::string origin = origin_of(canonical);
    return !origin.empty() && canonical.size() <= origin.size() + 1;
}

}  // namespace

// The story that is asked for; errc::conflict where a URL leads to several.
result<std::string> story_index::story_named(const forget_request& r) const {
    const timestamp since = oldest_alive();
    if (r.what == forget_request::by::story) return r.id;
    if (r.what == forget_request::by::item) {
        if (const auto s = find_alive(r.id)) return store_.at(*s).story();
        const forgotten_marker* const m = markers_.find(r.id);
        return m != nullptr && m->last_seen >= since ? m->story : r.id;
    }
    std::set<std::string> stories;
    store_.by_url(r.url_hash, [&](slot s) {
        if (const document_view d = store_.at(s); alive(d)) stories.insert(d.story());
        return stories.size() < 2;
    });
    if (stories.size() > 1) return error(errc::conflict, "several stories have the URL that is to be forgotten");
    if (!stories.empty()) return *stories.begin();
    const forgotten_marker* const m = markers_.with_url(r.url_hash, since);
    return m != nullptr ? m->story : std::string{};
}

// A link that other stories have too names a page, not the piece.
bool story_index::is_link_of_others(const document_view& d) const {
    bool others = false;
    store_.by_url(d.url_hash, [&](slot s) {
        const document_view other = store_.at(s);
        others = alive(other) && !std::ranges::equal(other.packed_story(), d.packed_story());
        return !others;
    });
    return others;
}

result<std::string> story_index::take_down(const forget_request& r, const std::vector<std::string>& members,
                                           timestamp asked) {
    clear_changes();
    auto story = story_named(r);
    if (!story) return story;
    const std::vector<slot> slots = story->empty() ? std::vector<slot>{} : store_.of_story(*story);
    std::map<std::string, forgotten_marker> markers;
    for (const slot s : slots) {
        const document_view d = store_.at(s);
        forgotten_marker m = marker_from(d);
        if (d.url_hash != 0 && is_link_of_others(d)) m.url_hash = 0;
        markers.emplace(m.item, std::move(m));
    }
    const auto mark = [&](const std::string& item, std::uint64_t url_hash) {
        forgotten_marker m;
        m.item = item;
        m.story = *story;
        m.url_hash = url_hash;
        if (const forgotten_marker* const known = markers_.find(item)) m = *known;
        markers.emplace(item, std::move(m));
    };
    if (!story->empty()) mark(*story, 0);
    if (r.what == forget_request::by::item) mark(r.id, 0);
    if (r.what == forget_request::by::url) mark(to_key(r).substr(std::string_view("forget:").size()), r.url_hash);
    for (const std::string& item : members)
        if (!find_alive(item)) mark(item, 0);

    std::size_t bytes = markers_.bytes();
    for (const auto& [item, m] : markers)
        if (markers_.find(item) == nullptr) bytes += forgotten_pieces::bytes_of(m);
    if (bytes > options_.bytes_max / budget_share)
        return error(errc::too_large, "what was taken down would fill more than a quarter of dedup's budget");

    // A head takes what it said before with it: by id, each that is still there.
    std::vector<std::string> ids;
    for (const slot s : slots) ids.push_back(store_.at(s).id());
    std::ranges::sort(ids);
    for (const std::string& id : ids)
        if (const auto s = store_.find(id)) drop(*s);
    // The documents that told the stream's time may be gone: now the markers do.
    if (store_.stream_time() == timestamp::min()) store_.advance(asked);
    for (auto& [item, m] : markers) {
        if (m.story.empty()) m.story = item;  // a URL of which nothing is remembered
        m.last_seen = store_.stream_time();
        marked_.push_back(item);
        markers_.put(std::move(m));
    }
    keep_within_budget();
    return story;
}

// The decision on a piece of which nothing is remembered but that it was taken down.
std::optional<decision> story_index::hold_back(const piece& p, const item& i) {
    if (markers_.size() == 0) return std::nullopt;
    forgotten_marker own{.item = std::string(p.id),
                         .story = {},
                         .publisher = p.publisher,
                         .source = std::string(p.source),
                         .url_hash = p.url_hash,
                         .title_hash = p.print->title_hash,
                         .text_hash = p.print->text_hash,
                         .words = p.print->words,
                         .last_seen = p.observed};
    if (is_front_page(i.canonical_url.empty() ? canonical_url(i.url) : i.canonical_url)) own.url_hash = 0;
    const timestamp since = oldest_alive();
    const forgotten_marker* const found = markers_.known(own, since);
    if (found == nullptr) return std::nullopt;
    const decision d{.what = decision::kind::forgotten, .story = story_id{found->story}};
    // Each time, since the changelog must tell how far the stream's time is.
    if (p.observed > found->last_seen) {
        forgotten_marker renewed = *found;
        renewed.last_seen = p.observed;
        marked_.push_back(renewed.item);
        markers_.put(std::move(renewed));
    }
    // Its next edit comes under its own id, perhaps with another text and link.
    own.story = d.story.str();
    const bool has_room = markers_.bytes() + forgotten_pieces::bytes_of(own) <= options_.bytes_max / budget_share;
    const forgotten_marker* const mine = markers_.find(own.item);
    if (has_room && (mine == nullptr || mine->last_seen < since)) {
        marked_.push_back(own.item);
        markers_.put(std::move(own));
    }
    return d;
}

void story_index::expire_markers() {
    for (int n = 0; n < expired_per_item_max; ++n) {
        const forgotten_marker* const oldest = markers_.oldest();
        if (oldest == nullptr || oldest->last_seen >= oldest_alive()) return;
        unmarked_.push_back(oldest->item);
        markers_.remove(unmarked_.back());
    }
}

result<> story_index::restore_marker(const seen& s) {
    auto m = to_forgotten_marker(s);
    if (!m) return m.error();
    m->publisher = family_of(m->publisher);
    store_.advance(m->last_seen);
    markers_.put(std::move(*m));
    return {};
}

}  // namespace feedwatch::dedup
