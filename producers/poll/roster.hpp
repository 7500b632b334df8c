// The feeds of the partitions that the poller owns: what it knows of each, when each is due, and who waits at which
// host. Every change can be taken back.
//
// Nearly all of them rest: what is known of a feed is then packed into about a kilobyte, so that 100,000 fit into 200
// MB. find() and its like unpack it; rest() packs again what is not being asked.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/subscribed.hpp"
#include "producers/schedule/due_queue.hpp"
#include "producers/schedule/host_gate.hpp"
#include "producers/schedule/spread.hpp"

namespace feedwatch::polling {

// A checkpoint whose feed has not come (yet).
struct orphan {
    std::int32_t partition = 0;
    poll checkpoint;
};

// How to take one change of one feed back.
struct roster_change {
    feed_id feed;
    std::optional<subscribed> before;     // nullopt: it was not there
    std::optional<orphan> orphan_before;  // nullopt: leave orphans alone
};

class roster {
  public:
    roster(metrics& numbers, schedule::host_limits hosts) : numbers_(numbers), gate_(hosts) {}

    // Pointers are good until rest(), restore…(), revoke() and the like.
    [[nodiscard]] subscribed* find(const feed_id& id);
    // Those that have a subscription at a hub.
    [[nodiscard]] std::vector<feed_id> with_hub(std::int32_t partition) const;
    void publish_states();
    void rest();

    // From the changelogs, and what follows when a partition's are read.
    void restore(feed what, std::int32_t partition);
    void forget(const feed_id& id);
    void restore_checkpoint(const feed_id& id, std::optional<orphan> stored);
    void restored(std::int32_t partition, timestamp now);
    void revoke(std::int32_t partition);

    roster_change subscribe(feed what, std::int32_t partition, timestamp now);
    roster_change unsubscribe(const feed_id& id);
    // Moves the checkpoint before into the change: a window can be large.
    roster_change set_checkpoint(subscribed& f, poll next);
    // `is_asking`: whether a fetch of this generation of the feed is under way or not yet worked through.
    void take_back(roster_change change, const std::function<bool(const subscribed&)>& is_asking);
    // Drops the checkpoints that no feed has come for since `before`.
    std::vector<roster_change> drop_orphans(timestamp before);

    // Asks again at f.due.
    void schedule(subscribed& f);
    [[nodiscard]] std::optional<timestamp> next_due() const;
    // A feed that is due and may be asked now; the caller says leave() when the answer is there. nullptr: none.
    [[nodiscard]] subscribed* enter_next(timestamp now);
    void leave(const std::string& host);
    void hold(const std::string& host, timestamp until) { gate_.hold(host, until); }
    // What an answer of the host teaches about its pace, which is returned: for the checkpoint.
    duration learn(const std::string& host, schedule::lesson what, timestamp now);
    void forget_idle_hosts(timestamp now);

    // The clock was set back by so much: every feed keeps its distance.
    void shift(duration by);
    // The machine slept or its clock was set forward: what is overdue is spread.
    void spread_overdue(timestamp now, std::uint64_t seed);

  private:
    struct stored {
        std::int32_t partition = 0;
        timestamp at{};  // of the checkpoint
        std::string packed;
    };
    struct slot {
        const feed_id* id = nullptr;
        std::unique_ptr<subscribed> awake;
        std::string packed;  // while it rests: feed and checkpoint
        std::uint64_t generation = 0;
        timestamp due{};
        std::int32_t partition = 0;
        bool waiting = false;
        bool backfilling = false;
        bool hub = false;                        // the checkpoint has a subscription
        bool own_feed = false, own_url = false;  // the checkpoint's are the feed's
    };

    subscribed& wake(schedule::handle at);
    void put_to_rest(slot& s);
    void adjust_states(const subscribed& f, int by);
    subscribed& insert(subscribed f);
    [[nodiscard]] subscribed made(feed what, std::int32_t partition);
    void move(subscribed& f);
    void unschedule(subscribed& f);
    void give_checkpoint(subscribed& f, poll checkpoint);
    [[nodiscard]] std::optional<orphan> take_orphan(const feed_id& id);
    void keep_orphan(const feed_id& id, orphan checkpoint);

    metrics& numbers_;
    schedule::due_queue queue_;
    schedule::host_gate gate_;
    schedule::start_spread spread_;
    std::unordered_map<feed_id, schedule::handle> by_id_;
    std::deque<slot> slots_;
    std::vector<schedule::handle> free_;
    std::vector<schedule::handle> awake_;  // may name one twice, or one that is gone
    std::map<feed_id, stored> orphans_;
    std::array<int, 3> by_state_{};
    std::uint64_t last_generation_ = 0;
};

}  // namespace feedwatch::polling
