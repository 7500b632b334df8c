// Snapshots of a step's state beside a real broker: used where they fit, thrown away where they do not.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "io/kafka/handles.hpp"
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

// Deletes all records of the topic's first partition, which a compacted topic allows only while it is none.
void empty(const kafka_config& config, topic t) {
    const client_ptr admin{[&] {
        conf_ptr conf{rd_kafka_conf_new()};
        rd_kafka_conf_set(conf.get(), "bootstrap.servers", config.brokers.c_str(), nullptr, 0);
        return rd_kafka_new(RD_KAFKA_PRODUCER, conf.release(), nullptr, 0);
    }()};
    const std::string name = config.topic_prefix + std::string{name_of(t)};
    const auto set_policy = [&](const char* policy) {
        rd_kafka_ConfigResource_t* change = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str());
        rd_kafka_ConfigResource_set_config(change, "cleanup.policy", policy);
        const queue_ptr answers{rd_kafka_queue_new(admin.get())};
        rd_kafka_AlterConfigs(admin.get(), &change, 1, nullptr, answers.get());
        const event_ptr answer{rd_kafka_queue_poll(answers.get(), 30'000)};
        rd_kafka_ConfigResource_destroy(change);
        ASSERT_TRUE(answer);
        ASSERT_EQ(rd_kafka_event_error(answer.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
    };
    set_policy("delete");
    const partition_list_ptr all{rd_kafka_topic_partition_list_new(1)};
    rd_kafka_topic_partition_list_add(all.get(), name.c_str(), 0)->offset = RD_KAFKA_OFFSET_END;
    rd_kafka_DeleteRecords_t* deletion = rd_kafka_DeleteRecords_new(all.get());
    const queue_ptr answers{rd_kafka_queue_new(admin.get())};
    rd_kafka_DeleteRecords(admin.get(), &deletion, 1, nullptr, answers.get());
    const event_ptr answer{rd_kafka_queue_poll(answers.get(), 30'000)};
    rd_kafka_DeleteRecords_destroy(deletion);
    ASSERT_TRUE(answer);
    ASSERT_EQ(rd_kafka_event_error(answer.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
    set_policy("compact");
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
    EXPECT_EQ(taken_up(150), std::pair(110, 0));

    // An older one, as after a crash.
    std::ofstream(file(), std::ios::binary) << kept;
    EXPECT_EQ(taken_up(150), std::pair(110, 40));
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
    EXPECT_EQ(taken_up(200), std::pair(200, 0));
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
    EXPECT_EQ(taken_up(100), std::pair(100, 0)) << "the kept one is good";
}

TEST_F(snapshots_on_a_broker, of_a_changelog_that_was_truncated_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    const std::string kept = read_file(file());
    // As if it had been taken later than all that is there.
    rewrite(file(), [](snapshot_place& place) { place.next += 1000; });
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
    // As if records had been deleted from its beginning since.
    std::ofstream(file(), std::ios::binary) << kept;
    rewrite(file(), [](snapshot_place& place) { place.first -= 1; });
    EXPECT_EQ(taken_up(100), std::pair(0, 100));
}

// An operator who empties the changelog wants what it kept forgotten.
TEST_F(snapshots_on_a_broker, of_a_changelog_that_was_emptied_are_thrown_away) {
    write_records(*on_, 0, 100);
    snapshot_step first;
    run_until(first, 100);
    ASSERT_TRUE(std::filesystem::exists(file()));
    empty(config_, topic::seen);
    snapshot_step again;
    const auto running = start(again);
    EXPECT_TRUE(eventually([&] { return running->ready(); }));
    EXPECT_EQ(again.loaded, 0);
    EXPECT_EQ(again.restored_records, 0);
    EXPECT_FALSE(std::filesystem::exists(file()));
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
