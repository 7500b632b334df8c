#include "producers/poll/push_desk.hpp"

#include <algorithm>
#include <utility>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "io/log/log.hpp"
#include "producers/poll/delivery.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/wishes.hpp"
#include "producers/push/form.hpp"
#include "producers/schedule/interval.hpp"

namespace feedwatch::polling {
namespace {

using state = push_subscription::state;

constexpr std::size_t letters_per_tick_max = 32;  // so that one batch stays small
constexpr std::size_t steps_per_tick_max = 64;
constexpr std::size_t requests_max = 16;  // to hubs at a time
constexpr std::size_t answer_bytes_max = 64U << 10U;
// What a process takes over it asks for again, a hundred feeds in ten seconds, all within an hour.
constexpr duration take_over_each = std::chrono::milliseconds{100};
constexpr duration take_over_max = std::chrono::hours{1};
constexpr duration leaving_for = std::chrono::hours{1};
constexpr std::size_t leaving_max = 10000;

http::served_reply reply_of(std::uint32_t status, std::string text, std::uint32_t retry_after_seconds = 0) {
    return {status, "text/plain; charset=utf-8", std::move(text), {}, retry_after_seconds};
}

// When polls without a hub would come next, counted from `now`.
timestamp unstretched(const feed& f, const poll& of, timestamp now) {
    const auto items = of.items_known + of.items_new;
    const duration wait = schedule::within_hint(of.interval, of.ttl, of.gap, {items, items}, f.interval);
    return wished_due(now + wait, of);
}

std::string key_of(const feed_id& feed, std::uint64_t number) {
    return std::to_string(number) + ' ' + feed.str();
}

http::request request_to(const push::hub_request& r, const push::keys& own, const feed_id& feed, duration lease,
                         const fetch_limits& limits) {
    const push::address of{feed, r.number};
    push::form fields{{"hub.mode", r.subscribe ? "subscribe" : "unsubscribe"},
                      {"hub.topic", r.topic},
                      {"hub.callback", own.callback(of)}};
    if (r.subscribe) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(lease).count();
        fields.emplace_back("hub.lease_seconds", std::to_string(seconds));
        fields.emplace_back("hub.secret", own.hub_secret(of));
    }
    http::request out;
    out.method = "POST";
    out.url = r.hub;
    out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    out.body = push::write_form(fields);
    out.body_bytes_max = answer_bytes_max;
    out.total_timeout = limits.total_timeout;
    out.connect_timeout = limits.connect_timeout;
    out.redirects_max = limits.redirects_max;
    return out;
}

}  // namespace

push_desk::push_desk(push::inbox& letters, push::policy how, outcome_options what, fetch_limits limits,
                     http::exchange& requests, roster& feeds, meter& counts)
    : inbox_(letters),
      how_(std::move(how)),
      what_(what),
      limits_(limits),
      requests_(requests),
      feeds_(feeds),
      counts_(counts) {
    how_.callback = inbox_.own().base();
}

bool push_desk::may_have_hub(const feed& f) {
    return !f.is_paused() && f.credentials.empty() && without_userinfo(f.url).userinfo.empty() &&
           f.client_certificate.empty() && f.proxy.empty() && !f.full_text;
}

// --- polls

std::vector<push::hub_request> push_desk::concluded(const subscribed& f, conclusion& c, const answer& got) const {
    if (c.failed) return {};
    const poll& before = f.checkpoint;
    poll& next = c.next;
    std::vector<push::hub_request> ask;
    if (c.links && next.last_success) {
        push::advertised seen;
        if (may_have_hub(f.what))
            seen = push::discover(got.outcome->headers, *c.links, without_userinfo(got.outcome->url).url);
        push::change changed = push::discovered(before.push, seen, next.at, how_);
        ask = std::move(changed.ask);
        next.push = push::polled(std::move(changed.next), next.items_new, before.last_success, next.at, how_);
    }
    if (next.push) next.push->items = 0;  // conclude() has counted them
    const duration wait = push::stretched(next.push, next.interval, f.what.interval.max, next.at);
    if (wait > next.interval)
        next.next_due = std::max(
            next.next_due, wished_due(next.at + schedule::with_jitter(wait, hash64(f.what.id.str(), how_.seed)), next));
    return ask;
}

std::optional<hub_before> push_desk::hub_of(const feed_id& id) const {
    const subscribed* f = feeds_.find(id);
    if (f == nullptr || !f->checkpoint.push) return std::nullopt;
    return hub_before{f->what.url, push::ended(f->checkpoint.push, how_).ask};
}

// --- what is known of feeds

void push_desk::watch(const subscribed& f) {
    const feed_id& id = f.what.id;
    const auto soon = taken_over_.contains(id) ? steps_.due_of(id) : std::nullopt;
    unwatch(id);
    if (!f.checkpoint.push || !may_have_hub(f.what)) {
        taken_over_.erase(id);
        return;
    }
    const timestamp next = f.checkpoint.push->next_step;
    steps_.set(id, soon ? std::min(*soon, next) : next);
    states_[id] = f.checkpoint.push->is;
    ++by_state_[static_cast<std::size_t>(f.checkpoint.push->is)];
}

