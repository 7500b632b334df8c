// Runs a step (exactly once, by Kafka transactions) or a sink (its target keeps the offsets) on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/meter.hpp"
#include "core/sink.hpp"
#include "core/step.hpp"
#include "core/time.hpp"

namespace feedwatch::kafka {

// A waker on an eventfd, made before the step and its runner.
class event_waker final : public waker {
  public:
    event_waker();
    ~event_waker() override;
    event_waker(const event_waker&) = delete;
    event_waker& operator=(const event_waker&) = delete;
    void wake() override;
    [[nodiscard]] int fd() const noexcept { return fd_; }

  private:
    int fd_;
};

// The cluster that all runners of a process share: a real one, or librdkafka's in-memory one ("embedded"), which keeps
// what must survive a restart in `state_dir`.
class cluster {
  public:
    virtual ~cluster() = default;
    [[nodiscard]] virtual std::string id() const = 0;  // Kafka's cluster id; another one at each start if embedded
    [[nodiscard]] virtual std::string bootstrap() const = 0;
    // Creates the topics that are missing; changes none that exist. Errors name the topic and what to do.
    virtual result<> create_missing_topics() = 0;
    // errc::unavailable when no broker answers within the time.
    [[nodiscard]] virtual result<> reach(duration patience) const = 0;

    // Connects. errc::unavailable when no broker answers within the time; errc::invalid_config for properties that
    // librdkafka refuses or cannot do (SCRAM before 2.6.1).
    static result<std::unique_ptr<cluster>> open(const kafka_config& config, const std::string& state_dir,
                                                 meter& counts, duration patience);
};

// What `feedwatch check` asks without connecting.
[[nodiscard]] result<> check_properties(const kafka_config& config);
[[nodiscard]] std::string library_version();  // rd_kafka_version_str()

struct runner_options {
    std::string instance;  // stable; transactional.id is "<prefix><step>-<instance>"
    std::uint32_t batch_records_max = 4000;
    std::size_t batch_bytes_max = 16U << 20U;
    duration batch_interval_max = std::chrono::milliseconds{200};
    duration shutdown_timeout = std::chrono::seconds{25};
    // Where a step that keeps snapshots of its state does so (core/step.hpp), every so often and when it is stopped.
    std::string snapshots = {};       // a folder; empty: nowhere
    duration snapshot_interval = {};  // zero: never
};

class runner {
  public:
    virtual ~runner() = default;  // stops as stop() does
    virtual void start() = 0;
    // Asks the thread to drain the step, finish or abort its transaction, and leave the group. Returns at once.
    virtual void request_stop() = 0;
    virtual void join() = 0;
    [[nodiscard]] virtual bool ready()
        const = 0;  // assigned (possibly nothing, as a standby) and restored, not stopping
    // Set when the runner has given up (fatal error, fenced too often): the process should end with this.
    [[nodiscard]] virtual std::optional<error> failure() const = 0;
};

// References must outlive the runner.
[[nodiscard]] std::unique_ptr<runner> make_step_runner(step& what, event_waker& wakes, cluster& on, kafka_config config,
                                                       runner_options options, meter& counts, const clock& time);
[[nodiscard]] std::unique_ptr<runner> make_sink_runner(sink& what, cluster& on, kafka_config config,
                                                       runner_options options, meter& counts, const clock& time);

}  // namespace feedwatch::kafka
