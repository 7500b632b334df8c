#include "producers/poll/poller.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "core/record/feed.hpp"
#include "core/record/poll.hpp"
#include "core/url/url.hpp"
#include "io/log/log.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/subscribed.hpp"
#include "producers/schedule/due_queue.hpp"
#include "producers/schedule/host_gate.hpp"

namespace feedwatch {

using namespace polling;

namespace {

constexpr std::size_t answers_per_tick_max = 32;              // so that one batch stays small
constexpr duration clock_back = std::chrono::minutes{1};      // set back by more than this: due times move along
constexpr duration clock_forward = std::chrono::minutes{5};   // slept or set forward: what is overdue is spread
constexpr duration spread_max = std::chrono::minutes{10};     // over this
constexpr duration drain_patience = std::chrono::seconds{3};  // a fetch can always be repeated
constexpr duration sweep_every = std::chrono::hours{1};

struct fetch {
    feed_id feed;
    std::uint64_t generation = 0;
    std::string host;
    std::string url;
};

struct answered {
    fetch of;
    answer got;
};

// How to take one change of a batch back.
struct undo {
    std::uint64_t batch = 0;
    feed_id feed;
    std::optional<subscribed> before;                            // nullopt: it was not there
    std::optional<std::pair<std::int32_t, poll>> orphan_before;  // a checkpoint without a feed
    std::optional<answered> answer_before;                       // the poll's answer, to be worked through again
    std::optional<report> count;                                 // what to count once it is committed
};

std::string_view host_part(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    url.remove_prefix(scheme + 3);
    return url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
}

output_record checkpoint_record(const feed_id& feed, std::int32_t partition, std::optional<std::string> value) {
    output_record out;
    out.to = topic::polls;
    out.key = feed.str();
    out.value = std::move(value);
    out.partition = partition;
    return out;
}

output_record item_record(item i) {
    output_record out;
    out.to = topic::fetched;
    out.key = i.feed.str();
    out.value = to_bounded_json(std::move(i));
    return out;
}

report report_of(const conclusion& c, const result<http::response>& outcome) {
    report out;
    const poll& p = c.next;
    out.feed = p.feed;
    out.outcome = p.outcome;
    out.failed = c.failed;
    if (outcome) out.fetch_seconds = std::chrono::duration<double>(outcome->elapsed).count();
    out.body_bytes = c.body_bytes;
    out.items_new = p.items_new;
    out.items_updated = p.items_updated;
    out.items_known = p.items_known;
    out.rejected = c.rejected;
    out.possibly_missed = p.possibly_missed;
    for (const item& i : c.items) {
        if (i.origin != origin::live || !i.published || *i.published > i.observed) continue;
        out.delays_seconds.push_back(std::chrono::duration<double>(i.observed - *i.published).count());
    }
    out.last_success = p.last_success;
    out.next_due = p.next_due;
    return out;
}

}  // namespace

struct poller::state {
    state(poller_options o, http::exchange& f, meter& counts)
        : options(std::move(o)),
          fetches(f),
          numbers(counts, options.feed_series_max),
          gate({options.limits.per_host_max, options.host_spacing}) {}

    // --- subscriptions
    // -------------------------------------------------------------------------------------------------

    subscribed* find(const feed_id& id) {
        const auto found = feeds.find(id);
        return found == feeds.end() ? nullptr : &found->second;
    }

    void adjust_states(const subscribed& f, int by) {
        if (f.checkpoint.feed.empty()) {
            by_state[0] += by;
        } else {
            by_state[static_cast<std::size_t>(state_of(f.checkpoint))] += by;
        }
    }

    void publish_states() {
        for (std::size_t s = 0; s < by_state.size(); ++s)
            numbers.set_feeds(static_cast<feed_state>(s), static_cast<std::size_t>(std::max(by_state[s], 0)));
    }

    void insert(subscribed f) {
        adjust_states(f, +1);
        const feed_id id = f.what.id;
        feeds.insert_or_assign(id, std::move(f));
    }

