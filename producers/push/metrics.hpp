// What is counted of subscriptions and deliveries. Thread-safe but for set_subscriptions().
#pragma once

#include <array>
#include <cstddef>

#include "core/meter.hpp"
#include "core/record/poll.hpp"

namespace feedwatch::push {

enum class delivery_outcome {
    accepted,    // committed
    forged,      // no signature, or not with the subscription's secret
    unknown,     // no callback of ours
    ended,       // of a subscription that is no more: 410
    not_a_feed,  // signed, and nothing that can be read
    too_large,
    not_ready,  // 503: the queue is full, the poller does not run or does not know yet which feeds are its own
};
enum class intent_outcome { confirmed, refused, denied };
enum class request_outcome { accepted, refused, failed };  // 2xx, another status, no answer

class metrics {
  public:
    explicit metrics(meter& counts);

    void count(delivery_outcome o) { deliveries_[static_cast<std::size_t>(o)]->add(); }
    void count(intent_outcome o) { intents_[static_cast<std::size_t>(o)]->add(); }
    void count(request_outcome o) { requests_[static_cast<std::size_t>(o)]->add(); }
    void count_items(std::size_t fresh, std::size_t updated, std::size_t seen);
    void set_subscriptions(push_subscription::state is, std::size_t number);

  private:
    std::array<counter*, 7> deliveries_{};
    std::array<counter*, 3> intents_{};
    std::array<counter*, 3> requests_{};
    std::array<counter*, 3> items_{};
    std::array<gauge*, 5> subscriptions_{};
};

}  // namespace feedwatch::push
