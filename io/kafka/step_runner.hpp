// Private: consume, process, produce and commit offsets, exactly once. See runner.hpp and core/step.hpp for the
// contract.
//
// One thread consumes and processes into the open batch; commit_worker commits the batch before it meanwhile. Outputs
// are only written when their batch is committed, so that the open batch can be forgotten at any time.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "io/kafka/backend.hpp"
#include "io/kafka/commit_worker.hpp"
#include "io/kafka/failure_policy.hpp"
#include "io/kafka/group_consumer.hpp"
#include "io/kafka/headers.hpp"
#include "io/kafka/instruments.hpp"
#include "io/kafka/owned_partitions.hpp"
#include "io/kafka/runner_thread.hpp"
#include "io/kafka/snapshots.hpp"
#include "io/kafka/state_restorer.hpp"

namespace feedwatch::kafka {

class step_runner final : public runner_thread, private assignment_listener, private emitter {
  public:
    step_runner(step& what, event_waker& wakes, backend& on, runner_options options, meter& counts, const clock& time);
    ~step_runner() override;

  private:
    using steady = std::chrono::steady_clock;

    struct open_batch {
        batch what;
        steady::time_point begun;
        std::optional<position> first;  // of its records
    };

    void run() override;
    void stop_waiting() override;
    bool connect();
    void shut_down();

    // The cycle.
    void cycle();
    void consume();
    void take(const rd_kafka_message_t& message);
    void process(const record_view& record);
    void tick_if_due();
    void close_if_due();
    void wait();

    // Batches.
    batch& open();
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] bool takes_records() const;
    void submit_positions();
    void submit(bool positions_alone = false);
    void forget_open();
    void handle(commit_worker::done finished);
    void handle_failed(const commit_worker::done& finished);
    void settle();
    void emit(output_record record) override;
    void kill(const record_view& record, const error& why);

    // After an abort, and after the producer was lost.
    bool recover();
    bool reopen();

    void keep_snapshot();

    // Assignment.
    std::vector<position> assigned(std::span<const topic_partition> partitions) override;
    void revoked(std::span<const topic_partition> partitions) override;
    void lost(std::span<const topic_partition> partitions) override;
    void drop(std::span<const topic_partition> partitions);
    std::optional<std::vector<position>> committed_positions(std::span<const topic_partition> wanted);
    void hold_active();
    void begin_restore(std::int32_t partition);
    void restore_some();
    void activate_restored();
    void heed_back_pressure();

    step& step_;
    event_waker& waker_;
    backend& on_;
    runner_options options_;
    const clock& time_;
    const stage who_;
    instruments counts_;
    trace_source traces_;
    const std::size_t record_bytes_max_;

    std::unique_ptr<committer> committer_;
    std::unique_ptr<group_consumer> consumer_;
    std::unique_ptr<commit_worker> worker_;

    owned_partitions owned_;
    std::map<std::int32_t, int> inputs_owned_;  // how many inputs of a partition number are ours
    snapshots files_;
    state_restorer restorer_;
    bool to_activate_ = false;  // when restorer_ is done
    bool held_ = false;         // by a step that wants no input for now
    std::vector<header> header_space_;

    std::uint64_t batches_ = 0;
    std::optional<open_batch> open_;
    std::optional<position> in_flight_first_;
    steady::time_point submitted_at_ = steady::now();
    steady::time_point in_flight_begun_{};
    bool input_drained_ = false;
    bool tick_wanted_ = true;

    bool must_rewind_ = false;
    bool must_reopen_ = false;
    failure_policy failures_;
    lag_report lag_;

    // While process() or tick() runs.
    std::string traceparent_;
    std::optional<error> too_large_;
    bool in_tick_ = false;
};

}  // namespace feedwatch::kafka