    void erase(const feed_id& id) {
        const auto found = feeds.find(id);
        if (found == feeds.end()) return;
        unschedule(found->second);
        adjust_states(found->second, -1);
        feeds.erase(found);
    }

    subscribed made(feed what, std::int32_t partition) {
        subscribed f;
        f.partition = partition;
        f.generation = ++last_generation;
        f.host = host_part(without_userinfo(what.url).url);
        f.what = std::move(what);
        return f;
    }

    void unschedule(subscribed& f) {
        queue.erase(f.what.id);
        f.waiting = false;
        wake_next(f.host);
    }

    void schedule(subscribed& f) {
        f.waiting = false;
        if (f.asking || f.what.paused) return queue.erase(f.what.id);
        queue.set(f.what.id, f.due);
    }

    // When a feed that is known already should be asked again. Never further away than a day past its longest interval,
    // whatever the checkpoint says: the clock that wrote it may have been wrong.
    static timestamp due_after_restart(const subscribed& f, timestamp now) {
        if (f.checkpoint.feed.empty()) return now;
        if (f.checkpoint.url != without_userinfo(f.what.url).url) return now;
        return std::min(f.checkpoint.next_due,
                        now + std::max<duration>(f.what.interval.max, std::chrono::hours{24}) * 11 / 10);
    }

    // The checkpoint's due time within limits that have changed since.
    static timestamp due_with_limits(const subscribed& f, timestamp now) {
        if (f.checkpoint.feed.empty() || f.checkpoint.failures > 0) return f.due;
        return std::max(now, std::min(f.due, f.checkpoint.at + f.what.interval.max * 11 / 10));
    }

    result<> subscribe(feed what, std::int32_t partition, timestamp now, undo& trace) {
        subscribed* known = find(what.id);
        if (known == nullptr) {
            subscribed f = made(std::move(what), partition);
            const auto orphan = orphans.find(f.what.id);
            if (orphan != orphans.end()) {
                trace.orphan_before = orphan->second;
                f.checkpoint = std::move(orphan->second.second);
                orphans.erase(orphan);
            }
            f.due = due_after_restart(f, now);
            const feed_id id = f.what.id;
            insert(std::move(f));
            schedule(*find(id));
            return {};
        }
        trace.before = *known;
        if (known->what == what) return {};
        const bool moved = known->what.url != what.url;
        known->what = std::move(what);
        known->partition = partition;
        if (moved) {
            unschedule(*known);
            known->generation = ++last_generation;
            known->host = host_part(without_userinfo(known->what.url).url);
            known->asking = false;
            known->due = now;
        } else {
            known->due = due_with_limits(*known, now);
        }
        if (known->what.paused) unschedule(*known);
        schedule(*known);
        return {};
    }

    void unsubscribe(const feed_id& id, std::int32_t partition, emitter& out, undo& trace) {
        if (subscribed* known = find(id)) trace.before = *known;
        const auto orphan = orphans.find(id);
        if (orphan != orphans.end()) {
            trace.orphan_before = std::move(orphan->second);
            orphans.erase(orphan);
        }
        erase(id);
        out.emit(checkpoint_record(id, partition, std::nullopt));
    }

    // --- fetching
    // ------------------------------------------------------------------------------------------------------

    void wake_next(const std::string& host) {
        while (auto next = gate.take_waiting(host)) {
            subscribed* f = find(*next);
            if (f == nullptr || !f->waiting) continue;
            f->waiting = false;
            queue.set(*next, f->due);
            return;
        }
    }

    void start_due(timestamp now) {
        while (!draining && in_flight.size() < options.limits.in_flight_max) {
            const auto id = queue.pop(now);
            if (!id) return;
            subscribed* f = find(*id);
            if (f == nullptr || f->asking) continue;
            const auto said = gate.enter(f->host, *id, now);
            if (said.go) {
                ask(*f, now);
            } else if (said.at) {
                queue.set(*id, *said.at);
            } else {
                f->waiting = true;
            }
        }
    }

