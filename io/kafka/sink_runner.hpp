// Private: feeds a sink, whose target keeps the positions. See runner.hpp and core/sink.hpp for the contract.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "io/kafka/backend.hpp"
#include "io/kafka/group_consumer.hpp"
#include "io/kafka/instruments.hpp"
#include "io/kafka/owned_partitions.hpp"
#include "io/kafka/runner_thread.hpp"

namespace feedwatch::kafka {

class sink_runner final : public runner_thread, private assignment_listener {
  public:
    sink_runner(sink& what, backend& on, runner_options options, meter& counts, const clock& time);
    ~sink_runner() override;

  private:
    using steady = std::chrono::steady_clock;

    struct pending {
        message_ptr message;
        topic from{};
    };

    void run() override;
    void stop_waiting() override;
    bool join_group();
    void rejoin(const error& why);
    void cycle();
    void consume();
    void wait();

    // The pending records, from the front.
    enum class attempt { done, again, stop };
    attempt write_some();
    attempt after_failure(const error& why, std::size_t records);
    attempt skip_front(const error& why);
    result<> write_front(std::size_t records);
    bool note(std::span<const position> next);  // the embedded journal wants to know
    void store_positions();
    void pop_front(std::size_t records);
    void back_off(const error& why);
    void release();

    std::vector<position> assigned(std::span<const topic_partition> partitions) override;
    void revoked(std::span<const topic_partition> partitions) override;
    void lost(std::span<const topic_partition> partitions) override;
    void drop(std::span<const topic_partition> partitions);
    std::optional<std::vector<position>> stored_positions(std::span<const topic_partition> wanted);
    bool rewind();
    [[nodiscard]] bool is_full() const;

    sink& sink_;
    backend& on_;
    runner_options options_;
    const stage who_;
    instruments counts_;

    std::unique_ptr<committer> dead_letters_;
    std::unique_ptr<group_consumer> consumer_;
    owned_partitions owned_;
    std::vector<topic_partition> to_resume_;

    std::deque<pending> pending_;
    std::size_t pending_bytes_ = 0;
    steady::time_point pending_since_{};
    steady::time_point written_at_ = steady::now();
    std::size_t limit_;  // how many records to try at once; halved while a refused one is looked for
    std::vector<std::vector<header>> header_space_;
    bool input_drained_ = false;
    bool must_rewind_ = false;
    bool paused_ = false;
    std::uint32_t failures_in_a_row_ = 0;
    steady::time_point retry_at_{};
    std::deque<steady::time_point> conflicts_;
    lag_report lag_;
};

}  // namespace feedwatch::kafka
