#include "producers/poll/roster.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "producers/poll/backfill.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {
namespace {

constexpr duration spread_max = std::chrono::minutes{10};

// When a feed that is known already should be asked again. Never further away than a day past its longest interval,
// whatever the checkpoint says: the clock that wrote it may have been wrong.
timestamp due_after_restart(const subscribed& f, timestamp now) {
    if (f.checkpoint.feed.empty()) return now;
    if (f.checkpoint.url != without_userinfo(f.what.url).url) return now;
    if (f.what.asked.poll && *f.what.asked.poll > f.checkpoint.at) return now;
    return std::min(f.checkpoint.next_due,
                    now + std::max<duration>(f.what.interval.max, std::chrono::hours{24}) * 11 / 10);
}

timestamp next_of(const subscribed& f) {
    return is_page_next(f) ? *page_due(f.what, f.checkpoint) : f.due;
}

bool is_backfilling(const poll& checkpoint) {
    return checkpoint.backfill && checkpoint.backfill->state == backfill_states::running;
}

// Which host is asked next: older pages may be elsewhere.
std::string host_of_next(const subscribed& f) {
    return is_page_next(f) ? host_part(page_url(f.what, f.checkpoint)) : f.host;
}

// The checkpoint's due time within limits that have changed since.
timestamp due_with_limits(const subscribed& f, timestamp now) {
    if (f.checkpoint.feed.empty() || f.checkpoint.failures > 0) return f.due;
    return std::max(now, std::min(f.due, f.checkpoint.at + f.what.interval.max * 11 / 10));
}

}  // namespace

subscribed* roster::find(const feed_id& id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &wake(found->second);
}

subscribed& roster::wake(schedule::handle at) {
    slot& s = slots_[at];
    if (s.awake) return *s.awake;
    std::string_view packed = s.packed;
    s.awake = std::make_unique<subscribed>();
    subscribed& f = *s.awake;
    f.what = feed_from_packed(packed);
    f.checkpoint = poll_from_packed(packed);
    f.what.id = *s.id;
    if (s.own_feed) f.checkpoint.feed = f.what.id;
    if (s.own_url) f.checkpoint.url = without_userinfo(f.what.url).url;
    f.partition = s.partition;
    f.generation = s.generation;
    f.host = host_part(without_userinfo(f.what.url).url);
    f.at = at;
    f.due = s.due;
    f.waiting = s.waiting;
    s.packed = {};
    awake_.push_back(at);
    return f;
}

void roster::put_to_rest(slot& s) {
    subscribed& f = *s.awake;
    // What stands elsewhere already is not packed again.
    s.own_feed = f.checkpoint.feed == f.what.id;
    s.own_url = f.checkpoint.url == without_userinfo(f.what.url).url;
    f.what.id = {};
    if (s.own_feed) f.checkpoint.feed = {};
    if (s.own_url) f.checkpoint.url.clear();
    std::string packed;
    append_packed(f.what, packed);
    append_packed(f.checkpoint, packed);
    s.packed = std::string(packed);  // no more room than it takes
    s.generation = f.generation;
    s.due = f.due;
    s.partition = f.partition;
    s.waiting = f.waiting;
    s.backfilling = is_backfilling(f.checkpoint);
    s.hub = f.checkpoint.push.has_value();
    s.awake.reset();
}

void roster::rest() {
    std::size_t kept = 0;
    for (const schedule::handle at : awake_) {
        slot& s = slots_[at];
        if (!s.awake) continue;
        if (s.awake->asking) {
            awake_[kept++] = at;
        } else {
            put_to_rest(s);
        }
    }
    awake_.resize(kept);
}

