// Topics in memory: what the topology driver runs steps and sinks on instead of Kafka.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/step.hpp"
#include "core/time.hpp"
#include "core/topic.hpp"

namespace feedwatch::testing {

struct log_record {
    std::string key;
    std::optional<std::string> value;  // nullopt: a tombstone
    timestamp written{};
    std::vector<header> headers;
};

class memory_log {
  public:
    explicit memory_log(std::int32_t partitions) : configured_(partitions) {}

    [[nodiscard]] std::int32_t partitions_of(topic t) const noexcept;
    // In the partition asked for, else in the one of the key.
    void append(topic to, std::optional<std::int32_t> partition, log_record record);
    [[nodiscard]] const std::vector<log_record>& partition(topic t, std::int32_t p) const;
    [[nodiscard]] std::int64_t end(topic t, std::int32_t p) const {
        return static_cast<std::int64_t>(partition(t, p).size());
    }
    // All records of a topic, partition by partition.
    [[nodiscard]] std::vector<log_record> all(topic t) const;
    // What compaction would leave of a partition: the last record of each key, in order of offset, without tombstones.
    // `offsets` gets their offsets.
    [[nodiscard]] std::vector<log_record> compacted(topic t, std::int32_t p,
                                                    std::vector<std::int64_t>* offsets = nullptr) const;

    [[nodiscard]] static record_view view(topic t, std::int32_t p, std::int64_t offset, const log_record& r) noexcept;

  private:
    std::int32_t configured_;
    std::map<topic, std::vector<std::vector<log_record>>> topics_;
};

}  // namespace feedwatch::testing
