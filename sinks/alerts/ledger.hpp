// Every delivery that a process knows of, by its key, with what follows from its state: who is due, who is pending, who
// may be forgotten. Changes of a batch can be undone until the batch is committed, and only then a delivery becomes
// due.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/record/delivery.hpp"

namespace feedwatch::alerts {

struct entry {
    delivery what;  // without body; `changed` is when the alert was raised, while it is pending, and else when it ended
    std::shared_ptr<const std::string> body;  // while pending
    std::int32_t partition = 0;
    bool in_flight = false;
    std::uint64_t batch = 0;  // the open batch that changed it last; 0: all is committed

    [[nodiscard]] bool pending() const noexcept { return what.status == delivery::state::pending; }
};

using by_time = std::set<std::pair<timestamp, std::string>>;  // of keys

class ledger {
  public:
    [[nodiscard]] const entry* find(const std::string& key) const;

    // Outside of batches: state as it was read from the changelog.
    void load(const std::string& key, std::optional<entry> e);
    // Of the entry as it is; not undone with a batch, since what was sent was sent.
    void set_in_flight(const std::string& key, bool in_flight);

    void begin_batch(std::uint64_t batch);
    void change(const std::string& key, std::optional<entry> e);  // in the batch begun last
    void commit_batch(std::uint64_t batch);
    void rollback_batch(std::uint64_t batch);  // and later ones

    void drop_partition(std::int32_t partition);

    // Pending, committed and not in flight, by next attempt.
    [[nodiscard]] const by_time& due(const std::string& channel) const;
    // Pending, by when the alert was raised.
    [[nodiscard]] const by_time& pending(const std::string& channel) const;
    [[nodiscard]] std::vector<std::string> channels_pending() const;
    // Not pending any more, by when that was.
    [[nodiscard]] const by_time& ended(std::int32_t partition) const;
    // Keys, sorted. Looks at all entries.
    [[nodiscard]] std::vector<std::string> of_story(std::int32_t partition, std::string_view story) const;
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  private:
    struct change_of {
        std::string key;
        std::optional<entry> before;
    };
    struct open_batch {
        std::uint64_t id = 0;
        std::vector<change_of> changes;
    };

    void put(const std::string& key, std::optional<entry> e);
    void index(const std::string& key, const entry& e);
    void unindex(const std::string& key, const entry& e);

    std::unordered_map<std::string, entry> entries_;
    std::map<std::string, by_time> due_;
    std::map<std::string, by_time> pending_;
    std::map<std::int32_t, by_time> ended_;
    std::deque<open_batch> open_;
    std::uint64_t committed_ = 0;
};

}  // namespace feedwatch::alerts