    result<credentials> credentials_of(const feed& f) const {
        if (f.credentials.empty()) return credentials{};
        if (!options.authorize) return error(errc::invalid_config, "nothing here can read credentials");
        return options.authorize(f.credentials);
    }

    void ask(subscribed& f, timestamp now) {
        f.asking = true;
        fetch of{f.what.id, f.generation, f.host, without_userinfo(f.what.url).url};
        auto with = credentials_of(f.what);
        if (!with) {
            gate.leave(f.host);
            ready.push_back({std::move(of), {with.error(), now, {}}});
            ready.back().got.url = ready.back().of.url;
            return;
        }
        const bool full = is_full_fetch_due(f.what.id, f.checkpoint, now, options.full_fetch_every);
        http::request request = make_request(f.what, f.checkpoint, *with, options.limits, full);
        const std::uint64_t token = ++last_token;
        in_flight.emplace(token, std::move(of));
        fetches.submit(token, std::move(request));
    }

    void take_answers(timestamp now) {
        for (http::finished& done : fetches.take_finished()) {
            auto node = in_flight.extract(done.token);
            if (node.empty()) continue;  // given up while draining
            fetch& of = node.mapped();
            gate.leave(of.host);
            wake_next(of.host);
            answer got{std::move(done.outcome), now, of.url};
            ready.push_back({std::move(of), std::move(got)});
        }
    }

    // --- concluding
    // ----------------------------------------------------------------------------------------------------

    void conclude_ready(timestamp now, emitter& out) {
        for (std::size_t n = 0; n < answers_per_tick_max && !ready.empty(); ++n) {
            answered next = std::move(ready.front());
            ready.pop_front();
            subscribed* f = find(next.of.feed);
            if (f == nullptr || f->generation != next.of.generation)
                continue;  // unsubscribed, moved or handed over since
            conclude_one(*f, std::move(next), now, out);
        }
    }

    void conclude_one(subscribed& f, answered next, timestamp now, emitter& out) {
        outcome_options how;
        how.items_max = options.items_per_feed_max;
        how.window.keep = options.window;
        how.seed = options.seed;
        conclusion c = conclude(f.what, f.checkpoint, next.got, how);
        if (c.host_pause) gate.hold(f.host, now + *c.host_pause);
        tell(f, c);

        adjust_states(f, -1);
        poll old = std::exchange(f.checkpoint, {});  // moved and not copied: a window can be large
        undo trace;
        trace.batch = batch;
        trace.feed = f.what.id;
        trace.before = f;
        trace.before->checkpoint = std::move(old);
        trace.count = report_of(c, next.got.outcome);
        trace.answer_before = std::move(next);
        trail.push_back(std::move(trace));

        for (item& i : c.items) out.emit(item_record(std::move(i)));
        f.checkpoint = std::move(c.next);
        adjust_states(f, +1);
        f.asking = false;
        f.due = f.checkpoint.next_due;
        schedule(f);
        out.emit(checkpoint_record(f.what.id, f.partition, to_json(f.checkpoint)));
    }

    static void tell(const subscribed& f, const conclusion& c) {
        const poll& p = c.next;
        if (c.failed) {
            const bool turned = f.checkpoint.outcome != p.outcome;
            if (p.outcome == outcomes::gone && turned)
                log::warning("the feed says it is gone; it is asked once a day",
                             {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}});
            else if (turned)
                log::warning("polling a feed fails",
                             {{"feed", p.feed.str()}, {"reason", p.outcome}, {"detail", p.detail}});
        }
        if (p.possibly_missed)
            log::warning("no item of the poll before is left: items may have been missed", {{"feed", p.feed.str()}});
        if (!p.redirected_to.empty() && p.redirected_to != f.checkpoint.redirected_to)
            log::warning("the feed has moved; its new URL belongs into the configuration",
                         {{"feed", p.feed.str()}, {"to", redacted_url(p.redirected_to)}});
    }

    // --- time
    // ----------------------------------------------------------------------------------------------------------

