// Runs any set of steps and sinks in one process on topics in memory, with a clock that stands still until it is moved
// and faults that a seed chooses: the same seed replays the same run.
//
// Every choice is random: who goes next, how many records a batch takes, whether a second batch is begun before the
// first is durable, whether a transaction commits or aborts, and when a step or sink crashes (its object is dropped and
// made anew, its state restored from the changelogs, whole or compacted). A transaction's outputs and offsets appear
// together or not at all, as in Kafka; this tests what the steps and sinks make of that, not Kafka.
//
//   topology t{seed, {}};
//   t.add_step([] { return std::make_unique<dedup::dedup>(dedup_config{}, null_meter()); });
//   t.publish(topic::fetched, "feed", to_json(item));
//   ASSERT_TRUE(t.run_until_idle());
//   EXPECT_EQ(t.broken_promises(), std::vector<std::string>{});
//   t.log().all(topic::items) ...
//
// Factories are called again after a crash: what must survive (a sink's database) lives outside of what they make.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/sink.hpp"
#include "core/step.hpp"
#include "core/time.hpp"
#include "tests/support/memory_log.hpp"

namespace feedwatch::testing {

class manual_clock final : public clock {
  public:
    [[nodiscard]] timestamp now() const override { return now_; }
    void advance(duration by) { now_ += by; }

  private:
    timestamp now_ = timestamp{std::chrono::days{20000}};
};

struct fault_rates {  // of each action's being the fault instead of progress
    double abort = 0.1;
    double crash = 0.02;
    double rebalance = 0.02;  // all partitions of a step are revoked and assigned again
};

struct topology_options {
    std::int32_t partitions = 3;
    std::size_t batch_records_max = 8;
    fault_rates faults;
};

class driven;  // a step or a sink with its offsets

class topology {
  public:
    using step_factory = std::function<std::unique_ptr<step>()>;
    using sink_factory = std::function<std::unique_ptr<sink>()>;
    // Sees each transaction when it commits: the input records and what they became.
    using commit_observer = std::function<void(std::string_view step, const std::vector<log_record>& inputs,
                                               const std::vector<output_record>& outputs)>;

    topology(std::uint64_t seed, topology_options options);
    ~topology();
    topology(const topology&) = delete;
    topology& operator=(const topology&) = delete;

    void add_step(step_factory make);
    void add_sink(sink_factory make);
    void on_commit(commit_observer observe) { observer_ = std::move(observe); }

    void publish(topic to, std::string key, std::optional<std::string> value);
    // One action of one step or sink. False when nobody had anything to do.
    bool act();
    // Acts until every record is processed and committed and no tick is due. False if that does not come about within a
    // number of actions that is far above what faults can cost.
    bool run_until_idle();

    [[nodiscard]] const memory_log& log() const noexcept { return log_; }
    [[nodiscard]] manual_clock& time() noexcept { return clock_; }
    [[nodiscard]] std::size_t faults_injected() const noexcept { return faults_; }
    // What should never be: records skipped, committed twice or out of order; offsets past the log's end; sinks that
    // forgot.
    [[nodiscard]] const std::vector<std::string>& broken_promises() const noexcept { return broken_; }

  private:
    friend class driven;
    friend class driven_step;
    friend class driven_sink;
    [[nodiscard]] bool chance(double probability);
    [[nodiscard]] std::size_t up_to(std::size_t most);  // 1..most

    std::mt19937_64 random_;
    topology_options options_;
    manual_clock clock_;
    memory_log log_;
    std::vector<std::unique_ptr<driven>> all_;
    commit_observer observer_;
    std::size_t faults_ = 0;
    std::vector<std::string> broken_;
};

}  // namespace feedwatch::testing
