#include "producers/push/subscription.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace feedwatch::push {
namespace {

using state = push_subscription::state;

constexpr duration back_off_min = std::chrono::minutes{1};
constexpr duration back_off_max = std::chrono::days{1};
constexpr duration ask_again_min = std::chrono::seconds{30};  // between two renewals, however short the lease
constexpr std::uint32_t unwell_failures = 5;

duration ask_again_after(const policy& how) {
    return std::min(ask_again_min, how.lease / 4);
}

duration back_off(std::uint32_t failures) {
    return std::min(back_off_min * (1U << std::min(failures, 16U)), back_off_max);
}

std::uint64_t next_number(std::uint64_t before, timestamp now) {
    return std::max<std::uint64_t>(before + 1, static_cast<std::uint64_t>(now.time_since_epoch().count()));
}

push_subscription made(std::string hub, std::string topic, std::uint64_t number, timestamp now, const policy& how) {
    push_subscription s;
    s.hub = std::move(hub);
    s.topic = std::move(topic);
    s.callback = how.callback;
    s.number = number;
    s.next_step = now;
    return s;
}

hub_request request_for(const push_subscription& s, bool subscribe) {
    return {subscribe, s.hub, s.topic, s.number};
}

bool is_unwell(const push_subscription& s) {
    return s.is == state::denied || s.is == state::silent || (s.is != state::active && s.failures >= unwell_failures);
}

bool is_within_lease(const push_subscription& s, timestamp now) {
    return s.is == state::active && s.lease_until && now < *s.lease_until;
}

duration unheard_max_of(const policy& how) {
    return std::min(how.unheard_max, how.lease / 4);
}

// Between 75 and 90 % of the way from asking to the end of the lease. While a renewal gets no answer, that point moves
// ahead by the same share of what is left.
timestamp renewal_of(const push_subscription& s, const policy& how) {
    const duration whole = *s.lease_until - s.asked.value_or(*s.active_since);
    const auto share = 750 + static_cast<std::int64_t>(hash64(std::to_string(s.number), how.seed) % 150);
    const duration wait = std::max(whole * share / 1000, ask_again_after(how));
    return s.asked.value_or(*s.active_since) + wait;
}

timestamp next_step_of(const push_subscription& s, const policy& how) {
    timestamp next = std::min(renewal_of(s, how), *s.lease_until);
    if (s.unheard_since) next = std::min(next, *s.unheard_since + unheard_max_of(how));
    return next;
}

change asked(push_subscription s, timestamp now, const policy& how) {
    change out;
    s.asked = now;
    if (s.is == state::active) {
        s.next_step = next_step_of(s, how);
    } else {
        s.is = state::requested;
        s.next_step = now + how.verified_within;
    }
    out.ask.push_back(request_for(s, true));
    out.next = std::move(s);
    return out;
}

// Nothing of it holds any more but where to ask.
push_subscription afresh(const push_subscription& s, std::uint64_t number, timestamp now, const policy& how) {
    push_subscription out = made(s.hub, s.topic, number, now, how);
    out.last_delivery = s.last_delivery;
    out.failures = s.failures;
    return out;
}

bool is_pending(const push_subscription& s, timestamp now, const policy& how) {
    return s.asked && now < *s.asked + how.verified_within && s.is != state::denied;
}

const std::string& chosen(const subscription& before, const advertised& seen) {
    if (!before) return seen.hubs.front();
    const auto at = std::find(seen.hubs.begin(), seen.hubs.end(), before->hub);
    if (at == seen.hubs.end()) return seen.hubs.front();
    if (!is_unwell(*before)) return *at;
    return std::next(at) == seen.hubs.end() ? seen.hubs.front() : *std::next(at);
}

}  // namespace

change discovered(const subscription& before, const advertised& seen, timestamp now, const policy& how) {
    if (seen.hubs.empty()) return ended(before, how);
    const std::string& hub = chosen(before, seen);
    if (!before) return {made(hub, seen.topic, next_number(0, now), now, how), {}};
    if (before->hub == hub && before->topic == seen.topic && before->callback == how.callback) return {before, {}};
    change out = ended(before, how);
    out.next = made(hub, seen.topic, next_number(before->number, now), now, how);
    if (is_unwell(*before) && before->topic == seen.topic) {
        // Two hubs that are both unwell do not become a reason to ask all the time.
        out.next->failures = before->failures;
        out.next->next_step = now + back_off(before->failures);
    }
    return out;
}

