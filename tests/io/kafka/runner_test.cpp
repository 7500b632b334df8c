#include <gmock/gmock.h>

#include <algorithm>

#include "io/kafka/handles.hpp"
#include "tests/io/kafka/runner_fixture.hpp"
#include "tests/support/kafka_broker.hpp"

namespace feedwatch::kafka::test {
namespace {

using feedwatch::test::kafka_broker;

class runner_on_a_broker : public testing::Test {
  protected:
    void open() {
        auto made = cluster::open(config_, {}, null_meter(), 30s);
        ASSERT_TRUE(made) << made.error().message();
        on_ = std::move(made.value());
        const auto ok = on_->create_missing_topics();
        ASSERT_TRUE(ok) << ok.error().message();
    }
    std::unique_ptr<runner> run(step& what, event_waker& wakes, const std::string& instance = "one") {
        auto made = make_step_runner(what, wakes, *on_, config_, {.instance = instance}, null_meter(), system_clock());
        made->start();
        return made;
    }
    std::unique_ptr<runner> run(sink& what) {
        auto made = make_sink_runner(what, *on_, config_, {.instance = "one"}, null_meter(), system_clock());
        made->start();
        return made;
    }
    [[nodiscard]] std::size_t count(topic t) const { return read_all(config_, t).size(); }

