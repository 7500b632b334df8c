// Subscriptions as configured, against those in topic `feeds`.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/record/feed.hpp"
#include "core/step.hpp"

namespace feedwatch {

struct subscription_changes {
    std::vector<output_record> records;  // for topic `feeds`: changed and added feeds, then tombstones
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t removed = 0;
    std::size_t unchanged = 0;
};

// What to write so that `feeds` holds exactly `wanted`. `present` is the topic's latest value by key (no tombstones); a
// value that cannot be read counts as changed. A feed without id gets hash128_hex of its URL. errc::invalid_config
// where two feeds share an id (the detail names both URLs without their secrets) or one has no URL.
[[nodiscard]] result<subscription_changes> plan_subscriptions(std::vector<feed> wanted,
                                                              const std::map<std::string, std::string>& present);

}  // namespace feedwatch
