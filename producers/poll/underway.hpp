// What the poller has begun: fetches under way, answers to work through, and how to take the changes of a batch back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "producers/poll/full_text.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/push_desk.hpp"
#include "producers/poll/roster.hpp"

namespace feedwatch::polling {

struct fetch {
    feed_id feed;
    std::uint64_t generation = 0;
    std::string host;
    std::string url;
    bool page = false;  // an older page for a backfill, not the feed
    bool conditional = true;
    bool moved = false;  // asked is where its permanent redirect leads

    [[nodiscard]] bool is_of(const subscribed& f) const { return feed == f.what.id && generation == f.generation; }
};

struct answered {
    fetch of;
    answer got;
    std::optional<articles_by_url> articles{};  // behind its items; nullopt: not looked for yet
    std::vector<std::string> left_out{};        // URLs of those that are not read
};

// How to take one change of a batch back.
struct undo {
    std::uint64_t batch = 0;
    roster_change change;
    std::optional<answered> answer_before;  // the poll's answer, to be worked through again
    std::optional<report> count;            // what to count once it is committed
    std::optional<push_effects> push;       // what hubs are told then
};

}  // namespace feedwatch::polling
