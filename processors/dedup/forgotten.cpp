#include "processors/dedup/forgotten.hpp"

#include <utility>

#include "processors/dedup/document.hpp"
#include "processors/dedup/likeness.hpp"

namespace feedwatch::dedup {
namespace {

bool same_source(const forgotten_marker& a, const forgotten_marker& b) noexcept {
    if (a.publisher.empty() || a.publisher != b.publisher) return false;
    return a.source.empty() || b.source.empty() || a.source == b.source;
}

bool same_text(const forgotten_marker& a, const forgotten_marker& b) noexcept {
    if (a.title_hash != 0 && a.title_hash == b.title_hash) return a.words >= same_text_same_title_words;
    return a.words >= (same_source(a, b) ? same_text_same_source_words : same_text_words);
}

}  // namespace

seen to_seen(const forgotten_marker& m) {
    seen s;
    s.story = story_id{m.story};
    s.item = item_id{m.item};
    s.publisher = m.publisher;
    s.source = m.source;
    s.url_hash = hex_or_none(m.url_hash);
    s.title_hash = hex_or_none(m.title_hash);
    s.text_hash = hex_or_none(m.text_hash);
    s.hashes = hashes_now;  // of a document with others there is only the link
    s.words = m.words;
    s.first_seen = s.last_seen = m.last_seen;
    return s;
}

result<forgotten_marker> to_forgotten_marker(const seen& s) {
    const auto d = to_document(s);
    if (!d) return d.error();
    return forgotten_marker{.item = s.item.str(),
                            .story = s.story.str(),
                            .publisher = s.publisher,
                            .source = s.source,
                            .url_hash = d->url_hash,
                            .title_hash = d->title_hash,
                            .text_hash = d->text_hash,
                            .words = s.words,
                            .last_seen = s.last_seen};
}

std::size_t forgotten_pieces::bytes_of(const forgotten_marker& m) noexcept {
    // Nodes of the trees, each with the item's id.
    constexpr std::size_t beside = sizeof(forgotten_marker) + 4 * (sizeof(std::string) + 48);
    return beside + 5 * m.item.size() + m.story.size() + m.publisher.size() + m.source.size();
}

void forgotten_pieces::set(const std::string& item, std::optional<forgotten_marker> m) {
    if (const auto at = by_item_.find(item); at != by_item_.end()) {
        const forgotten_marker& old = at->second;
        bytes_ -= bytes_of(old);
        by_url_.erase({old.url_hash, item});
        by_text_.erase({old.text_hash, item});
        by_age_.erase({old.last_seen, item});
        by_item_.erase(at);
    }
    if (!m) return;
    bytes_ += bytes_of(*m);
    if (m->url_hash != 0) by_url_.emplace(m->url_hash, item);
    if (m->text_hash != 0) by_text_.emplace(m->text_hash, item);
    by_age_.emplace(m->last_seen, item);
    by_item_.emplace(item, std::move(*m));
}

void forgotten_pieces::put(forgotten_marker m) {
    const std::string item = m.item;
    const forgotten_marker* const before = find(item);
    journal_.note({item, before == nullptr ? std::nullopt : std::optional(*before)});
    set(item, std::move(m));
}

void forgotten_pieces::remove(std::string_view item) {
    const forgotten_marker* const before = find(item);
    if (before == nullptr) return;
    journal_.note({std::string(item), *before});
    set(std::string(item), std::nullopt);
}

const forgotten_marker* forgotten_pieces::find(std::string_view item) const {
    const auto at = by_item_.find(item);
    return at == by_item_.end() ? nullptr : &at->second;
}

template <class Is>
const forgotten_marker* forgotten_pieces::first(const by_hash& in, std::uint64_t hash, const Is& is) const {
    if (hash == 0) return nullptr;
    for (auto at = in.lower_bound({hash, std::string{}}); at != in.end() && at->first == hash; ++at) {
        const forgotten_marker* const m = find(at->second);
        if (is(*m)) return m;
    }
    return nullptr;
}

const forgotten_marker* forgotten_pieces::with_url(std::uint64_t hash, timestamp since) const {
    return first(by_url_, hash, [&](const forgotten_marker& m) { return m.last_seen >= since; });
}

const forgotten_marker* forgotten_pieces::known(const forgotten_marker& piece, timestamp since) const {
    if (const auto* m = find(piece.item); m != nullptr && m->last_seen >= since) return m;
    if (const auto* m = with_url(piece.url_hash, since)) return m;
    return first(by_text_, piece.text_hash,
                 [&](const forgotten_marker& m) { return m.last_seen >= since && same_text(piece, m); });
}

const forgotten_marker* forgotten_pieces::oldest() const {
    return by_age_.empty() ? nullptr : find(by_age_.begin()->second);
}

void forgotten_pieces::save(byte_writer& out) const {
    out.put(static_cast<std::uint64_t>(by_item_.size()));
    for (const auto& [item, m] : by_item_) {
        for (const std::string* text : {&m.item, &m.story, &m.publisher, &m.source}) out.put_text(*text);
        for (const std::uint64_t hash : {m.url_hash, m.title_hash, m.text_hash}) out.put(hash);
        out.put(m.words);
        out.put(m.last_seen.time_since_epoch().count());
    }
}

bool forgotten_pieces::load(byte_reader& in) {
    constexpr std::uint32_t text_size_max = 1U << 24U;
    std::uint64_t count = 0;
    if (!in.get(count)) return false;
    for (std::uint64_t n = 0; n < count; ++n) {
        forgotten_marker m;
        timestamp::rep last_seen = 0;
        for (std::string* text : {&m.item, &m.story, &m.publisher, &m.source})
            if (!in.get_text(*text, text_size_max)) return false;
        for (std::uint64_t* hash : {&m.url_hash, &m.title_hash, &m.text_hash})
            if (!in.get(*hash)) return false;
        if (!in.get(m.words) || !in.get(last_seen)) return false;
        m.last_seen = timestamp{duration{last_seen}};
        const std::string item = m.item;
        set(item, std::move(m));
    }
    return true;
}

void forgotten_pieces::rollback_batch(std::uint64_t batch) {
    journal_.rollback(batch, [this](change c) { set(c.item, std::move(c.before)); });
}

}  // namespace feedwatch::dedup
