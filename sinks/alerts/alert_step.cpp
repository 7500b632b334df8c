#include "sinks/alerts/alert_step.hpp"

#include <algorithm>

#include "core/record/dead.hpp"
#include "io/log/log.hpp"
#include "sinks/alerts/body.hpp"
#include "sinks/alerts/retry.hpp"

namespace feedwatch::alerts {
namespace {

using namespace std::chrono_literals;

// A receiver whose queue is full and that failed so often in a row does not hold up the others: what comes for it goes
// to `dead` at once. One that works is waited for.
constexpr std::uint32_t failing_after = 3;
// Work that one call does at most, so that a batch stays small.
constexpr std::size_t give_up_max = 200;
constexpr std::size_t forget_max = 200;

// On a dead letter that an operator replays: the alert is tried anew.
constexpr std::string_view replay_header = "feedwatch.replay";

const std::vector<double> attempt_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30};

std::string key_of(const std::string& channel, const std::string& webhook_id) {
    return channel + "|" + webhook_id;
}

bool is_replay(const record_view& r) {
    return std::any_of(r.headers.begin(), r.headers.end(), [](const header& h) { return h.name == replay_header; });
}

bool concerns(const topic_match& match, const std::string& channel) {
    if (match.shadow) return false;
    return match.notify.empty() || std::find(match.notify.begin(), match.notify.end(), channel) != match.notify.end();
}

}  // namespace

struct alert_step::receiver {
    receiver(channel c, meter& counts) : to(std::move(c)) {
        const std::string& name = to.config().name;
        const auto deliveries = [&](const char* result) -> counter& {
            return counts.get_counter("feedwatch_alert_deliveries_total",
                                      "Attempts by how they ended; dead: given up, overflow: given up unsent, "
                                      "withdrawn: its story was taken down.",
                                      {{"channel", name}, {"result", result}});
        };
        const labels with{{"channel", name}};
        delivered = &deliveries("delivered");
        failed = &deliveries("failed");
        dead = &deliveries("dead");
        overflow = &deliveries("overflow");
        withdrawn = &deliveries("withdrawn");
        seconds = &counts.get_histogram("feedwatch_alert_delivery_duration_seconds", "From request to answer.",
                                        attempt_buckets, with);
        queue = &counts.get_gauge("feedwatch_alert_queue_length", "Alerts that are due or being tried.", with);
        oldest = &counts.get_gauge("feedwatch_alert_oldest_pending_timestamp_seconds",
                                   "When the oldest pending alert was raised; 0: none is pending.", with);
        is_disabled = &counts.get_gauge("feedwatch_alert_channel_disabled",
                                        "1 once the receiver answered 410; a restart tries it again.", with);
        is_disabled->set(0);
    }

    [[nodiscard]] bool failing() const { return disabled || failures >= failing_after; }

    channel to;
    std::uint32_t in_flight = 0;
    std::uint32_t failures = 0;  // in a row, of any delivery
    timestamp held_until{};
    bool disabled = false;
    counter *delivered, *failed, *dead, *overflow, *withdrawn;
    histogram* seconds;
    gauge *queue, *oldest, *is_disabled;
};

alert_step::alert_step(alerts_options options, std::vector<channel> channels, http::exchange& through, meter& counts)
    : options_(std::move(options)), through_(through) {
    for (channel& c : channels) {
        std::string name = c.config().name;
        receivers_.emplace(std::move(name), std::make_unique<receiver>(std::move(c), counts));
    }
}

alert_step::~alert_step() = default;

alert_step::receiver* alert_step::receiver_named(const std::string& name) {
    const auto at = receivers_.find(name);
    return at == receivers_.end() ? nullptr : at->second.get();
}

result<> alert_step::restore(const record_view& record) {
    const std::string key(record.key);
    if (!record.value) {
        ledger_.load(key, std::nullopt);
        return {};
    }
    auto d = delivery_from_json(*record.value);
    if (!d) return d.error();
    entry e;
    e.partition = record.partition;
    if (d->status == delivery::state::pending) e.body = std::make_shared<const std::string>(std::move(d->body));
    d->body.clear();
    e.what = std::move(*d);
    ledger_.load(key, std::move(e));
    return {};
}

