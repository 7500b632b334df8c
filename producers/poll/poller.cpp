#include "producers/poll/poller.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/record/feed.hpp"
#include "core/record/poll.hpp"
#include "core/url/url.hpp"
#include "io/log/log.hpp"
#include "producers/poll/article_desk.hpp"
#include "producers/poll/backfill.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/event_log.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/roster.hpp"

namespace feedwatch {

using namespace polling;

namespace {

constexpr std::size_t answers_per_tick_max = 32;              // so that one batch stays small
constexpr duration clock_back = std::chrono::minutes{1};      // set back by more than this: due times move along
constexpr duration clock_forward = std::chrono::minutes{5};   // slept or set forward: what is overdue is spread
constexpr duration drain_patience = std::chrono::seconds{3};  // a fetch can always be repeated
constexpr duration sweep_every = std::chrono::hours{1};

struct fetch {
    feed_id feed;
    std::uint64_t generation = 0;
    std::string host;
    std::string url;
    bool page = false;  // an older page for a backfill, not the feed
    bool conditional = true;
    bool moved = false;  // asked is where its permanent redirect leads
};

struct answered {
    fetch of;
    answer got;
    std::optional<articles_by_url> articles{};  // behind its items; nullopt: not looked for yet
    std::vector<std::string> left_out{};        // URLs of those that are not read
};

// How to take one change of a batch back.
struct undo {
    std::uint64_t batch = 0;
    roster_change change;
    std::optional<answered> answer_before;  // the poll's answer, to be worked through again
    std::optional<report> count;            // what to count once it is committed
};

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

result<feed> feed_of(const record_view& record) {
    auto read = feed_from_json(*record.value);
    if (read && read->id.str() != record.key) return error(errc::malformed, "the record's key is not the feed's id");
    return read;
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
    for (const poll_event& e : p.events) out.events.push_back(e.kind);
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
          feeds(numbers, {options.limits.per_host_max, options.host_spacing}),
          articles(options.articles, counts) {}

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
        if (!with) {
            feeds.leave(f.host);
            ready.push_back({std::move(of), {with.error(), now, {}}});
            ready.back().got.url = ready.back().of.url;
            return;
        }
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
        if (!with) {
            feeds.leave(of.host);
            ready.push_back({of, {with.error(), now, of.url}});
            return;
        }
        submit(std::move(of), make_page_request(f.what, f.checkpoint, *with, options.limits));
    }

    void submit(fetch of, http::request request) {
        const std::uint64_t token = ++last_token;
        in_flight.emplace(token, std::move(of));
        fetches.submit(token, std::move(request));
    }

    void take_answers(timestamp now) {
        for (http::finished& done : fetches.take_finished()) {
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
            if (!next.articles && order_articles(*f, next, now)) continue;
            conclude_one(*f, std::move(next), now, out);
        }
    }

    void conclude_one(subscribed& f, answered next, timestamp now, emitter& out) {
        if (next.of.page) return conclude_page(f, std::move(next), now, out);
        conclusion c = conclude(f.what, f.checkpoint, next.got, how_to_conclude());
        if (next.articles) put_articles(c, *next.articles);
        if (c.host_pause) {
            feeds.hold(f.host, now + *c.host_pause);
            articles.hold(f.host, now + *c.host_pause);
        }
        c.next.host_pace = feeds.learn(f.host, c.taught, now);
        tell(f, c);
        report count = report_of(c, next.got.outcome);

        for (item& i : c.items) out.emit(item_record(std::move(i)));
        undo& trace = keep(feeds.set_checkpoint(f, std::move(c.next)));
        trace.count = std::move(count);
        trace.answer_before = std::move(next);
        f.asking = false;
        f.due = f.checkpoint.next_due;
        feeds.schedule(f);
        out.emit(checkpoint_record(f.what.id, f.partition, to_json(f.checkpoint)));
    }

    [[nodiscard]] outcome_options how_to_conclude() const {
        outcome_options how;
        how.items_max = options.items_per_feed_max;
        how.window.keep = options.window;
        how.seed = options.seed;
        return how;
    }

    // --- full text
    // -----------------------------------------------------------------------------------------------------

    // Whether the answer has to wait for the articles behind its items. It is concluded when they are there, against
    // the checkpoint, which nothing else changes until then.
    bool order_articles(const subscribed& f, answered& next, timestamp now) {
        if (next.of.page || !f.what.full_text || draining || !next.got.outcome) return false;
        const conclusion ahead = conclude(f.what, f.checkpoint, next.got, how_to_conclude());
        wanted_articles wanted = articles_wanted(ahead.items);
        if (wanted.urls.empty()) return false;
        const std::uint64_t number = ++last_order;
        if (!articles.has_room()) {
            next.articles = not_read(wanted.urls, "too many others are waited for");
            return false;
        }
        const auto with = credentials_of(f.what, options.authorize, options.read_secret);
        if (!with) {  // without them it would be another way than the feed's
            next.articles = not_read(wanted.urls, with.error().detail);
            return false;
        }
        articles.order(number, wanted.urls, article_secrets_of(f.what, *with), now);
        next.left_out = std::move(wanted.left_out);
        parked.emplace(number, std::move(next));
        return true;
    }

