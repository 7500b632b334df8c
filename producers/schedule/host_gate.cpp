#include "producers/schedule/host_gate.hpp"

#include <algorithm>

namespace feedwatch::schedule {

host_gate::host_state& host_gate::state_of(const std::string& host) {
    const auto [found, fresh] = by_name_.try_emplace(host, 0);
    if (fresh) {
        if (free_.empty()) {
            found->second = static_cast<handle>(hosts_.size());
            hosts_.emplace_back();
        } else {
            found->second = free_.back();
            free_.pop_back();
        }
        hosts_[found->second].name = &found->first;
    }
    return hosts_[found->second];
}

bool host_gate::is_full(const host_state& h) const {
    return h.running >= (h.pace > duration::zero() ? 1 : limits_.at_once);
}

void host_gate::start(host_state& h, timestamp now) {
    ++h.running;
    h.started = now;
    h.next = now + std::max(limits_.spacing, h.pace);
}

void host_gate::set_turn(handle host) {
    const host_state& h = hosts_[host];
    h.waiting.empty() || is_full(h) ? turns_.erase(host) : turns_.set(host, h.next);
}

bool host_gate::enter(const std::string& host, handle feed, timestamp now) {
    host_state& h = state_of(host);
    h.pace = faded(h.pace, now - h.learned_at);
    if (h.waiting.empty() && h.next <= now && !is_full(h)) {
        start(h, now);
        return true;
    }
    h.waiting.push_back(feed);
    set_turn(by_name_.at(host));
    return false;
}

void host_gate::leave(const std::string& host) {
    const auto found = by_name_.find(host);
    if (found == by_name_.end()) return;
    host_state& h = hosts_[found->second];
    if (h.running > 0) --h.running;
    // Most hosts have one feed and nothing to remember until it is due again.
    const bool plain = limits_.spacing <= duration::zero() && h.pace == duration::zero() && h.next <= h.started;
    if (plain && h.running == 0 && h.waiting.empty()) return forget(found);
    set_turn(found->second);
}

std::optional<host_gate::turn> host_gate::pop(timestamp now) {
    const auto host = turns_.pop(now);
    if (!host) return std::nullopt;
    host_state& h = hosts_[*host];
    const handle feed = h.waiting.front();
    h.waiting.pop_front();
    start(h, now);
    set_turn(*host);
    return turn{feed, *h.name};
}

void host_gate::hold(const std::string& host, timestamp until) {
    host_state& h = state_of(host);
    h.next = std::max(h.next, until);
    set_turn(by_name_.at(host));
}

duration host_gate::learn(const std::string& host, lesson what, timestamp now) {
    const bool slower = what == lesson::busy || what == lesson::trouble;
    if (!slower && !by_name_.contains(host)) return duration::zero();
    host_state& h = state_of(host);
    h.pace = faded(h.pace, now - h.learned_at);
    if (what == lesson::none || (slower && h.pace > duration::zero() && now < h.slowed_at + h.pace / 2)) return h.pace;
    h.pace = taught(h.pace, what);
    h.learned_at = now;
    if (slower) {
        h.slowed_at = now;
        h.next = std::max(h.next, now + h.pace);
    }
    set_turn(by_name_.at(host));
    return h.pace;
}

void host_gate::recall(const std::string& host, duration pace, timestamp at) {
    const auto found = by_name_.find(host);
    if (pace <= duration::zero() && found == by_name_.end()) return;
    host_state& h = state_of(host);
    if (at <= h.learned_at) return;
    h.pace = taught(pace, lesson::none);
    h.learned_at = at;
    set_turn(by_name_.at(host));
}

duration host_gate::pace_of(const std::string& host, timestamp now) const {
    const auto found = by_name_.find(host);
    if (found == by_name_.end()) return duration::zero();
    const host_state& h = hosts_[found->second];
    return faded(h.pace, now - h.learned_at);
}

void host_gate::shift(duration by) {
    for (host_state& h : hosts_) {
        for (timestamp* t : {&h.next, &h.started, &h.learned_at, &h.slowed_at}) *t += by;
    }
    turns_.shift(by);
}

void host_gate::forget_idle(timestamp now) {
    std::erase_if(by_name_, [&](const auto& entry) {
        host_state& h = hosts_[entry.second];
        const bool idle = h.running == 0 && h.waiting.empty() && h.next <= now &&
                          faded(h.pace, now - h.learned_at) == duration::zero();
        if (!idle) return false;
        h = {};
        free_.push_back(entry.second);
        return true;
    });
}

void host_gate::forget(std::unordered_map<std::string, handle>::iterator host) {
    turns_.erase(host->second);
    hosts_[host->second] = {};
    free_.push_back(host->second);
    by_name_.erase(host);
}

}  // namespace feedwatch::schedule
