#include "processors/dedup/document_store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/hash.hpp"

namespace feedwatch::dedup {
namespace {

// Six bytes of an entry of the tables at their usual load of five sixths.
constexpr std::size_t bytes_per_entry = 7;
// Of each slot: its place, its count of anchors and its expiry.
constexpr std::size_t bytes_beside = 15;

std::size_t bytes_of(std::size_t packed, std::size_t anchors) noexcept {
    return arena::cell(packed) + (anchors + 3) * bytes_per_entry + bytes_beside;
}

std::uint64_t hash_of(std::span<const std::byte> id) noexcept {
    return hash64({reinterpret_cast<const char*>(id.data()), id.size()});
}

}  // namespace

slot document_store::add(const document& d) {
    const slot s = put(packed(d));
    journal_.note({.what = change::kind::added, .at = s});
    return s;
}

void document_store::remove(slot s) {
    journal_.note({.what = change::kind::removed, .at = s, .before = take(s)});
}

void document_store::replace(slot s, const document& d) {
    journal_.note({.what = change::kind::replaced, .at = s, .before = exchange(s, packed(d))});
}

void document_store::touch(slot s, timestamp last_seen) {
    std::byte* const cell = cells_.at(places_[s]);
    const timestamp before = age_of(cell).last_seen;
    set_last_seen(cell, last_seen);
    if (last_seen < before) await_expiry(s);
    journal_.note({.what = change::kind::touched, .at = s, .time_before = before});
}

void document_store::advance(timestamp observed) {
    if (observed <= stream_time_) return;
    const timestamp before = std::exchange(stream_time_, observed);
    journal_.note({.what = change::kind::advanced, .time_before = before});
}

std::optional<slot> document_store::find(std::string_view id) const {
    thread_local packed_bytes packed;
    packed.clear();
    put_id(packed, id);
    return find_packed(packed);
}

void document_store::expect(const document& d) const noexcept {
    if (d.url_hash != 0) table_.prefetch(key(of::url, d.url_hash));
    if (!d.indexed) return;
    if (d.text_hash != 0) table_.prefetch(key(of::text, d.text_hash));
    for (const std::uint32_t a : d.anchors) table_.prefetch(key(of::anchor, a));
}

std::optional<slot> document_store::find_packed(std::span<const std::byte> id) const noexcept {
    std::optional<slot> found;
    table_.find(key(of::id, hash_of(id)), [&](slot s) {
        if (std::ranges::equal(age_of(cells_.at(places_[s])).packed_id, id)) found = s;
        return !found;
    });
    return found;
}

std::vector<slot> document_store::of_story(std::string_view story) const {
    packed_bytes packed;
    put_id(packed, story);
    std::vector<slot> members;
    for (slot s = 0; s < places_.size(); ++s)
        if (places_[s] != arena::none && std::ranges::equal(at(s).packed_story(), packed)) members.push_back(s);
    return members;
}

std::optional<slot> document_store::oldest() {
    return expiries_.oldest([this](slot s) -> std::optional<expiry_queue::place> {
        if (places_[s] == arena::none) return std::nullopt;
        const document_age age = age_of(cells_.at(places_[s]));
        return expiry_queue::place{.last_seen = age.last_seen, .id_hash = hash_of(age.packed_id)};
    });
}

// The packed form of something new, whose origin is held for it.
std::span<const std::byte> document_store::packed(const document& d) {
    pack(d, origins_.hold(origins::join(d.feed, d.publisher, d.source)), packed_);
    return packed_;
}

std::span<const std::byte> document_store::packed(kept& k) {
    set_origin(k.packed.data(), origins_.hold(k.origin));
    return k.packed;
}

slot document_store::put(std::span<const std::byte> packed) {
    auto s = static_cast<slot>(places_.size());
    if (free_.empty()) {
        places_.push_back(arena::none);
        anchor_counts_.push_back(0);
    } else {
        s = free_.back();
        free_.pop_back();
    }
    places_[s] = cells_.put(packed);
    ++size_;
    index(s);
    await_expiry(s);
    return s;
}

document_store::kept document_store::take(slot s) {
    unindex(s);
    --size_;
    free_.push_back(s);
    return release(s);
}

document_store::kept document_store::exchange(slot s, std::span<const std::byte> packed) {
    unindex(s);
    const timestamp last_seen = at(s).last_seen;
    kept before = release(s);
    places_[s] = cells_.put(packed);
    index(s);
    if (at(s).last_seen < last_seen) await_expiry(s);
    return before;
}

// Frees the cell of a document that no table names any more.
document_store::kept document_store::release(slot s) {
    const document_view d = at(s);
    const std::span<const std::byte> bytes = d.packed();
    kept k;
    if (journal_.is_open()) k = {.packed = {bytes.begin(), bytes.end()}, .origin = std::string(origins_.key(d.origin))};
    origins_.release(d.origin);
    cells_.free(std::exchange(places_[s], arena::none), bytes.size());
    return k;
}

void document_store::index(slot s) {
    const document_view d = at(s);
    const auto anchors = d.anchors(anchors_);
    anchor_counts_[s] = static_cast<std::uint16_t>(anchors.size());
    bytes_ += bytes_of(d.packed().size(), anchors.size());
    table_.add(key(of::id, hash_of(d.packed_id())), s);
    if (d.url_hash != 0) table_.add(key(of::url, d.url_hash), s);
    if (!d.indexed) return;
    if (d.text_hash != 0) table_.add(key(of::text, d.text_hash), s);
    for (const std::uint32_t a : anchors) table_.add(key(of::anchor, a), s);
}

void document_store::unindex(slot s) {
    const document_view d = at(s);
    const auto anchors = d.anchors(anchors_);
    bytes_ -= bytes_of(d.packed().size(), anchors.size());
    table_.remove(key(of::id, hash_of(d.packed_id())), s);
    if (d.url_hash != 0) table_.remove(key(of::url, d.url_hash), s);
    if (!d.indexed) return;
    if (d.text_hash != 0) table_.remove(key(of::text, d.text_hash), s);
    for (const std::uint32_t a : anchors) table_.remove(key(of::anchor, a), s);
}

void document_store::await_expiry(slot s) {
    const document_age age = age_of(cells_.at(places_[s]));
    expiries_.push({.last_seen = age.last_seen, .id_hash = hash_of(age.packed_id)}, s);
}

void document_store::save(byte_writer& out) const {
    assert(!journal_.is_open());
    out.put(stream_time_.time_since_epoch().count());
    origins_.save(out);
    out.put(static_cast<std::uint32_t>(places_.size()));
    for (slot s = 0; s < places_.size(); ++s) {
        const std::span<const std::byte> packed =
            places_[s] == arena::none ? std::span<const std::byte>{} : at(s).packed();
        out.put(static_cast<std::uint32_t>(packed.size()));
        if (packed.empty()) continue;
        out.put(anchor_counts_[s]);
        out.write(packed);
    }
    table_.save(out);
}

bool document_store::load(byte_reader& in) {
    timestamp::rep time = 0;
    std::uint32_t slots = 0;
    if (!in.get(time) || !origins_.load(in) || !in.get(slots) || slots > slots_max) return false;
    stream_time_ = timestamp{duration{time}};
    places_.resize(slots);
    anchor_counts_.resize(slots);
    for (slot s = 0; s < slots; ++s)
        if (!load_document(in, s)) return false;
    return table_.load(in);
}

bool document_store::load_document(byte_reader& in, slot s) {
    constexpr std::uint32_t packed_max = 1U << 24U;
    std::uint32_t size = 0;
    if (!in.get(size) || size > packed_max) return false;
    places_[s] = arena::none;
    if (size == 0) {
        free_.push_back(s);
        return true;
    }
    packed_.resize(size);
    if (!in.get(anchor_counts_[s]) || !in.read(packed_)) return false;
    places_[s] = cells_.put(packed_);
    bytes_ += bytes_of(size, anchor_counts_[s]);
    ++size_;
    await_expiry(s);
    return true;
}

void document_store::rollback_batch(std::uint64_t batch) {
    journal_.rollback(batch, [this](change c) { undo(std::move(c)); });
}

void document_store::undo(change c) {
    switch (c.what) {
        case change::kind::added:
            static_cast<void>(take(c.at));
            break;
        case change::kind::removed: {
            [[maybe_unused]] const slot s = put(packed(c.before));
            assert(s == c.at);
            break;
        }
        case change::kind::replaced:
            static_cast<void>(exchange(c.at, packed(c.before)));
            break;
        case change::kind::touched:
            set_last_seen(cells_.at(places_[c.at]), c.time_before);
            await_expiry(c.at);
            break;
        case change::kind::advanced:
            stream_time_ = c.time_before;
            break;
    }
}

}  // namespace feedwatch::dedup