subscription polled(subscription before, std::size_t fresh, std::optional<timestamp> poll_before, timestamp now,
                    const policy& how) {
    if (!before || fresh == 0 || before->unheard_since || !is_within_lease(*before, now)) return before;
    // What appeared before the hub began to deliver was not its to deliver.
    if (!poll_before || *poll_before <= *before->active_since) return before;
    before->unheard_since = now;
    before->next_step = next_step_of(*before, how);
    return before;
}

change stepped(const subscription& before, timestamp now, const policy& how) {
    if (!before || now < before->next_step) return {before, {}};
    push_subscription s = *before;
    switch (s.is) {
        case state::wanted:
            return asked(std::move(s), now, how);
        case state::denied:
        case state::silent:
            return asked(afresh(s, next_number(s.number, now), now, how), now, how);
        case state::requested:
            return {failed(s, s.number, now), {}};
        case state::active:
            break;
    }
    if (!is_within_lease(s, now)) {
        push_subscription again = afresh(s, next_number(s.number, now), now, how);
        again.next_step = std::max(now, s.asked.value_or(now) + ask_again_after(how));
        return again.next_step > now ? change{std::move(again), {}} : asked(std::move(again), now, how);
    }
    if (s.unheard_since && now >= *s.unheard_since + unheard_max_of(how)) {
        s.is = state::silent;
        s.deliveries = 0;
        s.active_since.reset();
        s.next_step = now + how.silent_for * (1U << std::min(s.failures, 4U));
        ++s.failures;
        return {std::move(s), {}};
    }
    if (now >= renewal_of(s, how)) return asked(std::move(s), now, how);
    s.next_step = next_step_of(s, how);
    return {std::move(s), {}};
}

change taken_over(const subscription& before, timestamp now, const policy& how) {
    if (!before) return {};
    if (before->callback != how.callback) return {afresh(*before, next_number(before->number, now), now, how), {}};
    if (!is_within_lease(*before, now)) return {before, {}};
    return asked(*before, now, how);
}

subscription failed(subscription before, std::uint64_t number, timestamp now) {
    // A renewal that fails is tried again by renewal_of().
    if (!before || before->number != number || before->is != state::requested) return before;
    before->is = state::wanted;
    before->asked.reset();
    before->next_step = now + back_off(before->failures);
    ++before->failures;
    return before;
}

change ended(const subscription& before, const policy& how) {
    change out;
    if (!before || before->callback != how.callback) return out;
    if (before->asked || before->lease_until) out.ask.push_back(request_for(*before, false));
    return out;
}

subscription verified(const subscription& before, const std::string& topic, std::optional<duration> lease,
                      timestamp now, const policy& how) {
    if (!before || before->topic != topic || before->callback != how.callback) return std::nullopt;
    if (!is_pending(*before, now, how)) return std::nullopt;
    subscription next = before;
    // A hub that says nothing, which it must not, is taken to agree.
    next->lease_until = now + std::clamp<duration>(lease.value_or(how.lease), duration{1}, how.lease);
    if (next->is != state::silent) {
        next->is = state::active;
        if (!next->active_since) next->active_since = now;
        next->next_step = next_step_of(*next, how);
    }
    return next;
}

subscription denied(const subscription& before, const std::string& topic, timestamp now, const policy& how) {
    if (!before || before->topic != topic || before->callback != how.callback) return std::nullopt;
    if (before->is != state::requested && before->is != state::active) return std::nullopt;
    subscription next = before;
    next->is = state::denied;
    next->asked.reset();
    next->active_since.reset();
    next->lease_until.reset();
    next->unheard_since.reset();
    next->deliveries = 0;
    ++next->failures;
    next->next_step = now + how.denied_for;
    return next;
}

push_subscription delivered(push_subscription s, timestamp now, const policy& how) {
    s.last_delivery = now;
    s.unheard_since.reset();
    ++s.deliveries;
    s.failures = 0;
    if (s.is == state::silent && s.lease_until && now < *s.lease_until) {
        s.is = state::active;
        s.active_since = now;
    }
    if (s.is == state::active) s.next_step = next_step_of(s, how);
    return s;
}

duration stretched(const subscription& s, duration interval, duration longest, timestamp now) {
    if (!s || s->unheard_since || s->deliveries == 0 || !is_within_lease(*s, now)) return interval;
    duration out = interval;
    for (std::uint32_t n = 0; n < s->deliveries && out < longest; ++n) out *= 2;
    return std::max(interval, std::min(out, longest));
}

}  // namespace feedwatch::push