void alert_step::restored(std::int32_t /*partition*/, timestamp now) {
    now_ = now;
    for (const std::string& name : ledger_.channels_pending())
        if (receiver_named(name) == nullptr) warn_unknown_channel(name);
    submit_due(now);
    update_gauges();
}

void alert_step::revoked(std::int32_t partition) {
    // Answers to what is in flight are not waited for: the next owner tries again, under the same webhook-id.
    const auto is_of_partition = [&](const std::string& key) {
        const entry* e = ledger_.find(key);
        return e == nullptr || e->partition == partition;
    };
    for (auto at = in_flight_.begin(); at != in_flight_.end();) {
        if (!is_of_partition(at->second)) {
            ++at;
            continue;
        }
        receiver* to = receiver_named(at->second.substr(0, at->second.find('|')));
        if (to != nullptr) --to->in_flight;
        at = in_flight_.erase(at);
    }
    std::erase_if(unrecorded_, [&](const finished_attempt& f) { return is_of_partition(f.key); });
    ledger_.drop_partition(partition);
    stream_time_.erase(partition);
    update_gauges();
}

void alert_step::begin_batch(std::uint64_t batch) {
    batch_ = batch;
    ledger_.begin_batch(batch);
}

result<> alert_step::process(const record_view& record, timestamp now, emitter& out) {
    now_ = now;
    if (!record.value) {
        take_down(record, out);
        return {};
    }
    const auto item = flagged_item_from_json(*record.value);
    if (!item) return item.error();
    timestamp& stream_time = stream_time_[record.partition];
    stream_time = std::max(stream_time, record.written);
    forget_old(record.partition, stream_time, out);
    if (item->origin != origin::live) return {};
    for (const topic_match& match : item->matches) {
        for (const std::string& wanted : match.notify)
            if (receivers_.count(wanted) == 0) warn_unknown_channel(wanted);
        for (const auto& [name, to] : receivers_)
            if (concerns(match, name)) raise(*item, match, *to, record, now, out);
    }
    return {};
}

// The story was taken down: its alerts are neither sent nor remembered any more. What is in flight may still arrive.
void alert_step::take_down(const record_view& record, emitter& out) {
    for (const std::string& key : ledger_.of_story(record.partition, record.key)) {
        const entry* e = ledger_.find(key);
        if (receiver* const to = receiver_named(e->what.channel); to != nullptr && e->pending()) to->withdrawn->add();
        forget(key, e->partition, out);
    }
}

void alert_step::raise(const flagged_item& item, const topic_match& match, receiver& to, const record_view& record,
                       timestamp now, emitter& out) {
    const std::string& name = to.to.config().name;
    const std::string id = webhook_id(item.story, match.topic);
    const std::string key = key_of(name, id);
    const entry* known = ledger_.find(key);
    const bool again = known != nullptr && known->what.status == delivery::state::dead && is_replay(record);
    if (known != nullptr && !again) return;
    entry e;
    e.what.channel = name;
    e.what.webhook_id = id;
    e.what.topic = match.topic;
    e.what.story = item.story;
    e.what.next_attempt = now;
    e.what.changed = now;
    e.partition = record.partition;
    e.body = std::make_shared<const std::string>(alert_body(item, match.topic));
    const bool full = ledger_.pending(name).size() >= to.to.config().queue_max;
    if (to.disabled) {
        give_up(key, std::move(e), "http 410", now, out);
    } else if (full && to.failing()) {
        to.overflow->add();
        give_up(key, std::move(e), "queue_full", now, out);
    } else {
        change(key, std::move(e), out);
    }
}

