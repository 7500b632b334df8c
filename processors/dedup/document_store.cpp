#include "processors/dedup/document_store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/hash.hpp"

namespace feedwatch::dedup {

slot document_store::add(document d) {
    const slot s = put(std::move(d));
    note({.what = change::kind::added, .at = s});
    return s;
}

void document_store::remove(slot s) {
    document before = take(s);
    note({.what = change::kind::removed, .at = s, .before = std::move(before)});
}

void document_store::replace(slot s, document d) {
    document before = exchange(s, std::move(d));
    note({.what = change::kind::replaced, .at = s, .before = std::move(before)});
}

void document_store::touch(slot s, timestamp last_seen) {
    const timestamp before = std::exchange(documents_[s].last_seen, last_seen);
    note({.what = change::kind::touched, .at = s, .time_before = before});
}

void document_store::advance(timestamp observed) {
    if (observed <= stream_time_) return;
    const timestamp before = std::exchange(stream_time_, observed);
    note({.what = change::kind::advanced, .time_before = before});
}

std::optional<slot> document_store::find(std::string_view id) const noexcept {
    std::optional<slot> found;
    table_.find(key(of::id, hash64(id)), [&](slot s) {
        if (documents_[s].id() == id) found = s;
        return !found;
    });
    return found;
}

std::optional<slot> document_store::oldest() {
    while (!expiries_.empty()) {
        const expiry top = expiries_.top();
        const bool current = generations_[top.at] == top.generation;
        if (current && documents_[top.at].last_seen == top.last_seen) return top.at;
        expiries_.pop();
        if (current) await_expiry(top.at);
    }
    return std::nullopt;
}

slot document_store::put(document d) {
    slot s = static_cast<slot>(documents_.size());
    if (free_.empty()) {
        documents_.emplace_back();
        anchor_counts_.push_back(0);
        generations_.push_back(0);
    } else {
        s = free_.back();
        free_.pop_back();
    }
    documents_[s] = std::move(d);
    ++generations_[s];
    ++size_;
    index(s);
    await_expiry(s);
    return s;
}

document document_store::take(slot s) {
    unindex(s);
    ++generations_[s];
    --size_;
    free_.push_back(s);
    return std::exchange(documents_[s], document{});
}

document document_store::exchange(slot s, document d) {
    unindex(s);
    document before = std::exchange(documents_[s], std::move(d));
    index(s);
    if (documents_[s].last_seen < before.last_seen) await_expiry(s);
    return before;
}

void document_store::index(slot s) {
    const document& d = documents_[s];
    anchor_counts_[s] = static_cast<std::uint16_t>(d.anchors().size());
    bytes_ += d.bytes();
    table_.add(key(of::id, hash64(d.id())), s);
    if (d.url_hash != 0) table_.add(key(of::url, d.url_hash), s);
    if (!d.is_indexed()) return;
    if (d.text_hash != 0) table_.add(key(of::text, d.text_hash), s);
    for (const std::uint32_t a : d.anchors()) table_.add(key(of::anchor, a), s);
}

void document_store::unindex(slot s) {
    const document& d = documents_[s];
    bytes_ -= d.bytes();
    table_.remove(key(of::id, hash64(d.id())), s);
    if (d.url_hash != 0) table_.remove(key(of::url, d.url_hash), s);
    if (!d.is_indexed()) return;
    if (d.text_hash != 0) table_.remove(key(of::text, d.text_hash), s);
    for (const std::uint32_t a : d.anchors()) table_.remove(key(of::anchor, a), s);
}

void document_store::await_expiry(slot s) {
    const document& d = documents_[s];
    expiries_.push({.last_seen = d.last_seen, .id_hash = hash64(d.id()), .at = s, .generation = generations_[s]});
}

void document_store::begin_batch(std::uint64_t batch) {
    open_.push_back({batch, journal_.size()});
}

void document_store::commit_batch(std::uint64_t batch) {
    assert(!open_.empty() && open_.front().number == batch);
    static_cast<void>(batch);
    open_.erase(open_.begin());
    const std::size_t done = open_.empty() ? journal_.size() : open_.front().first_change;
    journal_.erase(journal_.begin(), journal_.begin() + static_cast<std::ptrdiff_t>(done));
    for (open_batch& b : open_) b.first_change -= done;
}

void document_store::rollback_batch(std::uint64_t batch) {
    while (!open_.empty() && open_.back().number >= batch) {
        while (journal_.size() > open_.back().first_change) {
            change last = std::move(journal_.back());
            journal_.pop_back();
            undo(std::move(last));
        }
        open_.pop_back();
    }
}

void document_store::note(change c) {
    if (!open_.empty()) journal_.push_back(std::move(c));
}

void document_store::undo(change c) {
    switch (c.what) {
        case change::kind::added:
            static_cast<void>(take(c.at));
            break;
        case change::kind::removed: {
            [[maybe_unused]] const slot s = put(std::move(c.before));
            assert(s == c.at);
            break;
        }
        case change::kind::replaced:
            static_cast<void>(exchange(c.at, std::move(c.before)));
            break;
        case change::kind::touched:
            documents_[c.at].last_seen = c.time_before;
            await_expiry(c.at);
            break;
        case change::kind::advanced:
            stream_time_ = c.time_before;
            break;
    }
}

}  // namespace feedwatch::dedup
