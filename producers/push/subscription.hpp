// The life of one feed's subscription at a hub, event by event (WebSub, section 5). Pure: from what it is and what
// happened to what it is next, and what to ask hubs for.
//
//   wanted ──ask──► requested ──verified──► active ──lease ends──► wanted
//      ▲               │  │                  │  │ ▲
//      └──no answer,───┘  └──────denied──────┘  │ └─ verified again: renewed before the lease ends
//         refused         ▼                     │
//                       denied ──a week──► …    └─ polls find what was not delivered ► silent ──a day, two …──► …
//
// A hub that was denied or silent is asked again, later each time; nothing is given up. What arrives under the
// subscription's number with a good signature is taken in any state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record/poll.hpp"
#include "core/time.hpp"
#include "producers/push/discovery.hpp"

namespace feedwatch::push {

struct policy {
    duration lease = std::chrono::days{10};            // what we ask for; a longer one is renewed as if it were this
    duration verified_within = std::chrono::hours{1};  // of asking; then we ask again, and answer 404
    // A hub that has not delivered an item for so long after a poll found it is silent; at most a quarter of `lease`.
    duration unheard_max = std::chrono::minutes{10};
    duration silent_for = std::chrono::days{1};  // before it is asked again; doubled each time, up to sixteenfold
    duration denied_for = std::chrono::days{7};
    std::string callback;    // our public URL
    std::uint64_t seed = 0;  // of the jitter of renewals
};

// A request to send to a hub.
struct hub_request {
    bool subscribe = true;  // or unsubscribe
    std::string hub, topic;
    std::uint64_t number = 0;
    friend bool operator==(const hub_request&, const hub_request&) = default;
};

using subscription = std::optional<push_subscription>;  // nullopt: none

struct change {
    subscription next;
    std::vector<hub_request> ask;
};

// A poll has read the feed's document, which names these hubs (maybe none).
[[nodiscard]] change discovered(const subscription& before, const advertised& seen, timestamp now, const policy& how);
// A poll found so many new items. `poll_before`: when the feed was read before that.
[[nodiscard]] subscription polled(subscription before, std::size_t fresh, std::optional<timestamp> poll_before,
                                  timestamp now, const policy& how);
// next_step has come.
[[nodiscard]] change stepped(const subscription& before, timestamp now, const policy& how);
// The process that has just taken the feed over asks for it again, in case the hub or the keys are others by now.
[[nodiscard]] change taken_over(const subscription& before, timestamp now, const policy& how);
// The hub has said no to our request, or could not be asked.
[[nodiscard]] subscription failed(subscription before, std::uint64_t number, timestamp now);
// The feed was removed or paused, or its URL has changed.
[[nodiscard]] change ended(const subscription& before, const policy& how);

// The hub wants to know whether it was us. nullopt: no, or not any more (404).
[[nodiscard]] subscription verified(const subscription& before, const std::string& topic, std::optional<duration> lease,
                                    timestamp now, const policy& how);
// The hub refuses. nullopt: it was not asked for this.
[[nodiscard]] subscription denied(const subscription& before, const std::string& topic, timestamp now,
                                  const policy& how);
[[nodiscard]] push_subscription delivered(push_subscription before, timestamp now, const policy& how);

// How long to wait for the next poll: longer the more often the hub has delivered without missing anything, up to
// `longest`. A poll now and then is what tells a silent hub from a quiet feed.
[[nodiscard]] duration stretched(const subscription& s, duration interval, duration longest, timestamp now);

}  // namespace feedwatch::push