void alert_step::change(const std::string& key, entry e, emitter& out) {
    delivery d = e.what;
    if (e.body) d.body = *e.body;
    output_record r;
    r.to = topic::deliveries;
    r.key = key;
    r.value = to_json(d);
    r.partition = e.partition;
    out.emit(std::move(r));
    ledger_.change(key, std::move(e));
}

void alert_step::give_up(const std::string& key, entry e, std::string_view reason, timestamp now, emitter& out) {
    receiver* to = receiver_named(e.what.channel);
    if (to != nullptr) to->dead->add();
    dead_letter letter;
    letter.topic = options_.topic_prefix + std::string(name_of(topic::flagged));
    letter.partition = e.partition;
    letter.offset = -1;  // not known any more after a restart
    letter.stage = "alerts";
    letter.reason = reason;
    letter.exception = "channel " + e.what.channel + ", webhook-id " + e.what.webhook_id;
    letter.attempt = std::max(e.what.attempts, 1U);
    output_record r;
    r.to = topic::dead;
    r.key = e.what.story.str();
    if (e.body) r.value = *e.body;
    r.headers = to_headers(letter);
    out.emit(std::move(r));
    e.what.status = delivery::state::dead;
    e.what.last_error = reason;
    e.what.changed = now;
    e.in_flight = false;
    e.body.reset();
    change(key, std::move(e), out);
}

void alert_step::tick(timestamp now, emitter& out) {
    now_ = now;
    collect_finished(now);
    std::vector<finished_attempt> ended = std::move(unrecorded_);
    unrecorded_.clear();
    for (finished_attempt& f : ended) {
        record_attempt(f, now, out);
        recorded_[batch_].push_back(std::move(f));
    }
    give_up_disabled(now, out);
    submit_due(now);
    update_gauges();
}

void alert_step::collect_finished(timestamp now) {
    for (http::finished& f : through_.take_finished()) {
        const auto at = in_flight_.find(f.token);
        if (at == in_flight_.end()) continue;  // its partition is somebody else's now
        std::string key = std::move(at->second);
        in_flight_.erase(at);
        attempt a = judge(f.outcome, now);
        receiver* to = receiver_named(key.substr(0, key.find('|')));
        if (to != nullptr) {
            --to->in_flight;
            to->failures = a.what == attempt::outcome::delivered ? 0 : to->failures + 1;
            (a.what == attempt::outcome::delivered ? to->delivered : to->failed)->add();
            if (f.outcome) to->seconds->observe(std::chrono::duration<double>(a.elapsed).count());
            if (a.what != attempt::outcome::delivered)
                log::warning("an alert was not delivered", {{"channel", to->to.config().name}, {"reason", a.reason}});
            if (a.hold_off) to->held_until = std::max(to->held_until, now + *a.hold_off);
            if (a.what == attempt::outcome::gone && !to->disabled) {
                to->disabled = true;
                to->is_disabled->set(1);
                log::warning("alert channel disabled: its receiver answered 410 Gone",
                             {{"channel", to->to.config().name}});
            }
        }
        unrecorded_.push_back({std::move(key), std::move(a)});
    }
}

void alert_step::record_attempt(const finished_attempt& done, timestamp now, emitter& out) {
    const entry* known = ledger_.find(done.key);
    if (known == nullptr || !known->in_flight) return;
    entry e = *known;
    e.in_flight = false;
    ++e.what.attempts;
    if (done.what.what == attempt::outcome::delivered) {
        e.what.status = delivery::state::delivered;
        e.what.last_error.clear();
        e.what.changed = now;
        e.body.reset();
        return change(done.key, std::move(e), out);
    }
    const receiver* to = receiver_named(e.what.channel);
    const bool last = to == nullptr || e.what.attempts >= to->to.config().attempts_max;
    if (last || done.what.what == attempt::outcome::gone)
        return give_up(done.key, std::move(e), done.what.reason, now, out);
    e.what.last_error = done.what.reason;
    const duration pause = retry_pause(e.what.attempts, done.key, options_.seed);
    e.what.next_attempt = now + std::max(pause, done.what.hold_off.value_or(duration::zero()));
    change(done.key, std::move(e), out);
}

