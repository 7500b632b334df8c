// Private: the partitions that a runner owns and how far it is in each; what the step and the sink runner share.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "core/sink.hpp"
#include "io/kafka/group_consumer.hpp"
#include "io/kafka/instruments.hpp"

namespace feedwatch::kafka {

// librdkafka wants to be polled now and then even when nothing comes (max.poll.interval.ms); also how often lag is
// reported.
constexpr duration housekeeping = std::chrono::seconds{1};
// After the last batch; then positions that went past the ends of transactions are made durable by themselves.
constexpr duration quiet = std::chrono::minutes{1};

struct owned_partition {
    std::int64_t next = 0;       // after what was taken, of a step the open batch included
    std::int64_t handed_on = 0;  // after what a step gave to its committer, or a sink has stored
    std::int64_t read_to = 0;    // the partition's end when it was last reached, commit markers included
    bool active = false;         // its records are taken (a step's only once its state is restored)
};

class owned_partitions : public std::map<topic_partition, owned_partition> {
  public:
    [[nodiscard]] std::vector<topic_partition> names() const;
    void reached(const position& end);
    // What ends a transaction takes an offset, too. Where only that is left, the position goes past it: else it would
    // be before the topic's beginning once retention has deleted all that was read.
    void pass_markers(const position& end);
    // Of those that are active: the positions that are not handed on.
    [[nodiscard]] std::vector<position> moved() const;
};

// Reports how far a stage is behind, as often as housekeeping.
class lag_report {
  public:
    void write_if_due(const owned_partitions& owned, const group_consumer& from, instruments& to);

  private:
    std::chrono::steady_clock::time_point last_{};
};

}  // namespace feedwatch::kafka
