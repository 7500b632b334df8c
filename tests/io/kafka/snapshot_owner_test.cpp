// A snapshot counts only once its writer has proved, by a later commit, that the partition is still its own.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/io/kafka/forwarding_backend.hpp"
#include "tests/io/kafka/runner_fixture.hpp"

namespace feedwatch::kafka::test {
namespace {

// Commits until it has lost its partition; then positions alone are refused, as of a member of an older generation.
class losing_committer final : public committer {
  public:
    losing_committer(std::unique_ptr<committer> by, const std::atomic<bool>& lost, std::atomic<int>& refused)
        : by_(std::move(by)), lost_(lost), refused_(refused) {}
    result<> open() override { return by_->open(); }
    outcome commit(const batch& what) override {
        if (!lost_ || !what.outputs.empty()) return by_->commit(what);
        ++refused_;
        return {.what = verdict::aborted, .why = error{errc::conflict, "an older generation"}, .fenced = true};
    }

  private:
    std::unique_ptr<committer> by_;
    const std::atomic<bool>& lost_;
    std::atomic<int>& refused_;
};

// The embedded cluster, as if its offsets were for good.
class losing_backend final : public forwarding_backend {
  public:
    using forwarding_backend::forwarding_backend;
    [[nodiscard]] std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override {
        return std::make_unique<losing_committer>(forwarding_backend::make_committer(who, consumer), lost, refused);
    }
    [[nodiscard]] bool keeps_offsets() const override { return true; }
    [[nodiscard]] result<extent> ends_of(const topic_partition& /*which*/) override { return extent{0, 100}; }

    std::atomic<bool> lost = false;
    std::atomic<int> refused = 0;
};

class a_snapshots_owner : public testing::TestWithParam<bool> {};

TEST_P(a_snapshots_owner, publishes_it_only_with_a_later_commit) {
    const bool loses = GetParam();
    const temporary_directory state;
    auto made = cluster::open(embedded_config(), state.path(), null_meter(), 10s);
    ASSERT_TRUE(made) << made.error().message();
    write_records(*made.value(), 0, 100);
    losing_backend on(backend_of(*made.value()));
    snapshot_step counting;
    event_waker wakes;
    const auto folder = state.path() + "/snapshots";
    const auto running = make_step_runner(counting, wakes, on, embedded_config(),
                                          {.instance = "one", .snapshots = folder, .snapshot_interval = 1h},
                                          null_meter(), system_clock());
    running->start();
    ASSERT_TRUE(eventually([&] { return counting.counts() == once_each(0, 100); }));
    on.lost = loses;
    running->request_stop();
    running->join();
    EXPECT_EQ(std::filesystem::exists(folder + "/snap-0.snapshot"), !loses);
    ASSERT_TRUE(std::filesystem::exists(folder)) << "it was written";
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), loses ? 0 : 1);
    EXPECT_EQ(on.refused > 0, loses);
}

INSTANTIATE_TEST_SUITE_P(that_keeps_or_loses_the_partition, a_snapshots_owner, testing::Bool());

}  // namespace
}  // namespace feedwatch::kafka::test