std::vector<feed_id> roster::with_hub(std::int32_t partition) const {
    std::vector<feed_id> out;
    for (const slot& s : slots_) {
        if (s.id == nullptr || s.partition != partition) continue;
        if (s.awake ? s.awake->checkpoint.push.has_value() : s.hub) out.push_back(*s.id);
    }
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

subscribed& roster::insert(subscribed f) {
    adjust_states(f, +1);
    if (free_.empty()) {
        free_.push_back(static_cast<schedule::handle>(slots_.size()));
        slots_.emplace_back();
    }
    f.at = free_.back();
    free_.pop_back();
    slot& s = slots_[f.at];
    s.id = &by_id_.emplace(f.what.id, f.at).first->first;
    s.partition = f.partition;
    s.awake = std::make_unique<subscribed>(std::move(f));
    awake_.push_back(s.awake->at);
    return *s.awake;
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
    subscribed* f = find(id);
    if (f == nullptr) return;
    unschedule(*f);
    adjust_states(*f, -1);
    const schedule::handle at = f->at;
    by_id_.erase(by_id_.find(id));
    slots_[at] = {};
    free_.push_back(at);
}

void roster::restore(feed what, std::int32_t partition) {
    forget(what.id);
    insert(made(std::move(what), partition));
    rest();
}

std::optional<orphan> roster::take_orphan(const feed_id& id) {
    auto found = orphans_.extract(id);
    if (!found) return std::nullopt;
    std::string_view packed = found.mapped().packed;
    return orphan{found.mapped().partition, poll_from_packed(packed)};
}

void roster::keep_orphan(const feed_id& id, orphan checkpoint) {
    stored s{checkpoint.partition, checkpoint.checkpoint.at, {}};
    append_packed(checkpoint.checkpoint, s.packed);
    s.packed.shrink_to_fit();
    orphans_.insert_or_assign(id, std::move(s));
}

void roster::restore_checkpoint(const feed_id& id, std::optional<orphan> checkpoint) {
    orphans_.erase(id);
    if (checkpoint) keep_orphan(id, std::move(*checkpoint));
}

void roster::give_checkpoint(subscribed& f, poll checkpoint) {
    gate_.recall(f.host, checkpoint.host_pace, checkpoint.at);
    adjust_states(f, -1);
    f.checkpoint = std::move(checkpoint);
    adjust_states(f, +1);
}

void roster::restored(std::int32_t partition, timestamp now) {
    std::vector<std::pair<timestamp, schedule::handle>> overdue;
    for (schedule::handle at = 0; at < slots_.size(); ++at) {
        if (slots_[at].id == nullptr || slots_[at].partition != partition) continue;
        subscribed& f = wake(at);
        if (auto had = take_orphan(f.what.id)) give_checkpoint(f, std::move(had->checkpoint));
        f.due = due_after_restart(f, now);
        if (f.due <= now) overdue.emplace_back(f.due, at);
        if (f.checkpoint.backfill)
            f.checkpoint.backfill->next_due = std::min(f.checkpoint.backfill->next_due, now + std::chrono::hours{24});
        schedule(f);
        rest();
    }
    // All of a large list at once would be a herd: the first go now, the others follow, those that waited longest
    // first.
    std::sort(overdue.begin(), overdue.end());
    for (const auto& [due, at] : overdue) {
        subscribed& f = wake(at);
        f.due = std::max(f.due, spread_.place(f.host, now));
        schedule(f);
        rest();
    }
    publish_states();
}

void roster::revoke(std::int32_t partition) {
    for (slot& s : slots_) {
        if (s.id == nullptr || s.partition != partition) continue;
        const feed_id id = *s.id;
        forget(id);
        numbers_.forget(id);
    }
    std::erase_if(orphans_, [&](const auto& entry) { return entry.second.partition == partition; });
    rest();
    publish_states();
}

roster_change roster::subscribe(feed what, std::int32_t partition, timestamp now) {
    roster_change change{.feed = what.id, .before = {}, .orphan_before = {}};
    subscribed* known = find(what.id);
    if (known == nullptr) {
        subscribed& f = insert(made(std::move(what), partition));
        change.orphan_before = take_orphan(change.feed);
        if (change.orphan_before) give_checkpoint(f, change.orphan_before->checkpoint);
        f.due = due_after_restart(f, now);
        if (f.due <= now) f.due = std::max(f.due, spread_.place(f.host, now));
        schedule(f);
        return change;
    }
    change.before = *known;
    if (known->what == what) return change;
    const bool moved = known->what.url != what.url;
    const bool at_once = what.asked.poll && what.asked.poll != known->what.asked.poll;
    unschedule(*known);
    known->what = std::move(what);
    known->partition = partition;
    if (moved) {
        move(*known);
        known->due = spread_.place(known->host, now);
    } else {
        known->due = at_once ? now : due_with_limits(*known, now);
    }
    schedule(*known);
    return change;
}

roster_change roster::unsubscribe(const feed_id& id) {
    roster_change change{.feed = id, .before = {}, .orphan_before = {}};
    if (subscribed* known = find(id)) change.before = *known;
    change.orphan_before = take_orphan(id);
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
    forget(change.feed);
    if (change.orphan_before) keep_orphan(change.feed, std::move(*change.orphan_before));
    if (!change.before) return;
    subscribed& again = insert(std::move(*change.before));
    again.waiting = false;
    // The answer of a fetch that was under way then may have been worked through since, or still be on its way.
    again.asking = is_asking(again);
    schedule(again);
}

std::vector<roster_change> roster::drop_orphans(timestamp before) {
    std::vector<feed_id> old;
    for (const auto& [id, s] : orphans_) {
        if (s.at <= before) old.push_back(id);
    }
    std::vector<roster_change> dropped;
    for (const feed_id& id : old) dropped.push_back({.feed = id, .before = {}, .orphan_before = take_orphan(id)});
    return dropped;
}

// One that waits in a line stays there by name: pop() of the gate is looked at.
void roster::unschedule(subscribed& f) {
    queue_.erase(f.at);
    f.waiting = false;
}

void roster::schedule(subscribed& f) {
    f.waiting = false;
    if (f.asking || f.what.is_paused()) return queue_.erase(f.at);
    queue_.set(f.at, next_of(f));
}

std::optional<timestamp> roster::next_due() const {
    const auto line = gate_.next(), queue = queue_.next();
    return line && queue ? std::min(*line, *queue) : line ? line : queue;
}

subscribed* roster::enter_next(timestamp now) {
    while (const auto turn = gate_.pop(now)) {
        slot& s = slots_[turn->feed];
        if (s.id != nullptr) {
            subscribed& f = wake(turn->feed);
            if (f.waiting && host_of_next(f) == turn->host) {
                f.waiting = false;
                return &f;
            }
        }
        gate_.leave(turn->host);
    }
    while (const auto at = queue_.pop(now)) {
        subscribed& f = wake(*at);
        if (gate_.enter(host_of_next(f), f.at, now)) return &f;
        f.waiting = true;
    }
    return nullptr;
}

void roster::leave(const std::string& host) {
    gate_.leave(host);
}

duration roster::learn(const std::string& host, schedule::lesson what, timestamp now) {
    return gate_.learn(host, what, now);
}

void roster::forget_idle_hosts(timestamp now) {
    gate_.forget_idle(now);
    spread_.forget_past(now);
}

void roster::shift(duration by) {
    queue_.shift(by);
    gate_.shift(by);
    spread_.shift(by);
    for (schedule::handle at = 0; at < slots_.size(); ++at) {
        slot& s = slots_[at];
        if (s.backfilling && !s.awake) static_cast<void>(wake(at));
        (s.awake ? s.awake->due : s.due) += by;
        if (s.awake && is_backfilling(s.awake->checkpoint)) s.awake->checkpoint.backfill->next_due += by;
    }
    rest();
}

void roster::spread_overdue(timestamp now, std::uint64_t seed) {
    for (schedule::handle at = 0; at < slots_.size(); ++at) {
        const auto due = queue_.due_of(at);
        if (!due || *due >= now) continue;
        subscribed& f = wake(at);
        const duration room = std::max(std::min(f.checkpoint.interval, spread_max), duration{1});
        f.due = now + duration{static_cast<std::int64_t>(hash64(f.what.id.str(), seed) %
                                                         static_cast<std::uint64_t>(room.count()))};
        queue_.set(at, next_of(f));
    }
    rest();
}

}  // namespace feedwatch::polling
