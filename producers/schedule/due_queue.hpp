// Which feed is due next.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch::schedule {

class due_queue {
  public:
    void set(const feed_id& feed, timestamp due);  // replaces
    void erase(const feed_id& feed);
    [[nodiscard]] std::optional<timestamp> next() const;
    [[nodiscard]] std::optional<timestamp> due_of(const feed_id& feed) const;
    // The earliest that is due at `now`, removed; ties in the order of ids.
    [[nodiscard]] std::optional<feed_id> pop(timestamp now);
    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

    // The clock was set by `by`: every feed keeps its distance.
    void shift(duration by);

  private:
    std::set<std::pair<timestamp, feed_id>> order_;
    std::unordered_map<feed_id, timestamp> due_;
};

}  // namespace feedwatch::schedule
