#include "producers/poll/poller.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/record/feed.hpp"
#include "core/record/poll.hpp"
#include "producers/poll/article_desk.hpp"
#include "producers/poll/article_wait.hpp"
#include "producers/poll/backfill.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/push_desk.hpp"
#include "producers/poll/records.hpp"
#include "producers/poll/report.hpp"
#include "producers/poll/roster.hpp"
#include "producers/poll/underway.hpp"

namespace feedwatch {

using namespace polling;

namespace {

constexpr std::size_t answers_per_tick_max = 32;              // so that one batch stays small
constexpr duration clock_back = std::chrono::minutes{1};      // set back by more than this: due times move along
constexpr duration clock_forward = std::chrono::minutes{5};   // slept or set forward: what is overdue is spread
constexpr duration drain_patience = std::chrono::seconds{3};  // a fetch can always be repeated
constexpr duration sweep_every = std::chrono::hours{1};

std::optional<timestamp> earlier(std::optional<timestamp> a, std::optional<timestamp> b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

struct poller::state {
    state(poller_options o, http::exchange& f, meter& counts)
        : options(std::move(o)),
          fetches(f),
          numbers(counts, options.feed_series_max),
          feeds(numbers, {options.limits.per_host_max, options.host_spacing}),
          articles(options.articles, counts) {
        if (!options.push) return;
        push::policy how;
        how.lease = options.push->lease;
        how.seed = options.seed;
        desk.emplace(options.push->letters, std::move(how), how_to_conclude(), options.limits, fetches, feeds, counts);
        options.push->letters.open(options.push->wakes);
    }
    ~state() {
        if (desk) desk->close();
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    // The items and the checkpoint that belong together.
    undo& write(subscribed& f, poll next, std::vector<item> items, emitter& out) {
        for (item& i : items) out.emit(item_record(std::move(i)));
        undo& trace = keep(feeds.set_checkpoint(f, std::move(next)));
        out.emit(checkpoint_record(f.what.id, f.partition, to_json(f.checkpoint)));
        return trace;
    }

    undo& keep(roster_change change) {
        undo& u = trail.emplace_back();
        u.batch = batch;
        u.change = std::move(change);
        return u;
    }

    // --- fetching
    // ------------------------------------------------------------------------------------------------------

    void start_due(timestamp now) {
        while (!draining && in_flight.size() < options.limits.in_flight_max) {
            subscribed* f = feeds.enter_next(now);
            if (f == nullptr) return;
            ask(*f, now);
        }
    }

    void ask(subscribed& f, timestamp now) {
        if (is_page_next(f)) return ask_page(f, now);
        f.asking = true;
        fetch of{f.what.id, f.generation, f.host, without_userinfo(f.what.url).url};
        auto with = credentials_of(f.what, options.authorize, options.read_secret);
        if (!with) return conclude_unasked(std::move(of), with.error(), now);
        // After a failure it is the validators' turn: a server may know no other way to answer.
        const bool full =
            f.checkpoint.failures % 2 == 0 && is_full_fetch_due(f.what.id, f.checkpoint, now, options.full_fetch_every);
        http::request request = make_request(f.what, f.checkpoint, *with, options.limits, full);
        of.conditional = is_conditional(request);
        if (std::string moved = moved_to(f.what, f.checkpoint, *with, now); !moved.empty()) {
            of.moved = true;
            request.url = std::move(moved);
        }
        submit(std::move(of), std::move(request));
    }

    void ask_page(subscribed& f, timestamp now) {
        f.asking = true;
        const std::string url = page_url(f.what, f.checkpoint);
        fetch of{f.what.id, f.generation, host_part(url), without_userinfo(f.what.url).url};
        of.page = true;
        auto with = credentials_of(f.what, options.authorize, options.read_secret);
        if (!with) return conclude_unasked(std::move(of), with.error(), now);
        submit(std::move(of), make_page_request(f.what, f.checkpoint, *with, options.limits));
    }

    // Its secrets cannot be read: that is the answer.
    void conclude_unasked(fetch of, error why, timestamp now) {
        feeds.leave(of.host);
        std::string url = of.url;
        ready.push_back({std::move(of), {std::move(why), now, std::move(url)}});
    }

    void submit(fetch of, http::request request) {
        const std::uint64_t token = ++last_token;
        in_flight.emplace(token, std::move(of));
        fetches.submit(token, std::move(request));
    }

    void take_answers(timestamp now) {
        for (http::finished& done : fetches.take_finished()) {
            if (desk && desk->take_answer(done.token, done.outcome)) continue;
            if (const auto taken = articles.take_answer(done.token, done.outcome, now); taken.ours) {
                if (taken.pause) feeds.hold(taken.pause->first, taken.pause->second);
                continue;
            }
            auto node = in_flight.extract(done.token);
            if (node.empty()) continue;  // given up while draining
            fetch& of = node.mapped();
            feeds.leave(of.host);
            answer got{std::move(done.outcome), now, of.url, of.moved, of.conditional};
            ready.push_back({std::move(of), std::move(got)});
        }
    }

    // --- concluding
    // ----------------------------------------------------------------------------------------------------

    void conclude_ready(timestamp now, emitter& out) {
        for (std::size_t n = 0; n < answers_per_tick_max && !ready.empty(); ++n) {
            answered next = std::move(ready.front());
            ready.pop_front();
            subscribed* f = feeds.find(next.of.feed);
            if (f == nullptr || f->generation != next.of.generation)
                continue;  // unsubscribed, moved or handed over since
            if (!next.articles && !draining && waiting.park(*f, next, how_to_conclude(), now)) continue;
            conclude_one(*f, std::move(next), now, out);
        }
    }

    void conclude_one(subscribed& f, answered next, timestamp now, emitter& out) {
        if (next.of.page) return conclude_page(f, std::move(next), now, out);
        conclusion c = conclude(f.what, f.checkpoint, next.got, how_to_conclude());
        if (next.articles) put_articles(c, *next.articles);
        std::vector<push::hub_request> ask;
        if (desk) ask = desk->concluded(f, c, next.got);
        if (!desk) c.next.push.reset();  // its deliveries go nowhere
        if (c.host_pause) {
            feeds.hold(f.host, now + *c.host_pause);
            articles.hold(f.host, now + *c.host_pause);
        }
        c.next.host_pace = feeds.learn(f.host, c.taught, now);
        tell(f.checkpoint, c);
        report count = report_of(c, next.got.outcome);

        undo& trace = write(f, std::move(c.next), std::move(c.items), out);
        trace.count = std::move(count);
        trace.answer_before = std::move(next);
        if (!ask.empty()) trace.push = push_effects{.ask = std::move(ask), .feed = f.what.id};
        f.asking = false;
        f.due = f.checkpoint.next_due;
        feeds.schedule(f);
        if (desk) desk->watch(f);
    }

    void conclude_page(subscribed& f, answered next, timestamp now, emitter& out) {
        page_conclusion c = polling::conclude_page(f.what, f.checkpoint, next.got, how_to_conclude());
        if (c.host_pause) feeds.hold(next.of.host, now + *c.host_pause);
        tell(c.next.feed, *c.next.backfill);
        write(f, std::move(c.next), std::move(c.items), out).answer_before = std::move(next);
        f.asking = false;
        feeds.schedule(f);
    }

    [[nodiscard]] outcome_options how_to_conclude() const {
        outcome_options how;
        how.items_max = options.items_per_feed_max;
        how.window.keep = options.window;
        how.seed = options.seed;
        return how;
    }

    // --- push
    // ----------------------------------------------------------------------------------------------------------

    void store(subscribed& f, poll next, std::vector<item> items, push_effects effects, emitter& out) {
        effects.feed = f.what.id;
        const bool due_changes = next.next_due != f.checkpoint.next_due;
        write(f, std::move(next), std::move(items), out).push = std::move(effects);
        if (due_changes) {
            f.due = f.checkpoint.next_due;
            if (!f.asking) feeds.schedule(f);  // an answer that is on its way does that when it is worked through
        }
        desk->watch(f);
    }

    void speak_with_hubs(timestamp now, emitter& out) {
        if (!desk || draining) return;
        desk->work(now, [&](subscribed& f, poll next, std::vector<item> items, push_effects effects) {
            store(f, std::move(next), std::move(items), std::move(effects), out);
        });
    }

    // A feed that was removed, paused, moved, or is only polled from now on leaves its hub.
    void leave_hub(const feed_id& id, hub_before before, emitter& out) {
        push_effects effects{.ask = std::move(before.ends), .feed = id};
        subscribed* f = feeds.find(id);
        if (f == nullptr) {
            desk->forget(id);
            trail.back().push = std::move(effects);
        } else if (!push_desk::may_have_hub(f->what) || f->what.url != before.url) {
            poll next = f->checkpoint;
            next.push.reset();
            store(*f, std::move(next), {}, std::move(effects), out);
        }
    }

    // --- full text
    // -----------------------------------------------------------------------------------------------------

    void read_articles(timestamp now) {
        if (draining) return;
        articles.work(now, [this](http::request what) {
            fetches.submit(++last_token, std::move(what));
            return last_token;
        });
    }

    // --- time
    // ----------------------------------------------------------------------------------------------------------

    void follow_clock(timestamp now) {
        if (last_now && now + clock_back < *last_now) {
            feeds.shift(now - *last_now);
            if (desk) desk->shift(now - *last_now);
            articles.shift(now - *last_now);
        } else if (expected && now > *expected + clock_forward) {
            feeds.spread_overdue(now, options.seed);
        }
        last_now = now;
    }

    void sweep(timestamp now, emitter& out) {
        if (now < next_sweep) return;
        next_sweep = now + sweep_every;
        feeds.forget_idle_hosts(now);
        articles.forget_idle(now);
        // A feed whose tombstone was compacted away while no poller ran leaves its checkpoint behind.
        for (roster_change& dropped : feeds.drop_orphans(now - options.window)) {
            out.emit(checkpoint_record(dropped.feed, dropped.orphan_before->partition, std::nullopt));
            keep(std::move(dropped));
        }
    }

    [[nodiscard]] std::optional<timestamp> wants_tick() const {
        if (!ready.empty()) return last_now.value_or(timestamp{});
        if (draining)
            return in_flight.empty() ? std::nullopt
                                     : std::optional(give_up_at.value_or(last_now.value_or(timestamp{})));
        if (desk && desk->has_work()) return last_now.value_or(timestamp{});
        std::optional<timestamp> next = desk ? desk->next_due() : std::nullopt;
        next = earlier(next, articles.next_due());
        return in_flight.size() < options.limits.in_flight_max ? earlier(next, feeds.next_due()) : next;
    }

    void settle() {
        feeds.publish_states();
        if (desk) desk->publish_states();
        feeds.rest();
    }

    // --- batches
    // -------------------------------------------------------------------------------------------------------

    void take_back(undo u) {
        if (u.answer_before) ready.push_front(std::move(*u.answer_before));
        const feed_id id = u.change.feed;
        feeds.take_back(std::move(u.change), [this](const subscribed& f) { return is_asking(f); });
        if (!desk) return;
        if (u.push) desk->take_back(std::move(*u.push));
        const subscribed* f = feeds.find(id);
        f != nullptr ? desk->watch(*f) : desk->forget(id);
    }

    [[nodiscard]] bool is_asking(const subscribed& f) const {
        return waiting.has(f) ||
               std::any_of(ready.begin(), ready.end(), [&](const answered& a) { return a.of.is_of(f); }) ||
               std::any_of(in_flight.begin(), in_flight.end(),
                           [&](const auto& entry) { return entry.second.is_of(f); });
    }

    poller_options options;
    http::exchange& fetches;
    metrics numbers;
    roster feeds;
    article_desk articles;
    article_wait waiting{articles, options};
    std::optional<push_desk> desk;

    std::unordered_map<std::uint64_t, fetch> in_flight;
    std::deque<answered> ready;  // answers not yet worked through
    std::vector<undo> trail;     // of open batches, oldest first
    std::uint64_t batch = 0;
    std::uint64_t last_token = 0;
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
        state_->feeds.restore_checkpoint(id, std::nullopt);
        if (!record.value) return {};
        auto read = poll_from_json(*record.value);
        if (!read) return read.error();
        state_->feeds.restore_checkpoint(id, orphan{record.partition, std::move(*read)});
        return {};
    }
    if (!record.value) {
        state_->feeds.forget(id);
        return {};
    }
    auto read = feed_of(record);
    if (!read) return read.error();
    state_->feeds.restore(std::move(*read), record.partition);
    return {};
}

void poller::restored(std::int32_t partition, timestamp now) {
    state_->feeds.restored(partition, now);
    if (!state_->desk) return;
    state_->desk->assignment_changed(now);
    state_->desk->take_over(partition, now);
}

void poller::revoked(std::int32_t partition) {
    if (state_->desk) {
        for (const feed_id& id : state_->feeds.with_hub(partition)) state_->desk->forget(id);
        state_->desk->assignment_changed(state_->last_now.value_or(timestamp{}));
    }
    state_->feeds.revoke(partition);
}

void poller::begin_batch(std::uint64_t batch) {
    state_->batch = batch;
}

result<> poller::process(const record_view& record, timestamp now, emitter& out) {
    const feed_id id{std::string(record.key)};
    if (!record.value) {
        auto hub = state_->desk ? state_->desk->hub_of(id) : std::nullopt;
        state_->keep(state_->feeds.unsubscribe(id));
        out.emit(checkpoint_record(id, record.partition, std::nullopt));
        if (hub) state_->leave_hub(id, *std::move(hub), out);
        return {};
    }
    auto read = feed_of(record);
    if (!read) return read.error();
    auto hub = state_->desk ? state_->desk->hub_of(id) : std::nullopt;
    state_->keep(state_->feeds.subscribe(std::move(*read), record.partition, now));
    if (hub) state_->leave_hub(id, *std::move(hub), out);
    return {};
}

void poller::tick(timestamp now, emitter& out) {
    state_->follow_clock(now);
    state_->take_answers(now);
    state_->waiting.release(state_->ready, now);
    state_->conclude_ready(now, out);
    state_->speak_with_hubs(now, out);
    if (state_->draining) {
        if (!state_->give_up_at) state_->give_up_at = now + drain_patience;
        if (now >= *state_->give_up_at) state_->in_flight.clear();
    }
    state_->read_articles(now);
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
        } else if (state_->feeds.find(u.change.feed) == nullptr) {
            state_->numbers.forget(u.change.feed);
        }
        if (u.push)
            state_->desk->carry_out(std::move(*u.push), state_->last_now.value_or(timestamp{}), state_->last_token);
    }
    state_->trail.erase(state_->trail.begin(), state_->trail.begin() + static_cast<std::ptrdiff_t>(done));
    state_->settle();
}

void poller::rollback_batch(std::uint64_t batch) {
    while (!state_->trail.empty() && state_->trail.back().batch >= batch) {
        undo u = std::move(state_->trail.back());
        state_->trail.pop_back();
        state_->take_back(std::move(u));
    }
    state_->settle();
}

void poller::drain() {
    state_->draining = true;
    if (state_->desk) state_->desk->close();
    state_->waiting.drop_all();
}

bool poller::drained() const {
    return state_->in_flight.empty() && state_->ready.empty();
}

}  // namespace feedwatch
