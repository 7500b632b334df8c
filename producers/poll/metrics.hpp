// What the poller counts. Every series exists from the start; those with a feed's id are capped.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/meter.hpp"
#include "core/record/poll.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {

// A poll that has been committed.
struct report {
    feed_id feed;
    std::string outcome;
    bool failed = false;
    std::optional<double> fetch_seconds;  // of a request that was answered
    std::size_t body_bytes = 0;
    std::uint32_t items_new = 0, items_updated = 0, items_known = 0;
    std::size_t rejected = 0;
    bool possibly_missed = false;
    std::vector<std::string> events;     // their kinds
    std::vector<double> delays_seconds;  // of new live items, from publication to now
    std::optional<timestamp> last_success;
    timestamp next_due{};
};

class metrics {
  public:
    metrics(meter& counts, std::size_t feed_series_max);

    void count(const report& r);
    void forget(const feed_id& feed);
    void set_feeds(feed_state state, std::size_t number);

  private:
    struct feed_series {
        gauge* last_success;
        gauge* next_poll;
    };
    void count_feed(const report& r);

    meter& counts_;
    std::size_t feed_series_max_;
    bool cap_reported_ = false;
    std::map<std::string, counter*> results_;
    std::map<std::string, counter*> reasons_;
    counter& items_new_;
    counter& items_seen_;
    counter& items_updated_;
    counter& items_rejected_;
    counter& possibly_missed_;
    std::map<std::string, counter*> events_;
    histogram& duration_;
    histogram& bytes_;
    histogram& delay_;
    std::array<gauge*, 3> feeds_;
    std::unordered_map<feed_id, feed_series> series_;
};

}  // namespace feedwatch::polling
