// The poller's part that speaks with hubs: which feed has which subscription is in its checkpoint; here is when the
// next step of each is due, what is being asked of hubs, and what hubs have sent. It decides nothing by itself
// (producers/push/subscription.hpp does), and writes nothing: the poller does, in its transaction.
//
// What a feed needs for its polls a hub does not know: feeds with credentials, a certificate or a proxy of their own
// are only polled, as are those with full_text, whose articles are read behind a poll's answer.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/config.hpp"
#include "io/http/exchange.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/push_timers.hpp"
#include "producers/poll/roster.hpp"
#include "producers/push/inbox.hpp"
#include "producers/push/metrics.hpp"
#include "producers/push/subscription.hpp"

namespace feedwatch::polling {

// What happens once the batch is committed; an aborted one gives it back.
struct push_effects {
    std::vector<push::hub_request> ask;
    feed_id feed;
    std::shared_ptr<push::letter> letter{};  // answered with `reply`, or worked through again
    http::served_reply reply{};
    std::optional<std::array<std::uint32_t, 3>> items{};  // of an accepted delivery: new, updated, seen
};

// Writes the feed's checkpoint, publishes the items, and keeps the effects for the commit.
using push_store = std::function<void(subscribed& of, poll next, std::vector<item> items, push_effects effects)>;

// What a feed leaves behind that the next record may remove, pause or move.
struct hub_before {
    std::string url;                      // of the feed
    std::vector<push::hub_request> ends;  // its subscription
};

class push_desk {
  public:
    // All references must outlive it. `what` is about the content of deliveries, as for polls.
    push_desk(push::inbox& letters, push::policy how, outcome_options what, fetch_limits limits,
              http::exchange& requests, roster& feeds, meter& counts);

    // Whether hubs may be asked for it at all: it is neither paused nor one of those.
    [[nodiscard]] static bool may_have_hub(const feed& f);
    // A poll of `f` is about to be stored: what it says of hubs goes into it, and is returned.
    [[nodiscard]] std::vector<push::hub_request> concluded(const subscribed& f, conclusion& c, const answer& got) const;
    // nullopt: it has no subscription.
    [[nodiscard]] std::optional<hub_before> hub_of(const feed_id& id) const;

    // After every change of a feed's checkpoint.
    void watch(const subscribed& f);
    void forget(const feed_id& id);
    // The feeds of a partition that has just been restored.
    void take_over(std::int32_t partition, timestamp now);
    void assignment_changed(timestamp now) { settled_at_ = now + settles_after; }
    void shift(duration by) { steps_.shift(by); }

    // True if the token was of a request of ours.
    bool take_answer(std::uint64_t token, const result<http::response>& outcome);
    // Works through what has come and what is due. `next_token` numbers requests.
    void work(timestamp now, const push_store& store);
    [[nodiscard]] bool has_work() const { return !letters_.empty() || !refusals_.empty(); }
    [[nodiscard]] std::optional<timestamp> next_due() const;

    void carry_out(push_effects effects, timestamp now, std::uint64_t& last_token);
    void take_back(push_effects effects);
    void publish_states();
    void close();

  private:
    struct asked {
        feed_id feed;
        std::uint64_t number = 0;
        bool subscribe = true;
    };
    struct leaving {
        std::string topic;
        timestamp until{};
    };
    static constexpr duration settles_after = std::chrono::minutes{5};

    void unwatch(const feed_id& id);
    void read_letter(push::letter l, timestamp now, const push_store& store);
    void deliver(subscribed& f, std::shared_ptr<push::letter> l, timestamp now, const push_store& store);
    void answer_intent(subscribed* f, std::shared_ptr<push::letter> l, timestamp now, const push_store& store);
    void step(subscribed& f, timestamp now, const push_store& store);
    void store_change(subscribed& f, push::subscription next, push_effects effects, timestamp now,
                      const push_store& store) const;
    [[nodiscard]] bool is_current(const subscribed& f, const push::address& to) const;
    void refuse(push::letter& l, timestamp now);
    void note_leaving(const feed_id& feed, const push::hub_request& r, timestamp now);

    push::inbox& inbox_;
    push::policy how_;
    outcome_options what_;
    fetch_limits limits_;
    http::exchange& requests_;
    roster& feeds_;
    push::metrics counts_;
    push_timers steps_;
    std::unordered_set<feed_id> taken_over_;  // not asked for again yet
    std::unordered_map<feed_id, push_subscription::state> states_;
    std::array<std::size_t, 5> by_state_{};
    std::deque<push::letter> letters_;
    std::deque<asked> refusals_;  // requests that failed
    std::unordered_map<std::uint64_t, asked> in_flight_;
    std::unordered_map<std::string, leaving> leaving_;  // by feed and number
    timestamp settled_at_{};
};

}  // namespace feedwatch::polling