    void follow_clock(timestamp now) {
        if (last_now && now + clock_back < *last_now) {
            const duration by = now - *last_now;
            queue.shift(by);
            for (auto& [id, f] : feeds) f.due += by;
        } else if (expected && now > *expected + clock_forward) {
            spread_overdue(now);
        }
        last_now = now;
    }

    void spread_overdue(timestamp now) {
        for (auto& [id, f] : feeds) {
            if (!queue.due_of(id) || f.due >= now) continue;
            const duration room = std::max(std::min(f.checkpoint.interval, spread_max), duration{1});
            f.due = now + duration{static_cast<std::int64_t>(hash64(id.str(), options.seed) %
                                                             static_cast<std::uint64_t>(room.count()))};
            queue.set(id, f.due);
        }
    }

    void sweep(timestamp now, emitter& out) {
        if (now < next_sweep) return;
        next_sweep = now + sweep_every;
        gate.forget_idle(now);
        // A feed whose tombstone was compacted away while no poller ran leaves its checkpoint behind.
        for (auto at = orphans.begin(); at != orphans.end();) {
            if (at->second.second.at + options.window > now) {
                ++at;
                continue;
            }
            undo trace;
            trace.batch = batch;
            trace.feed = at->first;
            out.emit(checkpoint_record(at->first, at->second.first, std::nullopt));
            trace.orphan_before = std::move(at->second);
            trail.push_back(std::move(trace));
            at = orphans.erase(at);
        }
    }

    [[nodiscard]] std::optional<timestamp> wants_tick() const {
        if (!ready.empty()) return last_now.value_or(timestamp{});
        if (draining)
            return in_flight.empty() ? std::nullopt
                                     : std::optional(give_up_at.value_or(last_now.value_or(timestamp{})));
        if (in_flight.size() >= options.limits.in_flight_max) return std::nullopt;
        return queue.next();
    }

    // --- batches
    // -------------------------------------------------------------------------------------------------------

    void take_back(undo& u) {
        if (subscribed* now_there = find(u.feed)) {
            queue.erase(u.feed);
            adjust_states(*now_there, -1);
            feeds.erase(u.feed);
        }
        if (u.orphan_before) orphans[u.feed] = std::move(*u.orphan_before);
        if (u.before) insert(std::move(*u.before));
        if (u.answer_before) ready.push_front(std::move(*u.answer_before));
        if (subscribed* again = find(u.feed)) {
            again->waiting = false;
            // The answer of a fetch that was under way then may have been worked through since, or still be on its way.
            again->asking = is_asking(*again);
            schedule(*again);
        }
    }

    [[nodiscard]] bool is_asking(const subscribed& f) const {
        const auto same = [&](const fetch& x) { return x.feed == f.what.id && x.generation == f.generation; };
        return std::any_of(ready.begin(), ready.end(), [&](const answered& a) { return same(a.of); }) ||
               std::any_of(in_flight.begin(), in_flight.end(), [&](const auto& entry) { return same(entry.second); });
    }

    poller_options options;
    http::exchange& fetches;
    metrics numbers;
    schedule::due_queue queue;
    schedule::host_gate gate;
    std::unordered_map<feed_id, subscribed> feeds;
    std::map<feed_id, std::pair<std::int32_t, poll>> orphans;  // checkpoints without a feed, with their partition
    std::array<int, 3> by_state{};

    std::unordered_map<std::uint64_t, fetch> in_flight;
    std::deque<answered> ready;  // answers not yet worked through
    std::vector<undo> trail;     // of open batches, oldest first
    std::uint64_t batch = 0;
    std::uint64_t last_token = 0;
    std::uint64_t last_generation = 0;
    std::optional<timestamp> last_now;
    std::optional<timestamp> expected;  // when the next tick was asked for
    timestamp next_sweep{};
    bool draining = false;
    std::optional<timestamp> give_up_at;
};

poller::poller(poller_options options, http::exchange& fetches, meter& counts)
    : state_(std::make_unique<state>(std::move(options), fetches, counts)) {}

