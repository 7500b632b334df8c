#include "sinks/alerts/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace feedwatch::alerts {
namespace {

const by_time none;

const by_time& found(const auto& in, const auto& key) {
    const auto at = in.find(key);
    return at == in.end() ? none : at->second;
}

}  // namespace

const entry* ledger::find(const std::string& key) const {
    const auto at = entries_.find(key);
    return at == entries_.end() ? nullptr : &at->second;
}

const by_time& ledger::due(const std::string& channel) const {
    return found(due_, channel);
}
const by_time& ledger::pending(const std::string& channel) const {
    return found(pending_, channel);
}
const by_time& ledger::ended(std::int32_t partition) const {
    return found(ended_, partition);
}

std::vector<std::string> ledger::of_story(std::int32_t partition, std::string_view story) const {
    std::vector<std::string> keys;
    for (const auto& [key, e] : entries_)
        if (e.partition == partition && e.what.story.str() == story) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::vector<std::string> ledger::channels_pending() const {
    std::vector<std::string> names;
    for (const auto& [channel, keys] : pending_)
        if (!keys.empty()) names.push_back(channel);
    return names;
}

void ledger::index(const std::string& key, const entry& e) {
    if (!e.pending()) {
        ended_[e.partition].emplace(e.what.changed, key);
        return;
    }
    pending_[e.what.channel].emplace(e.what.changed, key);
    if (!e.in_flight && e.batch == 0) due_[e.what.channel].emplace(e.what.next_attempt, key);
}

void ledger::unindex(const std::string& key, const entry& e) {
    if (!e.pending()) {
        ended_[e.partition].erase({e.what.changed, key});
        return;
    }
    pending_[e.what.channel].erase({e.what.changed, key});
    due_[e.what.channel].erase({e.what.next_attempt, key});
}

void ledger::put(const std::string& key, std::optional<entry> e) {
    const auto at = entries_.find(key);
    if (at != entries_.end()) unindex(key, at->second);
    if (!e) {
        if (at != entries_.end()) entries_.erase(at);
        return;
    }
    index(key, *e);
    if (at != entries_.end())
        at->second = std::move(*e);
    else
        entries_.emplace(key, std::move(*e));
}

void ledger::load(const std::string& key, std::optional<entry> e) {
    put(key, std::move(e));
}

void ledger::set_in_flight(const std::string& key, bool in_flight) {
    const entry* known = find(key);
    assert(known != nullptr);
    entry e = *known;
    e.in_flight = in_flight;
    put(key, std::move(e));
}

void ledger::begin_batch(std::uint64_t batch) {
    open_.push_back({batch, {}});
}

void ledger::change(const std::string& key, std::optional<entry> e) {
    assert(!open_.empty());
    const entry* known = find(key);
    open_.back().changes.push_back({key, known == nullptr ? std::nullopt : std::optional(*known)});
    if (e) e->batch = open_.back().id;
    put(key, std::move(e));
}

void ledger::commit_batch(std::uint64_t batch) {
    while (!open_.empty() && open_.front().id <= batch) {
        const open_batch done = std::move(open_.front());
        open_.pop_front();
        committed_ = done.id;
        for (const change_of& c : done.changes) {
            const entry* e = find(c.key);
            if (e == nullptr || e->batch != done.id) continue;  // changed again by a later batch
            entry free = *e;
            free.batch = 0;
            put(c.key, std::move(free));
        }
    }
}

void ledger::rollback_batch(std::uint64_t batch) {
    while (!open_.empty() && open_.back().id >= batch) {
        open_batch undone = std::move(open_.back());
        open_.pop_back();
        for (auto c = undone.changes.rbegin(); c != undone.changes.rend(); ++c) {
            if (c->before && c->before->batch <= committed_) c->before->batch = 0;
            put(c->key, std::move(c->before));
        }
    }
}

void ledger::drop_partition(std::int32_t partition) {
    std::vector<std::string> gone;
    for (const auto& [key, e] : entries_)
        if (e.partition == partition) gone.push_back(key);
    for (const std::string& key : gone) put(key, std::nullopt);
    ended_.erase(partition);
}

}  // namespace feedwatch::alerts