    void take_articles(timestamp now) {
        for (article_desk::finished& done : articles.take_finished(now)) {
            auto node = parked.extract(done.number);
            if (node.empty()) continue;
            done.read.merge(not_read(node.mapped().left_out,
                                     "past the limit of " + std::to_string(articles_max) + " for one poll"));
            node.mapped().articles = std::move(done.read);
            ready.push_back(std::move(node.mapped()));
        }
    }

    void read_articles(timestamp now) {
        if (draining) return;
        articles.work(now, [this](http::request what) {
            fetches.submit(++last_token, std::move(what));
            return last_token;
        });
    }

    void conclude_page(subscribed& f, answered next, timestamp now, emitter& out) {
        page_conclusion c = polling::conclude_page(f.what, f.checkpoint, next.got, how_to_conclude());
        if (c.host_pause) feeds.hold(next.of.host, now + *c.host_pause);
        const backfill_progress& at = *c.next.backfill;
        if (at.state != backfill_states::running)
            log::info("a backfill has ended", {{"feed", f.what.id.str()},
                                               {"state", at.state},
                                               {"pages", at.pages},
                                               {"items", at.items},
                                               {"detail", at.detail}});
        for (item& i : c.items) out.emit(item_record(std::move(i)));
        undo& trace = keep(feeds.set_checkpoint(f, std::move(c.next)));
        trace.answer_before = std::move(next);
        f.asking = false;
        feeds.schedule(f);
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
                log::warning("polling a feed fails", {{"feed", p.feed.str()},
                                                      {"url", redacted_url(p.url)},
                                                      {"reason", p.outcome},
                                                      {"detail", p.detail}});
        }
        log_events(p);
        if (!p.redirected_to.empty() && p.redirected_to != f.checkpoint.redirected_to)
            log::warning("the feed has moved; its new URL belongs into the configuration",
                         {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"to", redacted_url(p.redirected_to)}});
        if (redirect_has_held(p, p.at) && !redirect_has_held(f.checkpoint, f.checkpoint.at))
            log::warning("the feed's permanent redirect has held for a week",
                         {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"to", redacted_url(p.redirected_to)}});
    }

    // --- time
    // ----------------------------------------------------------------------------------------------------------

    void follow_clock(timestamp now) {
        if (last_now && now + clock_back < *last_now) {
            feeds.shift(now - *last_now);
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
        const std::optional<timestamp> article = articles.next_due();
        const auto due = in_flight.size() < options.limits.in_flight_max ? feeds.next_due() : std::nullopt;
        return article && due ? std::min(*article, *due) : article ? article : due;
    }

    // --- batches
    // -------------------------------------------------------------------------------------------------------

    void take_back(undo u) {
        if (u.answer_before) ready.push_front(std::move(*u.answer_before));
        feeds.take_back(std::move(u.change), [this](const subscribed& f) { return is_asking(f); });
    }

    [[nodiscard]] bool is_asking(const subscribed& f) const {
        const auto same = [&](const fetch& x) { return x.feed == f.what.id && x.generation == f.generation; };
        return std::any_of(ready.begin(), ready.end(), [&](const answered& a) { return same(a.of); }) ||
               std::any_of(parked.begin(), parked.end(), [&](const auto& entry) { return same(entry.second.of); }) ||
               std::any_of(in_flight.begin(), in_flight.end(), [&](const auto& entry) { return same(entry.second); });
    }

    poller_options options;
    http::exchange& fetches;
    metrics numbers;
    roster feeds;
    article_desk articles;

    std::unordered_map<std::uint64_t, fetch> in_flight;
    std::deque<answered> ready;                          // answers not yet worked through
    std::unordered_map<std::uint64_t, answered> parked;  // by order: those that wait for articles
    std::vector<undo> trail;                             // of open batches, oldest first
    std::uint64_t batch = 0;
    std::uint64_t last_token = 0;
    std::uint64_t last_order = 0;
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
}

void poller::revoked(std::int32_t partition) {
    state_->feeds.revoke(partition);
}

void poller::begin_batch(std::uint64_t batch) {
    state_->batch = batch;
}

result<> poller::process(const record_view& record, timestamp now, emitter& out) {
    const feed_id id{std::string(record.key)};
    if (!record.value) {
        state_->keep(state_->feeds.unsubscribe(id));
        out.emit(checkpoint_record(id, record.partition, std::nullopt));
        return {};
    }
    auto read = feed_of(record);
    if (!read) return read.error();
    state_->keep(state_->feeds.subscribe(std::move(*read), record.partition, now));
    return {};
}

void poller::tick(timestamp now, emitter& out) {
    state_->follow_clock(now);
    state_->take_answers(now);
    state_->take_articles(now);
    state_->conclude_ready(now, out);
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
    }
    state_->trail.erase(state_->trail.begin(), state_->trail.begin() + static_cast<std::ptrdiff_t>(done));
    state_->feeds.publish_states();
    state_->feeds.rest();
}

void poller::rollback_batch(std::uint64_t batch) {
    while (!state_->trail.empty() && state_->trail.back().batch >= batch) {
        undo u = std::move(state_->trail.back());
        state_->trail.pop_back();
        state_->take_back(std::move(u));
    }
    state_->feeds.publish_states();
    state_->feeds.rest();
}

void poller::drain() {
    state_->draining = true;
    state_->articles.drop_all();  // what waits for articles is polled again by whoever comes next
    state_->parked.clear();
}

bool poller::drained() const {
    return state_->in_flight.empty() && state_->ready.empty();
}

}  // namespace feedwatch