    // The broker refuses larger records, which librdkafka does not know: the transaction aborts.
    void create_topic_with_small_records(topic t) const {
        const client_ptr admin{[&] {
            conf_ptr conf{rd_kafka_conf_new()};
            rd_kafka_conf_set(conf.get(), "bootstrap.servers", config_.brokers.c_str(), nullptr, 0);
            return rd_kafka_new(RD_KAFKA_PRODUCER, conf.release(), nullptr, 0);
        }()};
        const new_topic_ptr wanted{
            rd_kafka_NewTopic_new((config_.topic_prefix + std::string{name_of(t)}).c_str(), 1, 1, nullptr, 0)};
        rd_kafka_NewTopic_set_config(wanted.get(), "max.message.bytes", "20000");
        rd_kafka_NewTopic_set_config(wanted.get(), "compression.type", "uncompressed");
        const queue_ptr answers{rd_kafka_queue_new(admin.get())};
        auto* lent = wanted.get();
        rd_kafka_CreateTopics(admin.get(), &lent, 1, nullptr, answers.get());
        const event_ptr answer{rd_kafka_queue_poll(answers.get(), 30'000)};
        ASSERT_TRUE(answer);
    }

    kafka_config config_ = kafka_broker::shared().config();
    std::unique_ptr<cluster> on_;
    event_waker wakes_;
};

TEST_F(runner_on_a_broker, copies_each_record_once_and_stamps_it_with_the_time_of_writing) {
    open();
    EXPECT_FALSE(on_->id().empty());
    copying_step copy;
    const auto begun = system_clock().now();
    const auto running = run(copy, wakes_);
    for (int i = 0; i < 5000; i += 1000) write_records(*on_, i, i + 1000);
    EXPECT_TRUE(eventually([&] { return copy.counts().size() == 5000; }));
    running->request_stop();
    running->join();
    EXPECT_FALSE(running->failure());
    const auto items = read_all(config_, topic::items);
    EXPECT_EQ(keys_of(items), once_each(0, 5000));
    for (const auto& each : items) {
        EXPECT_GE(each.written, begun);
        EXPECT_LE(each.written, system_clock().now());
    }
    EXPECT_EQ(header_of(items.front(), "content-type"), "application/json");
    EXPECT_EQ(header_of(items.front(), "feedwatch-schema"), "feedwatch.items/1");
    const auto source = read_all(config_, topic::fetched);
    const auto origin = std::find_if(source.begin(), source.end(),
                                     [&](const read_record& each) { return each.key == items.front().key; });
    ASSERT_NE(origin, source.end());
    EXPECT_EQ(header_of(items.front(), "traceparent").substr(0, 35), header_of(*origin, "traceparent").substr(0, 35));
}

TEST_F(runner_on_a_broker, a_step_that_wants_no_input_gets_none_until_a_tick_makes_room) {
    open();
    choosy_step choosy;
    auto running = make_step_runner(choosy, wakes_, *on_, config_, {.instance = "one", .batch_records_max = 50},
                                    null_meter(), system_clock());
    running->start();
    write_records(*on_, 0, 1000);
    EXPECT_TRUE(eventually([&] { return count(topic::items) == 1000; }));
    running->request_stop();
    running->join();
    EXPECT_EQ(keys_of(read_all(config_, topic::items)), once_each(0, 1000));
    EXPECT_GE(choosy.refills.load(), 4);
    EXPECT_LT(choosy.uninvited.load(), 1000 / 2);
}

TEST_F(runner_on_a_broker, finds_the_record_that_aborts_every_batch_and_rolls_state_back) {
    create_topic_with_small_records(topic::items);
    open();
    copying_step copy("copy", [](const record_view& record, emitter& out) -> result<> {
        if (record.key == "k321")
            out.emit({.to = topic::items,
                      .key = "huge",
                      .value = std::string(60'000, 'h'),
                      .partition = std::nullopt,
                      .headers = {}});
        return {};
    });
    write_records(*on_, 0, 600);
    const auto running = run(copy, wakes_);
    EXPECT_TRUE(eventually([&] { return count(topic::dead) == 1 && count(topic::items) == 599; }, 120s));
    running->request_stop();
    running->join();
    EXPECT_FALSE(running->failure()) << running->failure()->message();
    auto expected = once_each(0, 600);
    expected.erase("k321");
    EXPECT_EQ(keys_of(read_all(config_, topic::items)), expected);
    EXPECT_GE(copy.rollbacks, 3);
    const auto letter = read_all(config_, topic::dead).at(0);
    EXPECT_EQ(letter.key, "k321");
    EXPECT_EQ(header_of(letter, "feedwatch.dlq.reason"), "too_large");
    // What was restored is what was committed.
    copying_step again;
    event_waker wakes;
    const auto second = run(again, wakes);
    EXPECT_TRUE(eventually([&] { return second->ready(); }));
    EXPECT_EQ(again.counts(), expected);
}

TEST_F(runner_on_a_broker, an_output_above_our_own_limit_sends_its_input_to_the_dead_letters_without_an_abort) {
    open();
    copying_step copy("copy", [](const record_view& record, emitter& out) -> result<> {
        if (record.key == "k5")
            out.emit({.to = topic::items,
                      .key = "huge",
                      .value = std::string(2'000'000, 'h'),
                      .partition = std::nullopt,
                      .headers = {}});
        return {};
    });
    write_records(*on_, 0, 50);
    const auto running = run(copy, wakes_);
    EXPECT_TRUE(eventually([&] { return count(topic::dead) == 1 && count(topic::items) == 49; }));
    EXPECT_EQ(header_of(read_all(config_, topic::dead).at(0), "feedwatch.dlq.reason"), "too_large");
    auto expected = once_each(0, 50);
    expected.erase("k5");
    EXPECT_EQ(copy.counts(), expected);
}

TEST_F(runner_on_a_broker, hands_its_state_over_when_another_takes_its_place) {
    open();
    copying_step first;
    auto running = run(first, wakes_, "one");
    write_records(*on_, 0, 300);
    ASSERT_TRUE(eventually([&] { return first.counts().size() == 300; }));
    copying_step second;
    event_waker wakes;
    const auto standby = run(second, wakes, "two");
    ASSERT_TRUE(eventually([&] { return standby->ready(); })) << "a standby is ready with nothing assigned";
    write_records(*on_, 300, 600);
    running->request_stop();
    running->join();
    write_records(*on_, 0, 1);
    EXPECT_TRUE(eventually([&] { return second.counts()["k0"] == 2; }));
    auto expected = once_each(0, 600);
    expected["k0"] = 2;
    EXPECT_EQ(second.counts(), expected);
    EXPECT_TRUE(eventually([&] { return count(topic::items) == 601; }));
    EXPECT_EQ(keys_of(read_all(config_, topic::items)), expected);
}

TEST_F(runner_on_a_broker, a_fenced_runner_opens_a_new_producer_and_repeats_nothing) {
    open();
    copying_step first;
    const auto running = run(first, wakes_, "same");
    write_records(*on_, 0, 100);
    ASSERT_TRUE(eventually([&] { return first.counts().size() == 100; }));
    // Another process under the same name: it fences the first, though it gets no partition.
    copying_step second;
    event_waker wakes;
    const auto twin = run(second, wakes, "same");
    ASSERT_TRUE(eventually([&] { return twin->ready(); }));
    write_records(*on_, 100, 400);
    EXPECT_TRUE(eventually([&] { return first.counts().size() + second.counts().size() >= 400; }));
    EXPECT_TRUE(eventually([&] { return count(topic::items) == 400; }));
    EXPECT_EQ(keys_of(read_all(config_, topic::items)), once_each(0, 400));
    EXPECT_GE(first.rollbacks + second.rollbacks, 1);
}

TEST_F(runner_on_a_broker, a_sink_gets_each_record_once_across_restarts_and_failures) {
    open();
    std::atomic<int> failures = 3;
    keeping_sink keep("keep", {topic::fetched}, [&](std::span<const record_view> records) -> result<> {
        if (!records.empty() && failures > 0 && failures-- > 0) return error{errc::unavailable, "away"};
        for (const auto& each : records)
            if (each.key == "k13") return error{errc::malformed, "refused"};
        return {};
    });
    {
        const auto running = run(keep);
        write_records(*on_, 0, 200);
        EXPECT_TRUE(eventually([&] { return keep.rows().size() == 199; }));
    }
    const auto running = run(keep);
    write_records(*on_, 200, 250);
    auto expected = once_each(0, 250);
    expected.erase("k13");
    EXPECT_TRUE(eventually([&] { return keep.rows().size() == expected.size(); }));
    EXPECT_EQ(keep.rows(), expected);
    const auto letters = read_all(config_, topic::dead);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].key, "k13");
    EXPECT_EQ(header_of(letters[0], "feedwatch.dlq.stage"), "keep");
}

TEST_F(runner_on_a_broker, a_missing_topic_is_a_failure_that_names_it) {
    auto made = cluster::open(config_, {}, null_meter(), 30s);
    ASSERT_TRUE(made);
    on_ = std::move(made.value());
    copying_step copy;
    const auto running = run(copy, wakes_);
    ASSERT_TRUE(eventually([&] { return running->failure().has_value(); }));
    EXPECT_THAT(running->failure()->detail, testing::HasSubstr(config_.topic_prefix + "fetched"));
}

TEST(cluster_open, says_so_when_no_broker_answers) {
    kafka_config config;
    config.brokers = "127.0.0.1:1";
    const auto made = cluster::open(config, {}, null_meter(), 500ms);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::unavailable);
    EXPECT_THAT(made.error().detail, testing::HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace feedwatch::kafka::test
