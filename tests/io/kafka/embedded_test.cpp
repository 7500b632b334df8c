#include <gmock/gmock.h>

#include "tests/io/kafka/runner_fixture.hpp"

namespace feedwatch::kafka::test {
namespace {

kafka_config embedded_config() {
    kafka_config config;
    config.partitions = 2;
    return config;
}

std::unique_ptr<cluster> open_embedded(const std::string& state_dir) {
    auto made = cluster::open(embedded_config(), state_dir, null_meter(), 10s);
    EXPECT_TRUE(made) << made.error().message();
    return std::move(made.value());
}

std::unique_ptr<runner> run_step(step& what, event_waker& wakes, cluster& on) {
    return make_step_runner(what, wakes, on, embedded_config(), {.instance = "one"}, null_meter(), system_clock());
}

std::unique_ptr<runner> run_sink(sink& what, cluster& on) {
    return make_sink_runner(what, on, embedded_config(), {.instance = "one"}, null_meter(), system_clock());
}

TEST(embedded, copies_every_record_once_through_a_step_into_a_sink) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    copying_step copy;
    keeping_sink keep;
    event_waker wakes;
    const auto step = run_step(copy, wakes, *on);
    const auto sink = run_sink(keep, *on);
    step->start();
    sink->start();
    write_records(*on, 0, 3000);
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == 3000; }));
    EXPECT_EQ(keep.rows(), once_each(0, 3000));
    EXPECT_TRUE(eventually([&] { return step->ready() && sink->ready(); }));
    EXPECT_FALSE(step->failure());
    EXPECT_FALSE(sink->failure());
}

TEST(embedded, a_step_that_wants_no_input_gets_none_until_a_tick_makes_room) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    choosy_step choosy;
    keeping_sink keep;
    event_waker wakes;
    const auto step = make_step_runner(choosy, wakes, *on, embedded_config(),
                                       {.instance = "one", .batch_records_max = 50}, null_meter(), system_clock());
    const auto sink = run_sink(keep, *on);
    step->start();
    sink->start();
    write_records(*on, 0, 1000);
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == 1000; }));
    EXPECT_EQ(keep.rows(), once_each(0, 1000));
    EXPECT_GE(choosy.refills.load(), 4);
    EXPECT_LT(choosy.uninvited.load(), 1000 / 2);
}

TEST(embedded, a_restart_repeats_nothing_and_loses_nothing) {
    const temporary_directory state;
    keeping_sink keep;
    {
        const auto on = open_embedded(state.path());
        copying_step copy;
        event_waker wakes;
        const auto step = run_step(copy, wakes, *on);
        const auto sink = run_sink(keep, *on);
        step->start();
        sink->start();
        write_records(*on, 0, 500);
        ASSERT_TRUE(eventually([&] { return keep.rows().size() == 500; }));
        sink->request_stop();
        sink->join();
        write_records(*on, 500, 700);
        ASSERT_TRUE(eventually([&] { return copy.counts().size() == 700; }));
    }
    const auto on = open_embedded(state.path());
    copying_step copy;
    event_waker wakes;
    const auto step = run_step(copy, wakes, *on);
    const auto sink = run_sink(keep, *on);
    step->start();
    sink->start();
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == 700; }));
    EXPECT_TRUE(eventually([&] { return copy.counts().size() == 700; })) << "state comes back from the journal";
    write_records(*on, 0, 1);
    EXPECT_TRUE(eventually([&] { return copy.counts()["k0"] == 2; }));
    EXPECT_TRUE(eventually([&] { return keep.rows()["k0"] == 2; }));
    auto expected = once_each(0, 700);
    expected["k0"] = 2;
    EXPECT_EQ(keep.rows(), expected);
    EXPECT_EQ(copy.counts(), expected);
}

TEST(embedded, no_record_is_pushed_out_unread_when_a_step_lags_behind_more_than_the_memory_holds) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    std::atomic<bool> may_write = false;
    keeping_sink keep("keep", {topic::fetched}, [&](std::span<const record_view>) -> result<> {
        if (may_write) return {};
        return error{errc::unavailable, "not yet"};
    });
    const auto sink = run_sink(keep, *on);
    sink->start();
    constexpr int records = 6000;
    constexpr std::size_t bytes = 4000;  // 24 MB, in one partition of a log of 5 MiB
    for (int i = 0; i < records; i += 500) write_records(*on, i, i + 500, bytes);
    may_write = true;
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == records; }));
    EXPECT_EQ(keep.rows(), once_each(0, records));
    EXPECT_FALSE(sink->failure());
}

