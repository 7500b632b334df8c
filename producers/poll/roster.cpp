#include "producers/poll/roster.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {
namespace {

constexpr duration spread_max = std::chrono::minutes{10};

std::string_view host_part(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    url.remove_prefix(scheme + 3);
    return url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
}

// When a feed that is known already should be asked again. Never further away than a day past its longest interval,
// whatever the checkpoint says: the clock that wrote it may have been wrong.
timestamp due_after_restart(const subscribed& f, timestamp now) {
    if (f.checkpoint.feed.empty()) return now;
    if (f.checkpoint.url != without_userinfo(f.what.url).url) return now;
    return std::min(f.checkpoint.next_due,
                    now + std::max<duration>(f.what.interval.max, std::chrono::hours{24}) * 11 / 10);
}

// The checkpoint's due time within limits that have changed since.
timestamp due_with_limits(const subscribed& f, timestamp now) {
    if (f.checkpoint.feed.empty() || f.checkpoint.failures > 0) return f.due;
    return std::max(now, std::min(f.due, f.checkpoint.at + f.what.interval.max * 11 / 10));
}

}  // namespace

subscribed* roster::find(const feed_id& id) {
    const auto found = feeds_.find(id);
    return found == feeds_.end() ? nullptr : &found->second;
}

std::vector<const subscribed*> roster::of_partition(std::int32_t partition) const {
    std::vector<const subscribed*> out;
    for (const auto& [id, f] : feeds_)
        if (f.partition == partition) out.push_back(&f);
    return out;
}

void roster::adjust_states(const subscribed& f, int by) {
    if (f.checkpoint.feed.empty()) {
        by_state_[0] += by;
    } else {
        by_state_[static_cast<std::size_t>(state_of(f.checkpoint))] += by;
    }
}

void roster::publish_states() {
    for (std::size_t s = 0; s < by_state_.size(); ++s)
        numbers_.set_feeds(static_cast<feed_state>(s), static_cast<std::size_t>(std::max(by_state_[s], 0)));
}

void roster::insert(subscribed f) {
    adjust_states(f, +1);
    const feed_id id = f.what.id;
    feeds_.insert_or_assign(id, std::move(f));
}

subscribed roster::made(feed what, std::int32_t partition) {
    subscribed f;
    f.partition = partition;
    f.what = std::move(what);
    move(f);
    return f;
}

// Its URL is new: answers of the one before don't count.
void roster::move(subscribed& f) {
    f.generation = ++last_generation_;
    f.host = host_part(without_userinfo(f.what.url).url);
    f.asking = false;
}

void roster::forget(const feed_id& id) {
    const auto found = feeds_.find(id);
    if (found == feeds_.end()) return;
    unschedule(found->second);
    adjust_states(found->second, -1);
    feeds_.erase(found);
}

void roster::restore(feed what, std::int32_t partition) {
    forget(what.id);
    insert(made(std::move(what), partition));
}

void roster::restore_checkpoint(const feed_id& id, std::optional<orphan> stored) {
    orphans_.erase(id);
    if (stored) orphans_.emplace(id, std::move(*stored));
}

void roster::restored(std::int32_t partition, timestamp now) {
    for (auto& [id, f] : feeds_) {
        if (f.partition != partition) continue;
        if (auto stored = orphans_.extract(id)) {
            adjust_states(f, -1);
            f.checkpoint = std::move(stored.mapped().checkpoint);
            adjust_states(f, +1);
        }
        f.due = due_after_restart(f, now);
        schedule(f);
    }
    publish_states();
}

void roster::revoke(std::int32_t partition) {
    std::vector<feed_id> gone;
    for (const auto& [id, f] : feeds_) {
        if (f.partition == partition) gone.push_back(id);
    }
    for (const feed_id& id : gone) {
        forget(id);
        numbers_.forget(id);
    }
    std::erase_if(orphans_, [&](const auto& entry) { return entry.second.partition == partition; });
    publish_states();
}