void push_desk::unwatch(const feed_id& id) {
    steps_.erase(id);
    const auto known = states_.find(id);
    if (known == states_.end()) return;
    --by_state_[static_cast<std::size_t>(known->second)];
    states_.erase(known);
}

void push_desk::forget(const feed_id& id) {
    unwatch(id);
    taken_over_.erase(id);
}

void push_desk::publish_states() {
    for (std::size_t i = 0; i < by_state_.size(); ++i) counts_.set_subscriptions(static_cast<state>(i), by_state_[i]);
}

void push_desk::take_over(std::int32_t partition, timestamp now) {
    const std::vector<feed_id> ids = feeds_.with_hub(partition);
    const duration all = std::min(take_over_each * static_cast<std::int64_t>(ids.size()), take_over_max);
    for (const feed_id& id : ids) {
        const subscribed& f = *feeds_.find(id);
        watch(f);
        if (may_have_hub(f.what)) {
            taken_over_.insert(id);
            const auto share = hash64(id.str(), how_.seed) % static_cast<std::uint64_t>(all.count());
            steps_.set(id, now + duration{static_cast<std::int64_t>(share)});
        }
        feeds_.rest();  // one at a time
    }
}

// --- time

std::optional<timestamp> push_desk::next_due() const {
    return in_flight_.size() < requests_max ? steps_.next() : std::nullopt;
}

void push_desk::work(timestamp now, const push_store& store) {
    for (push::letter& l : inbox_.take()) letters_.push_back(std::move(l));
    for (; !refusals_.empty(); refusals_.pop_front()) {
        const asked& one = refusals_.front();
        subscribed* f = feeds_.find(one.feed);
        if (f != nullptr && one.subscribe)
            store_change(*f, push::failed(f->checkpoint.push, one.number, now), {}, now, store);
    }
    for (std::size_t n = 0; n < letters_per_tick_max && !letters_.empty(); ++n) {
        push::letter l = std::move(letters_.front());
        letters_.pop_front();
        read_letter(std::move(l), now, store);
    }
    for (std::size_t n = 0; n < steps_per_tick_max && in_flight_.size() + n < requests_max; ++n) {
        const auto id = steps_.pop(now);
        if (!id) return;
        if (subscribed* f = feeds_.find(*id)) step(*f, now, store);
    }
}

void push_desk::step(subscribed& f, timestamp now, const push_store& store) {
    const bool fresh = taken_over_.erase(f.what.id) > 0;
    push::change c =
        fresh ? push::taken_over(f.checkpoint.push, now, how_) : push::stepped(f.checkpoint.push, now, how_);
    push_effects effects;
    effects.ask = std::move(c.ask);
    store_change(f, std::move(c.next), std::move(effects), now, store);
    watch(f);
}

// Where the subscription no longer delivers, polls must not wait as long as they did.
void push_desk::store_change(subscribed& f, push::subscription next, push_effects effects, timestamp now,
                             const push_store& store) const {
    const bool fell_silent = next && next->is == state::silent && f.checkpoint.push->is != state::silent;
    if (fell_silent)
        log::warning("a hub has not delivered what a poll found; the feed is polled as often as without it",
                     {{"feed", f.what.id.str()}, {"hub", redacted_url(next->hub)}});
    if (next == f.checkpoint.push && !effects.letter && effects.ask.empty()) return;
    poll checkpoint = f.checkpoint;
    checkpoint.push = std::move(next);
    const bool was_delivering = f.checkpoint.push && f.checkpoint.push->deliveries > 0;
    const bool delivers = checkpoint.push && checkpoint.push->deliveries > 0;
    if (was_delivering && !delivers && checkpoint.failures == 0)
        checkpoint.next_due = std::min(checkpoint.next_due, unstretched(f.what, checkpoint, now));
    store(f, std::move(checkpoint), {}, std::move(effects));
}

// --- what hubs send

bool push_desk::is_current(const subscribed& f, const push::address& to) const {
    return f.checkpoint.push && f.checkpoint.push->number == to.number &&
           f.checkpoint.push->callback == how_.callback && may_have_hub(f.what) &&
           f.checkpoint.url == without_userinfo(f.what.url).url;
}

// A feed that is not here: another process may own it by now, or this one does not own it yet.
void push_desk::refuse(push::letter& l, timestamp now) {
    const bool settled = now >= settled_at_ || feeds_.find(l.to.feed) != nullptr;
    if (!l.asks) counts_.count(settled ? push::delivery_outcome::ended : push::delivery_outcome::not_ready);
    if (l.asks) counts_.count(push::intent_outcome::refused);
    if (!settled) return l.reply->send(reply_of(503, "not now; try again\n", 10));
    l.reply->send(l.asks ? reply_of(404, "not asked for\n") : reply_of(410, "no longer subscribed\n"));
}

