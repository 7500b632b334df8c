// What the broker is configured to do with what a topic holds: for commands that tell people how long it stays.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "core/time.hpp"
#include "core/topic.hpp"

namespace feedwatch::kafka {

class cluster;

struct topic_settings {
    topic of{};
    std::int32_t partitions = 0;
    // False: the broker does not tell us (the right to describe its configuration is missing); the rest is empty then.
    bool known = false;
    bool deletes = false;               // cleanup.policy has delete
    bool compacts = false;              // cleanup.policy has compact
    std::optional<duration> retention;  // retention.ms; nullopt: no end
    duration segment{};                 // segment.ms: how long a segment is written; only whole ones are cleaned up
    std::optional<duration> compaction_lag_max;  // max.compaction.lag.ms; nullopt: no end
};

// Of those topics that exist; of the embedded broker's none.
[[nodiscard]] result<std::vector<topic_settings>> read_topic_settings(const cluster& of, duration patience);

}  // namespace feedwatch::kafka