roster_change roster::subscribe(feed what, std::int32_t partition, timestamp now) {
    roster_change change{.feed = what.id, .before = {}, .orphan_before = {}};
    subscribed* known = find(what.id);
    if (known == nullptr) {
        subscribed f = made(std::move(what), partition);
        if (auto stored = orphans_.extract(change.feed)) {
            change.orphan_before = stored.mapped();
            f.checkpoint = std::move(stored.mapped().checkpoint);
        }
        f.due = due_after_restart(f, now);
        insert(std::move(f));
        schedule(*find(change.feed));
        return change;
    }
    change.before = *known;
    if (known->what == what) return change;
    const bool moved = known->what.url != what.url;
    known->what = std::move(what);
    known->partition = partition;
    if (moved) {
        unschedule(*known);
        move(*known);
        known->due = now;
    } else {
        known->due = due_with_limits(*known, now);
    }
    if (known->what.paused) unschedule(*known);
    schedule(*known);
    return change;
}

roster_change roster::unsubscribe(const feed_id& id) {
    roster_change change{.feed = id, .before = {}, .orphan_before = {}};
    if (subscribed* known = find(id)) change.before = *known;
    if (auto stored = orphans_.extract(id)) change.orphan_before = std::move(stored.mapped());
    forget(id);
    return change;
}

roster_change roster::set_checkpoint(subscribed& f, poll next) {
    adjust_states(f, -1);
    poll old = std::exchange(f.checkpoint, {});
    roster_change change{.feed = f.what.id, .before = f, .orphan_before = {}};
    change.before->checkpoint = std::move(old);
    f.checkpoint = std::move(next);
    adjust_states(f, +1);
    return change;
}

void roster::take_back(roster_change change, const std::function<bool(const subscribed&)>& is_asking) {
    if (subscribed* now_there = find(change.feed)) {
        queue_.erase(change.feed);
        adjust_states(*now_there, -1);
        feeds_.erase(change.feed);
    }
    if (change.orphan_before) orphans_.insert_or_assign(change.feed, std::move(*change.orphan_before));
    if (!change.before) return;
    insert(std::move(*change.before));
    subscribed& again = *find(change.feed);
    again.waiting = false;
    // The answer of a fetch that was under way then may have been worked through since, or still be on its way.
    again.asking = is_asking(again);
    schedule(again);
}

std::vector<roster_change> roster::drop_orphans(timestamp before) {
    std::vector<roster_change> dropped;
    for (auto at = orphans_.begin(); at != orphans_.end();) {
        if (at->second.checkpoint.at > before) {
            ++at;
            continue;
        }
        dropped.push_back({.feed = at->first, .before = {}, .orphan_before = std::move(at->second)});
        at = orphans_.erase(at);
    }
    return dropped;
}

void roster::unschedule(subscribed& f) {
    queue_.erase(f.what.id);
    f.waiting = false;
    wake_next(f.host);
}

void roster::schedule(subscribed& f) {
    f.waiting = false;
    if (f.asking || f.what.paused) return queue_.erase(f.what.id);
    queue_.set(f.what.id, f.due);
}

subscribed* roster::enter_next(timestamp now) {
    while (const auto id = queue_.pop(now)) {
        subscribed* f = find(*id);
        if (f == nullptr || f->asking) continue;
        const auto said = gate_.enter(f->host, *id, now);
        if (said.go) return f;
        if (said.at) {
            queue_.set(*id, *said.at);
        } else {
            f->waiting = true;
        }
    }
    return nullptr;
}

void roster::leave(const std::string& host) {
    gate_.leave(host);
    wake_next(host);
}

void roster::wake_next(const std::string& host) {
    while (auto next = gate_.take_waiting(host)) {
        subscribed* f = find(*next);
        if (f == nullptr || !f->waiting) continue;
        f->waiting = false;
        queue_.set(*next, f->due);
        return;
    }
}

void roster::shift(duration by) {
    queue_.shift(by);
    for (auto& [id, f] : feeds_) f.due += by;
}

void roster::spread_overdue(timestamp now, std::uint64_t seed) {
    for (auto& [id, f] : feeds_) {
        if (!queue_.due_of(id) || f.due >= now) continue;
        const duration room = std::max(std::min(f.checkpoint.interval, spread_max), duration{1});
        f.due = now +
                duration{static_cast<std::int64_t>(hash64(id.str(), seed) % static_cast<std::uint64_t>(room.count()))};
        queue_.set(id, f.due);
    }
}

}  // namespace feedwatch::polling