void push_desk::read_letter(push::letter l, timestamp now, const push_store& store) {
    if (!l.reply->is_awaited()) return;  // told to try again: it will
    subscribed* f = feeds_.find(l.to.feed);
    const bool current = f != nullptr && is_current(*f, l.to);
    const auto shared = std::make_shared<push::letter>(std::move(l));
    if (shared->asks) return answer_intent(current ? f : nullptr, shared, now, store);
    if (!current) return refuse(*shared, now);
    deliver(*f, shared, now, store);
}

void push_desk::deliver(subscribed& f, std::shared_ptr<push::letter> l, timestamp now, const push_store& store) {
    auto c = conclude_delivery(f.what, f.checkpoint, {l->body, l->content_type, now}, what_);
    if (!c) {
        counts_.count(push::delivery_outcome::not_a_feed);
        return l->reply->send(reply_of(400, "not a feed\n"));
    }
    poll next = std::move(c->next);
    next.push = push::delivered(*std::move(next.push), now, how_);
    const duration wait = push::stretched(next.push, next.interval, f.what.interval.max, now);
    next.push->items += next.items_new;
    if (next.failures == 0 && wait > next.interval)
        next.next_due = std::max(next.next_due, wished_due(next.at + wait, next));
    push_effects effects;
    effects.letter = std::move(l);
    effects.reply = reply_of(204, "");
    effects.items = {next.items_new, next.items_updated, next.items_known};
    store(f, std::move(next), std::move(c->items), std::move(effects));
}

void push_desk::answer_intent(subscribed* f, std::shared_ptr<push::letter> l, timestamp now, const push_store& store) {
    const push::intent& asks = *l->asks;
    push_effects effects;
    push::subscription next;
    if (asks.is == push::intent::mode::unsubscribe) {
        const auto known = leaving_.find(key_of(l->to.feed, l->to.number));
        if (known == leaving_.end() || known->second.topic != asks.topic || now >= known->second.until)
            return refuse(*l, now);
        counts_.count(push::intent_outcome::confirmed);
        return l->reply->send(reply_of(200, asks.challenge));
    }
    if (f == nullptr) return refuse(*l, now);
    if (asks.is == push::intent::mode::subscribe) {
        next = push::verified(f->checkpoint.push, asks.topic, asks.lease, now, how_);
        effects.reply = reply_of(200, asks.challenge);
    } else {
        next = push::denied(f->checkpoint.push, asks.topic, now, how_);
        effects.reply = reply_of(200, "");
        if (next)
            log::warning("a hub denies a subscription; the feed is polled",
                         {{"feed", f->what.id.str()}, {"hub", redacted_url(next->hub)}, {"reason", asks.reason}});
    }
    if (!next) return refuse(*l, now);
    effects.letter = std::move(l);
    store_change(*f, std::move(next), std::move(effects), now, store);
}

// --- effects

void push_desk::carry_out(push_effects effects, timestamp now, std::uint64_t& last_token) {
    for (const push::hub_request& r : effects.ask) {
        if (!r.subscribe) note_leaving(effects.feed, r, now);
        const std::uint64_t token = ++last_token;
        in_flight_.emplace(token, asked{effects.feed, r.number, r.subscribe});
        requests_.submit(token, request_to(r, inbox_.own(), effects.feed, how_.lease, limits_));
    }
    if (!effects.letter) return;
    if (effects.items) {
        counts_.count(push::delivery_outcome::accepted);
        counts_.count_items((*effects.items)[0], (*effects.items)[1], (*effects.items)[2]);
    } else {
        const bool denied = effects.letter->asks->is == push::intent::mode::denied;
        counts_.count(denied ? push::intent_outcome::denied : push::intent_outcome::confirmed);
    }
    effects.letter->reply->send(std::move(effects.reply));
}

void push_desk::take_back(push_effects effects) {
    if (effects.letter) letters_.push_front(std::move(*effects.letter));
}

void push_desk::note_leaving(const feed_id& feed, const push::hub_request& r, timestamp now) {
    if (leaving_.size() >= leaving_max) std::erase_if(leaving_, [&](const auto& e) { return now >= e.second.until; });
    // Past the limit hubs get 404 for these, and their deliveries 410.
    if (leaving_.size() < leaving_max) leaving_[key_of(feed, r.number)] = {r.topic, now + leaving_for};
}

bool push_desk::take_answer(std::uint64_t token, const result<http::response>& outcome) {
    auto node = in_flight_.extract(token);
    if (node.empty()) return false;
    const bool accepted = outcome && outcome->status / 100 == 2;
    counts_.count(accepted  ? push::request_outcome::accepted
                  : outcome ? push::request_outcome::refused
                            : push::request_outcome::failed);
    if (!accepted) refusals_.push_back(std::move(node.mapped()));
    return true;
}

void push_desk::close() {
    inbox_.close();
    letters_.clear();
}

}  // namespace feedwatch::polling
