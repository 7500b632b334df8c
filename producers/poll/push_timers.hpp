// When the next step of each subscription at a hub is due. Few feeds have one, and they rest by name.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch::polling {

class push_timers {
  public:
    void set(const feed_id& feed, timestamp due);  // replaces
    void erase(const feed_id& feed);               // one that is not there is fine
    [[nodiscard]] std::optional<timestamp> next() const;
    [[nodiscard]] std::optional<timestamp> due_of(const feed_id& feed) const;
    // The earliest that is due at `now`, removed; ties in the order of ids.
    [[nodiscard]] std::optional<feed_id> pop(timestamp now);

    // The clock was set by `by`: everything keeps its distance.
    void shift(duration by);

  private:
    std::set<std::pair<timestamp, feed_id>> order_;
    std::unordered_map<feed_id, timestamp> due_;
};

}  // namespace feedwatch::polling
