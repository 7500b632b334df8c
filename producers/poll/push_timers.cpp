#include "producers/poll/push_timers.hpp"

namespace feedwatch::polling {

void push_timers::set(const feed_id& feed, timestamp due) {
    erase(feed);
    due_[feed] = due;
    order_.emplace(due, feed);
}

void push_timers::erase(const feed_id& feed) {
    const auto found = due_.find(feed);
    if (found == due_.end()) return;
    order_.erase({found->second, feed});
    due_.erase(found);
}

std::optional<timestamp> push_timers::next() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
}

std::optional<timestamp> push_timers::due_of(const feed_id& feed) const {
    const auto found = due_.find(feed);
    if (found == due_.end()) return std::nullopt;
    return found->second;
}

std::optional<feed_id> push_timers::pop(timestamp now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    feed_id feed = order_.begin()->second;
    erase(feed);
    return feed;
}

void push_timers::shift(duration by) {
    decltype(order_) moved;
    for (const auto& [due, feed] : order_) {
        moved.emplace_hint(moved.end(), due + by, feed);
        due_[feed] = due + by;
    }
    order_ = std::move(moved);
}

}  // namespace feedwatch::polling