// What waits for a receiver that wants nothing any more.
void alert_step::give_up_disabled(timestamp now, emitter& out) {
    for (const auto& [name, to] : receivers_) {
        if (!to->disabled) continue;
        std::vector<std::string> keys;
        for (const auto& [when, key] : ledger_.due(name)) {
            if (keys.size() == give_up_max) break;
            keys.push_back(key);
        }
        for (const std::string& key : keys) give_up(key, *ledger_.find(key), "http 410", now, out);
    }
}

void alert_step::forget_old(std::int32_t partition, timestamp stream_time, emitter& out) {
    std::vector<std::string> old;
    for (const auto& [changed, key] : ledger_.ended(partition)) {
        if (changed + options_.remember >= stream_time || old.size() == forget_max) break;
        old.push_back(key);
    }
    for (const std::string& key : old) forget(key, partition, out);
}

void alert_step::forget(const std::string& key, std::int32_t partition, emitter& out) {
    output_record r;
    r.to = topic::deliveries;
    r.key = key;
    r.partition = partition;
    out.emit(std::move(r));
    ledger_.change(key, std::nullopt);
}

void alert_step::submit_due(timestamp now) {
    if (draining_) return;
    for (const auto& [name, to] : receivers_) {
        if (to->disabled || now < to->held_until) continue;
        while (to->in_flight < to->to.config().in_flight_max) {
            const by_time& due = ledger_.due(name);
            if (due.empty() || due.begin()->first > now) break;
            const std::string key = due.begin()->second;
            const entry* e = ledger_.find(key);
            http::request request = to->to.request(e->what.webhook_id, *e->body, now);
            ledger_.set_in_flight(key, true);
            ++to->in_flight;
            in_flight_.emplace(++last_token_, key);
            through_.submit(last_token_, std::move(request));
        }
    }
}

std::optional<timestamp> alert_step::next_tick() const {
    if (!unrecorded_.empty()) return now_;
    std::optional<timestamp> next;
    for (const auto& [name, to] : receivers_) {
        const by_time& due = ledger_.due(name);
        if (due.empty()) continue;
        if (to->disabled) return now_;
        if (draining_ || to->in_flight >= to->to.config().in_flight_max) continue;  // a finished one wakes us
        const timestamp at = std::max(due.begin()->first, to->held_until);
        if (!next || at < *next) next = at;
    }
    return next;
}

void alert_step::commit_batch(std::uint64_t batch) {
    ledger_.commit_batch(batch);
    recorded_.erase(recorded_.begin(), recorded_.upper_bound(batch));
    submit_due(now_);
    update_gauges();
}

void alert_step::rollback_batch(std::uint64_t batch) {
    ledger_.rollback_batch(batch);
    for (auto at = recorded_.lower_bound(batch); at != recorded_.end(); at = recorded_.erase(at))
        std::move(at->second.begin(), at->second.end(), std::back_inserter(unrecorded_));
    update_gauges();
}

bool alert_step::wants_input() const {
    return std::none_of(receivers_.begin(), receivers_.end(), [&](const auto& r) {
        return !r.second->failing() && ledger_.pending(r.first).size() >= r.second->to.config().queue_max;
    });
}

bool alert_step::drained() const {
    return in_flight_.empty() && unrecorded_.empty() && recorded_.empty();
}

void alert_step::warn_unknown_channel(const std::string& wanted) {
    if (!warned_.insert(wanted).second) return;
    log::warning("alerts are meant for a channel that is not configured", {{"channel", wanted}});
}

void alert_step::update_gauges() {
    for (const auto& [name, to] : receivers_) {
        const by_time& pending = ledger_.pending(name);
        to->queue->set(static_cast<double>(pending.size()));
        const auto oldest = pending.empty() ? duration::zero() : pending.begin()->first.time_since_epoch();
        to->oldest->set(std::chrono::duration<double>(oldest).count());
    }
}

}  // namespace feedwatch::alerts
