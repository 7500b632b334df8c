#include "producers/schedule/host_gate.hpp"

#include <algorithm>

namespace feedwatch::schedule {

host_gate::answer host_gate::enter(const std::string& host, const feed_id& feed, timestamp now) {
    host_state& h = hosts_[host];
    if (h.next > now) return {false, h.next};
    if (h.running >= limits_.at_once) {
        h.waiting.push_back(feed);
        return {};
    }
    ++h.running;
    h.next = now + limits_.spacing;
    return {true, std::nullopt};
}

void host_gate::leave(const std::string& host) {
    const auto found = hosts_.find(host);
    if (found != hosts_.end() && found->second.running > 0) --found->second.running;
}

std::optional<feed_id> host_gate::take_waiting(const std::string& host) {
    const auto found = hosts_.find(host);
    if (found == hosts_.end() || found->second.waiting.empty()) return std::nullopt;
    feed_id next = std::move(found->second.waiting.front());
    found->second.waiting.pop_front();
    return next;
}

void host_gate::hold(const std::string& host, timestamp until) {
    host_state& h = hosts_[host];
    h.next = std::max(h.next, until);
}

void host_gate::forget_idle(timestamp now) {
    std::erase_if(hosts_, [&](const auto& entry) {
        const host_state& h = entry.second;
        return h.running == 0 && h.waiting.empty() && h.next <= now;
    });
}

}  // namespace feedwatch::schedule
