// Work on the next batch goes on while the one before it is committed: what a transaction takes is not added to what
// the work takes.
#include <gtest/gtest.h>

#include "tests/io/kafka/forwarding_backend.hpp"
#include "tests/io/kafka/runner_fixture.hpp"

namespace feedwatch::kafka::test {
namespace {

constexpr int batch_records = 50;
constexpr int batches = 20;
// Shorter than the runner's housekeeping, which would wake it after a second without an overlap, too. One of the
// batches has to meet it, so that a busy machine does not matter.
constexpr duration commit_takes = 500ms;

// Takes its time to commit, unless the whole next batch is processed meanwhile.
class waiting_committer final : public committer {
  public:
    waiting_committer(std::unique_ptr<committer> by, const std::atomic<int>& processed, std::atomic<bool>& overlapped)
        : by_(std::move(by)), processed_(processed), overlapped_(overlapped) {}
    result<> open() override { return by_->open(); }
    outcome commit(const batch& what) override {
        taken_ += static_cast<int>(what.records);
        if (what.records == batch_records && !overlapped_)
            overlapped_ = eventually([&] { return processed_ >= taken_ + batch_records; }, commit_takes);
        return by_->commit(what);
    }

  private:
    std::unique_ptr<committer> by_;
    const std::atomic<int>& processed_;
    std::atomic<bool>& overlapped_;
    int taken_ = 0;  // records of the batches up to this one
};

class watched_backend final : public forwarding_backend {
  public:
    watched_backend(backend& on, const std::atomic<int>& processed, std::atomic<bool>& overlapped)
        : forwarding_backend(on), processed_(processed), overlapped_(overlapped) {}
    [[nodiscard]] std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override {
        return std::make_unique<waiting_committer>(forwarding_backend::make_committer(who, consumer), processed_,
                                                   overlapped_);
    }

  private:
    const std::atomic<int>& processed_;
    std::atomic<bool>& overlapped_;
};

TEST(overlap, the_next_batch_is_processed_while_the_one_before_is_committed) {
    const temporary_directory state;
    auto made = cluster::open(embedded_config(), state.path(), null_meter(), 10s);
    ASSERT_TRUE(made) << made.error().message();
    write_records(*made.value(), 0, batches * batch_records);
    std::atomic<int> processed = 0;
    std::atomic<bool> overlapped = false;
    watched_backend watched(backend_of(*made.value()), processed, overlapped);
    copying_step copy("copy", [&](const record_view&, emitter&) -> result<> {
        ++processed;
        return {};
    });
    keeping_sink keep;
    event_waker wakes;
    const auto step =
        make_step_runner(copy, wakes, watched, embedded_config(),
                         {.instance = "one", .batch_records_max = batch_records}, null_meter(), system_clock());
    const auto sink =
        make_sink_runner(keep, *made.value(), embedded_config(), {.instance = "one"}, null_meter(), system_clock());
    step->start();
    sink->start();
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == batches * batch_records; }));
    EXPECT_TRUE(overlapped);
    EXPECT_EQ(keep.rows(), once_each(0, batches * batch_records));
}

}  // namespace
}  // namespace feedwatch::kafka::test
