// Polls' answers that wait for the articles behind their items.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "io/http/exchange.hpp"
#include "producers/poll/article_desk.hpp"
#include "producers/poll/poller.hpp"
#include "producers/poll/underway.hpp"

namespace feedwatch::polling {

class article_wait {
  public:
    // Both must outlive it.
    article_wait(article_desk& articles, const poller_options& options) : articles_(articles), options_(options) {}

    // Whether the answer has to wait, and is kept here then. It is concluded when the articles are there, against the
    // checkpoint, which at most leaving a hub changes until then: no hub delivers these feeds.
    bool park(const subscribed& f, answered& next, const outcome_options& how, timestamp now);
    // Those that wait no longer.
    void release(std::deque<answered>& ready, timestamp now);
    // They are polled again by whoever comes next.
    void drop_all();
    [[nodiscard]] bool has(const subscribed& f) const;

  private:
    article_desk& articles_;
    const poller_options& options_;
    std::unordered_map<std::uint64_t, answered> parked_;  // by order
    std::uint64_t last_order_ = 0;
};

}  // namespace feedwatch::polling