TEST(embedded, a_writer_waits_while_its_reader_lags_and_still_stops_at_once) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    copying_step copy("copy", [](const record_view&, emitter& out) -> result<> {
        out.emit({.to = topic::items, .key = "big", .value = std::string(400'000, 'b'), .partition = 0, .headers = {}});
        return {};
    });
    keeping_sink stuck("stuck", {topic::items}, [](std::span<const record_view>) -> result<> {
        return error{errc::unavailable, "never"};
    });
    event_waker wakes;
    const auto step = run_step(copy, wakes, *on);
    const auto sink = run_sink(stuck, *on);
    step->start();
    sink->start();
    for (int i = 0; i < 1000; i += 100) write_records(*on, i, i + 100);
    // 400 MB of outputs are due; the writer waits near 64 MB.
    EXPECT_TRUE(eventually([&] { return copy.counts().size() >= 100; }));
    const auto begun = std::chrono::steady_clock::now();
    step->request_stop();
    step->join();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
    EXPECT_LT(copy.counts().size(), 1000U);
}

TEST(embedded, what_a_step_cannot_process_is_kept_as_a_dead_letter) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    copying_step copy("copy", [](const record_view& record, emitter&) -> result<> {
        if (record.key == "k7") return error{errc::malformed, "an odd one"};
        return {};
    });
    event_waker wakes;
    const auto step = run_step(copy, wakes, *on);
    step->start();
    write_records(*on, 0, 20);
    ASSERT_TRUE(eventually([&] { return read_all(embedded_config(), topic::dead, state.path()).size() == 1; }));
    const auto letter = read_all(embedded_config(), topic::dead, state.path()).front();
    EXPECT_EQ(letter.key, "k7");
    EXPECT_EQ(letter.value, std::string(20, 'v'));
    EXPECT_EQ(header_of(letter, "feedwatch.dlq.reason"), "malformed");
    EXPECT_EQ(header_of(letter, "feedwatch.dlq.stage"), "copy");
    EXPECT_EQ(header_of(letter, "feedwatch.dlq.topic"), "feedwatch.fetched");
}

TEST(embedded, a_sink_whose_positions_were_moved_reads_again_and_stores_each_record_once) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    std::atomic<int> conflicts = 2;
    keeping_sink keep("keep", {topic::fetched}, [&](std::span<const record_view>) -> result<> {
        if (conflicts > 0 && conflicts-- > 0) return error{errc::conflict, "moved"};
        return {};
    });
    const auto sink = run_sink(keep, *on);
    sink->start();
    write_records(*on, 0, 300);
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == 300; }));
    EXPECT_EQ(keep.rows(), once_each(0, 300));
    EXPECT_FALSE(sink->failure());
}

TEST(embedded, a_sink_whose_positions_are_moved_again_and_again_gives_up) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    keeping_sink keep("keep", {topic::fetched}, [](std::span<const record_view>) -> result<> {
        return error{errc::conflict, "moved"};
    });
    const auto sink = run_sink(keep, *on);
    sink->start();
    write_records(*on, 0, 3);
    ASSERT_TRUE(eventually([&] { return sink->failure().has_value(); }));
    EXPECT_EQ(sink->failure()->code, errc::conflict);
}

TEST(embedded, two_processes_cannot_share_one_state_directory) {
    const temporary_directory state;
    const auto on = open_embedded(state.path());
    const auto second = cluster::open(embedded_config(), state.path(), null_meter(), 1s);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, errc::conflict);
    EXPECT_THAT(second.error().detail, testing::HasSubstr("state_dir"));
}

TEST(embedded, reading_a_state_directory_without_a_journal_says_so) {
    const temporary_directory state;
    const auto in = open_reader(embedded_config(), state.path(),
                                {.topics = {topic::dead}, .start = read_from::end, .at = {}, .follow = true}, 1s);
    ASSERT_FALSE(in);
    EXPECT_EQ(in.error().code, errc::not_found);
}

}  // namespace
}  // namespace feedwatch::kafka::test
