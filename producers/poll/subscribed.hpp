// A feed as the poller holds it.
#pragma once

#include <cstdint>
#include <string>

#include "core/record/feed.hpp"
#include "core/record/poll.hpp"
#include "producers/schedule/due_queue.hpp"

namespace feedwatch::polling {

struct subscribed {
    feed what;
    std::int32_t partition = 0;
    std::uint64_t generation = 0;  // another one each time the feed comes or its URL changes: old answers don't count
    std::string host;
    schedule::handle at = 0;  // its place in the roster
    poll checkpoint;          // as last written; `feed` is empty before the first poll
    timestamp due{};          // next poll; meaningless while asking
    bool asking = false;      // from the request's start until its answer has been worked through
    bool waiting = false;     // in line at its host, under `at`
};

}  // namespace feedwatch::polling
