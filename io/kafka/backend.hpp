// Private: what runners need of a cluster beyond its public face; the real and the embedded one differ here and nowhere
// else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/sink.hpp"
#include "io/kafka/batch.hpp"
#include "io/kafka/client.hpp"
#include "io/kafka/handles.hpp"
#include "io/kafka/runner.hpp"
#include "io/kafka/topic_settings.hpp"

namespace feedwatch::kafka {

enum class stage_kind { step, sink };

struct stage {
    std::string name;
    stage_kind kind = stage_kind::step;
    std::vector<topic> inputs;
    std::string instance;
};

// One partition of a topic, read to where it ended when reading began.
class changelog {
  public:
    virtual ~changelog() = default;
    // Passes on at most records_max records; true once the end is reached.
    virtual result<bool> advance(const std::function<void(const record_view&)>& use, std::size_t records_max,
                                 duration patience) = 0;
};

// What is committed of a partition.
struct extent {
    std::int64_t first = 0;
    std::int64_t next = 0;
};

// A place in a changelog that was read before.
struct resumption {
    std::int64_t first = 0;  // where it began: nothing was deleted since
    std::int64_t next = 0;
    timestamp later_than{};  // only records from `next` on are
};

class backend : public cluster {
  public:
    explicit backend(kafka_config config) : config_(std::move(config)) {}

    [[nodiscard]] const kafka_config& config() const noexcept { return config_; }
    [[nodiscard]] std::string topic_name(topic t) const { return config_.topic_prefix + std::string{name_of(t)}; }
    [[nodiscard]] std::optional<topic> topic_of(std::string_view full_name) const;

    // What the stage reads if there is no group to share it with; nullopt: its consumer group decides.
    [[nodiscard]] virtual std::optional<std::vector<topic_partition>> whole_assignment(const stage& /*who*/) const {
        return std::nullopt;
    }
    // Before the first runner of the process starts.
    virtual void enlist(const stage& /*who*/) {}
    // Before it consumes for the first time.
    virtual void starting(const stage& /*who*/) {}
    // It is asked to stop: its waits for others end, for good. From any thread.
    virtual void leaving(const stage& /*who*/) {}
    [[nodiscard]] virtual std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) = 0;
    // Where the stage goes on: the committed offset (waiting for a predecessor's open transaction), else the
    // partition's first. All of `wanted` are answered. Retryable errors are tried again by the caller.
    [[nodiscard]] virtual result<std::vector<position>> committed(const stage& who, rd_kafka_t* consumer,
                                                                  std::span<const topic_partition> wanted,
                                                                  duration patience) = 0;
    // From its beginning, or from `after` on: errc::conflict if that is no place in it any more.
    [[nodiscard]] virtual result<std::unique_ptr<changelog>> open_changelog(
        topic_partition which, const std::optional<resumption>& after = std::nullopt) = 0;
    // Whether an offset means the same after a restart.
    [[nodiscard]] virtual bool keeps_offsets() const = 0;
    // Waits for transactions that are ending; errc::timeout where one stays open.
    [[nodiscard]] virtual result<extent> ends_of(const topic_partition& which) = 0;
    // Nothing where there is no broker to ask.
    [[nodiscard]] virtual result<std::vector<topic_settings>> topic_settings_of(duration /*patience*/) const {
        return std::vector<topic_settings>{};
    }

  private:
    kafka_config config_;
};

// Every cluster is made by cluster::open(), so that it is a backend.
[[nodiscard]] backend& backend_of(cluster& c);

[[nodiscard]] result<std::unique_ptr<cluster>> open_real_cluster(const kafka_config& config, duration patience);
[[nodiscard]] result<std::unique_ptr<cluster>> open_embedded_cluster(const kafka_config& config,
                                                                     const std::string& state_dir, meter& counts);

}  // namespace feedwatch::kafka