poller::~poller() = default;

void poller::assigned(std::int32_t partition) {
    revoked(partition);
}

result<> poller::restore(const record_view& record) {
    const feed_id id{std::string(record.key)};
    if (record.from == topic::polls) {
        state_->orphans.erase(id);
        if (!record.value) return {};
        auto read = poll_from_json(*record.value);
        if (!read) return read.error();
        state_->orphans[id] = {record.partition, std::move(*read)};
        return {};
    }
    if (!record.value) {
        state_->erase(id);
        return {};
    }
    auto read = feed_from_json(*record.value);
    if (!read) return read.error();
    if (read->id != id) return error(errc::malformed, "the record's key is not the feed's id");
    state_->erase(id);
    state_->insert(state_->made(std::move(*read), record.partition));
    return {};
}

void poller::restored(std::int32_t partition, timestamp now) {
    for (auto& [id, f] : state_->feeds) {
        if (f.partition != partition) continue;
        const auto stored = state_->orphans.find(id);
        if (stored != state_->orphans.end()) {
            state_->adjust_states(f, -1);
            f.checkpoint = std::move(stored->second.second);
            state_->adjust_states(f, +1);
            state_->orphans.erase(stored);
        }
        f.due = state::due_after_restart(f, now);
        state_->schedule(f);
    }
    state_->publish_states();
}

void poller::revoked(std::int32_t partition) {
    std::vector<feed_id> gone;
    for (const auto& [id, f] : state_->feeds) {
        if (f.partition == partition) gone.push_back(id);
    }
    for (const feed_id& id : gone) {
        state_->erase(id);
        state_->numbers.forget(id);
    }
    std::erase_if(state_->orphans, [&](const auto& entry) { return entry.second.first == partition; });
    state_->publish_states();
}

void poller::begin_batch(std::uint64_t batch) {
    state_->batch = batch;
}

result<> poller::process(const record_view& record, timestamp now, emitter& out) {
    const feed_id id{std::string(record.key)};
    undo trace;
    trace.batch = state_->batch;
    trace.feed = id;
    if (!record.value) {
        state_->unsubscribe(id, record.partition, out, trace);
    } else {
        auto read = feed_from_json(*record.value);
        if (!read) return read.error();
        if (read->id != id) return error(errc::malformed, "the record's key is not the feed's id");
        if (auto done = state_->subscribe(std::move(*read), record.partition, now, trace); !done) return done;
    }
    state_->trail.push_back(std::move(trace));
    return {};
}

void poller::tick(timestamp now, emitter& out) {
    state_->follow_clock(now);
    state_->take_answers(now);
    state_->conclude_ready(now, out);
    if (state_->draining) {
        if (!state_->give_up_at) state_->give_up_at = now + drain_patience;
        if (now >= *state_->give_up_at) state_->in_flight.clear();
    }
    state_->start_due(now);
    state_->sweep(now, out);
    state_->expected = state_->wants_tick();
}

std::optional<timestamp> poller::next_tick() const {
    return state_->wants_tick();
}

void poller::commit_batch(std::uint64_t batch) {
    std::size_t done = 0;
    for (undo& u : state_->trail) {
        if (u.batch > batch) break;
        ++done;
        if (u.count) {
            state_->numbers.count(*u.count);
        } else if (state_->find(u.feed) == nullptr) {
            state_->numbers.forget(u.feed);
        }
    }
    state_->trail.erase(state_->trail.begin(), state_->trail.begin() + static_cast<std::ptrdiff_t>(done));
    state_->publish_states();
}

void poller::rollback_batch(std::uint64_t batch) {
    while (!state_->trail.empty() && state_->trail.back().batch >= batch) {
        undo u = std::move(state_->trail.back());
        state_->trail.pop_back();
        state_->take_back(u);
    }
    state_->publish_states();
}

void poller::drain() {
    state_->draining = true;
}

bool poller::drained() const {
    return state_->in_flight.empty() && state_->ready.empty();
}

}  // namespace feedwatch
