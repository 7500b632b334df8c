// The contract between a store that keeps consumer offsets itself and its runner (io/kafka/).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/step.hpp"
#include "core/topic.hpp"

namespace feedwatch {

struct topic_partition {
    topic name{};
    std::int32_t partition = 0;
    friend auto operator<=>(const topic_partition&, const topic_partition&) = default;
};

struct position {
    topic_partition of;
    std::int64_t next = 0;  // the offset of the first record not yet stored
    friend auto operator<=>(const position&, const position&) = default;
};

// Called from one thread that may block. Rows and positions are written in one transaction of the target.
class sink {
  public:
    virtual ~sink() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;  // "storage-sqlite": consumer group, metric label
    [[nodiscard]] virtual std::vector<topic> inputs() const = 0;

    // Where to go on, for those of `wanted` that have a stored position. `cluster` is Kafka's cluster id: positions of
    // another cluster are not ours. Retryable errors are tried again by the runner.
    [[nodiscard]] virtual result<std::vector<position>> positions(std::string_view cluster,
                                                                  std::span<const topic_partition> wanted) = 0;

    // Stores all records and moves the positions, or does nothing.
    //   retryable error   the same call comes again, after a pause
    //   errc::conflict    another process has moved a position past ours: the runner rejoins the group and re-reads
    //   them errc::malformed   a record cannot be stored (its data is refused): the runner finds it by bisection,
    //   writes it to
    //                     `dead`, and calls again without it
    [[nodiscard]] virtual result<> write(std::string_view cluster, std::span<const record_view> records,
                                         std::span<const position> next) = 0;
};

}  // namespace feedwatch
