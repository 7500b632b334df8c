// The Kafka topics of the pipeline and what is fixed about each. Names get the configured prefix (`feedwatch.`).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace feedwatch {

enum class topic { feeds, polls, fetched, seen, items, duplicates, flagged, deliveries, dead };

inline constexpr std::array all_topics{topic::feeds,      topic::polls,   topic::fetched,    topic::seen, topic::items,
                                       topic::duplicates, topic::flagged, topic::deliveries, topic::dead};

// How many partitions a topic is created with.
enum class partitioning {
    single,      // one, whatever is configured: `fetched` and `seen`, since dedup looks across all feeds in one order
    configured,  // kafka.partitions
};

struct topic_traits {
    std::string_view
        name;  // without prefix; also the schema's name ("feedwatch.items/1" in the feedwatch-schema header)
    bool compacted;
    duration retention;  // of a topic that is not compacted
    partitioning partitions;
};

[[nodiscard]] const topic_traits& traits_of(topic t) noexcept;
[[nodiscard]] std::string_view name_of(topic t) noexcept;                        // "items"
[[nodiscard]] std::optional<topic> topic_named(std::string_view name) noexcept;  // the opposite

}  // namespace feedwatch
