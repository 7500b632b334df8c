// Snapshots of a step's state beside a real broker: used where they fit, thrown away where they do not.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "io/kafka/snapshot_file.hpp"
#include "tests/io/kafka/runner_fixture.hpp"
#include "tests/support/counting_meter.hpp"
#include "tests/support/kafka_broker.hpp"

namespace feedwatch::kafka::test {
namespace {

using feedwatch::test::counting_meter;
using feedwatch::test::kafka_broker;

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The same snapshot from another place.
void rewrite(const std::string& path, const std::function<void(snapshot_place&)>& change) {
    const auto from = snapshot_reader::open(path);
    ASSERT_TRUE(from) << from.error().message();
    snapshot_place place = from.value()->place();
    change(place);
    auto to = snapshot_writer::open(path, place);
    ASSERT_TRUE(to) << to.error().message();
    std::byte each{};
    while (from.value()->read({&each, 1})) to.value()->write({&each, 1});
    ASSERT_TRUE(to.value()->finish());
    ASSERT_TRUE(to.value()->publish());
}

class snapshots_on_a_broker : public testing::Test {
  protected:
    void SetUp() override {
        auto made = cluster::open(config_, {}, null_meter(), 30s);
        ASSERT_TRUE(made) << made.error().message();
        on_ = std::move(made.value());
        const auto ok = on_->create_missing_topics();
        ASSERT_TRUE(ok) << ok.error().message();
    }

    // Runs the step until it has seen all of `records`, in all its runs; then stops it.
    void run_until(snapshot_step& what, int records, duration interval = 1h, meter& counts = null_meter()) {
        const auto running = start(what, interval, counts);
        EXPECT_TRUE(eventually([&] { return what.counts() == once_each(0, records); }));
        running->request_stop();
        running->join();
        EXPECT_FALSE(running->failure());
    }
    std::unique_ptr<runner> start(snapshot_step& what, duration interval = 1h, meter& counts = null_meter()) {
        auto made = make_step_runner(
            what, wakes_, *on_, config_,
            {.instance = "one", .snapshots = folder_.path() + "/snapshots", .snapshot_interval = interval}, counts,
            system_clock());
        made->start();
        return made;
    }
    [[nodiscard]] std::string file() const { return folder_.path() + "/snapshots/snap-0.snapshot"; }
    // What another run takes from the snapshot and from the changelog.
    [[nodiscard]] std::pair<int, int> taken_up(int records, const std::string& format = "counts/1") {
        snapshot_step again(format);
        run_until(again, records);
        return {again.loaded, again.restored_records};
    }

    kafka_config config_ = kafka_broker::shared().config();
    std::unique_ptr<cluster> on_;
    event_waker wakes_;
    temporary_directory folder_;
};

// The last transaction's records may be read again: a broker ends it a moment after it has said that it is committed.
TEST_F(snapshots_on_a_broker, are_written_at_the_end_and_only_the_rest_of_the_changelog_is_read) {
    write_records(*on_, 0, 100);
    counting_meter counts;
    snapshot_step first;
    {
        const auto running = start(first, 1h, counts);
        EXPECT_TRUE(eventually([&] { return first.counts() == once_each(0, 100); }));
        write_records(*on_, 100, 110);
        EXPECT_TRUE(eventually([&] { return first.counts() == once_each(0, 110); }));
    }
    ASSERT_TRUE(std::filesystem::exists(file()));
    EXPECT_EQ(counts.value("feedwatch_snapshots_total", {{"stage", "snap"}, {"result", "written"}}), 1);
    const std::string kept = read_file(file());
    write_records(*on_, 110, 150);
    const auto [loaded, restored] = taken_up(150);
    EXPECT_EQ(loaded, 110);
    EXPECT_LE(restored, 10);

    // An older one, as after a crash.
    std::ofstream(file(), std::ios::binary) << kept;
    const auto [loaded_again, restored_again] = taken_up(150);
    EXPECT_EQ(loaded_again, 110);
    EXPECT_GE(restored_again, 40);
    EXPECT_LE(restored_again, 50);
}

TEST_F(snapshots_on_a_broker, are_written_now_and_then_while_records_come) {
    write_records(*on_, 0, 100);
    snapshot_step counting;
    const auto running = start(counting, 10ms);
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(file()); }));
    write_records(*on_, 100, 200);
    EXPECT_TRUE(eventually([&] { return counting.counts() == once_each(0, 200); }));
    running->request_stop();
    running->join();
    EXPECT_EQ(taken_up(200).first, 200);
}

TEST_F(snapshots_on_a_broker, that_are_damaged_or_of_another_format_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    const std::string kept = read_file(file());
    EXPECT_EQ(taken_up(100, "counts/2"), std::pair(0, 100));

    std::string damaged = kept;
    damaged[damaged.size() / 2] ^= 1;
    std::ofstream(file(), std::ios::binary) << damaged;
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
    EXPECT_FALSE(std::filesystem::exists(file())) << "nothing has changed since";

    std::ofstream(file(), std::ios::binary) << kept;
    EXPECT_EQ(taken_up(100).first, 100) << "the kept one is good";
}

TEST_F(snapshots_on_a_broker, of_a_changelog_that_was_truncated_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    // As if it had been taken later than all that is there.
    rewrite(file(), [](snapshot_place& place) { place.next += 1000; });
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
}

TEST_F(snapshots_on_a_broker, of_a_changelog_that_was_made_anew_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    // The changelog's records are younger than the snapshot, as they would be in one that was filled again.
    rewrite(file(), [](snapshot_place& place) { place.as_of -= 10min; });
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
}

TEST_F(snapshots_on_a_broker, that_are_older_than_tombstones_last_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    rewrite(file(), [](snapshot_place& place) { place.as_of -= 13h; });
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
}

TEST_F(snapshots_on_a_broker, of_another_cluster_topic_or_partition_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    const std::string kept = read_file(file());
    for (const auto& change : std::vector<std::function<void(snapshot_place&)>>{
             [](snapshot_place& place) { place.cluster += "x"; }, [](snapshot_place& place) { place.topic += "x"; },
             [](snapshot_place& place) { place.partition += 1; }}) {
        std::ofstream(file(), std::ios::binary) << kept;
        rewrite(file(), change);
        EXPECT_EQ(taken_up(100), std::pair(0, 100));
    }
}

// Another process has the partition by now: what is in memory here may not be what is in the changelog.
TEST_F(snapshots_on_a_broker, are_not_published_by_who_has_lost_the_partition) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    const auto running = start(first, 1h);
    ASSERT_TRUE(eventually([&] { return first.counts() == once_each(0, 100); }));
    snapshot_step other;
    event_waker others_wakes;
    auto usurper =
        make_step_runner(other, others_wakes, *on_, config_, {.instance = "one"}, null_meter(), system_clock());
    usurper->start();
    ASSERT_TRUE(eventually([&] { return usurper->ready(); }));
    running->request_stop();
    running->join();
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(snapshots_on_a_broker, that_cannot_be_written_stop_nothing) {
    std::ofstream(folder_.path() + "/snapshots") << "in the way";
    write_records(*on_, 0, 100);
    counting_meter counts;
    snapshot_step first;
    run_until(first, 100, 1h, counts);
    EXPECT_EQ(counts.value("feedwatch_snapshots_total", {{"stage", "snap"}, {"result", "failed"}}), 1);
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
}

}  // namespace
}  // namespace feedwatch::kafka::test
