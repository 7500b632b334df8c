// Reading and writing topics outside a step: what `tap`, `dead`, `feeds` and `check` use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/sink.hpp"
#include "core/step.hpp"
#include "core/time.hpp"
#include "io/kafka/runner.hpp"

namespace feedwatch::kafka {

// One record as read, with its bytes.
struct read_record {
    topic from{};
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    timestamp written{};
    std::string key;
    std::optional<std::string> value;  // nullopt: a tombstone
    std::vector<header> headers;
};

enum class read_from { beginning, end };

struct reader_options {
    std::vector<topic> topics;
    read_from start = read_from::end;
    std::vector<position> at;  // partitions named here start there instead
    bool follow = true;        // false: at_end() once everything that was there at the start has been read
};

// Follows topics without a consumer group; sees committed records only. One thread.
class reader {
  public:
    virtual ~reader() = default;
    // nullopt: nothing came within the time, or at_end(). Errors are final.
    virtual result<std::optional<read_record>> next(duration patience) = 0;
    [[nodiscard]] virtual bool at_end() const = 0;
};

// For `brokers: embedded` it reads the journal in `state_dir`, also while another process runs it: what is kept there
// is the compacted topics, what is not yet processed, the last 1,000 records of each partition, and `dead` for 30 days.
// errc::not_found when a topic (or the journal) does not exist.
[[nodiscard]] result<std::unique_ptr<reader>> open_reader(const kafka_config& config, const std::string& state_dir,
                                                          reader_options options, duration patience);

// A plain idempotent producer. Adds the standard headers; keys decide the partition as for steps. One thread.
class writer {
  public:
    virtual ~writer() = default;
    // Returns once every record is acknowledged. On an error some of them may have been written.
    virtual result<> write(std::span<const output_record> records) = 0;
};

// `on` must outlive the writer. For `embedded` the cluster must be this process's own.
[[nodiscard]] result<std::unique_ptr<writer>> open_writer(cluster& on);

}  // namespace feedwatch::kafka
