// Work on the next batch goes on while the one before it is committed: what a transaction takes is not added to what
// the work takes.
#include <gtest/gtest.h>

#include "io/kafka/backend.hpp"
#include "tests/io/kafka/runner_fixture.hpp"

namespace feedwatch::kafka::test {
namespace {

constexpr int batch_records = 50;
constexpr int batches = 20;
// Shorter than the runner's housekeeping, which would wake it after a second without an overlap, too. One of the
// batches has to meet it, so that a busy machine does not matter.
constexpr duration commit_takes = 500ms;

kafka_config embedded_config() {
    kafka_config config;
    config.partitions = 1;
    return config;
}

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

class watched_backend final : public backend {
  public:
    watched_backend(backend& on, const std::atomic<int>& processed, std::atomic<bool>& overlapped)
        : backend(on.config()), on_(on), processed_(processed), overlapped_(overlapped) {}
    std::string id() const override { return on_.id(); }
    std::string bootstrap() const override { return on_.bootstrap(); }
    result<> create_missing_topics() override { return on_.create_missing_topics(); }
    [[nodiscard]] result<> reach(duration patience) const override { return on_.reach(patience); }
    std::optional<std::vector<topic_partition>> whole_assignment(const stage& who) const override {
        return on_.whole_assignment(who);
    }
    void enlist(const stage& who) override { on_.enlist(who); }
    void starting(const stage& who) override { on_.starting(who); }
    void leaving(const stage& who) override { on_.leaving(who); }
    std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override {
        return std::make_unique<waiting_committer>(on_.make_committer(who, consumer), processed_, overlapped_);
    }
    result<std::vector<position>> committed(const stage& who, rd_kafka_t* consumer,
                                            std::span<const topic_partition> wanted, duration patience) override {
        return on_.committed(who, consumer, wanted, patience);
    }
    result<std::unique_ptr<changelog>> open_changelog(topic_partition which,
                                                      const std::optional<resumption>& after) override {
        return on_.open_changelog(which, after);
    }
    bool keeps_offsets() const override { return on_.keeps_offsets(); }
    result<std::int64_t> end_of(const topic_partition& which) override { return on_.end_of(which); }

  private:
    backend& on_;
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
