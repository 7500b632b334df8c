// What storage_sink decides, on a store that fails on purpose.
#include "sinks/storage/storage.hpp"

#include <gmock/gmock.h>

#include <random>

#include "tests/sinks/storage/fake_item_store.hpp"
#include "tests/sinks/storage/records.hpp"

namespace feedwatch::test {
namespace {

using fault = fake_store_state::fault;
using testing::ElementsAre;
using testing::IsEmpty;

const topic_partition items_0{topic::items, 0};

class StorageSink : public testing::Test {
  protected:
    result<> write(std::int64_t next) {
        batch b;
        b.add(item_of("i" + std::to_string(next)));
        return sink_.write("c", b.records(), std::vector<position>{{items_0, next}});
    }
    fake_store_state state_;
    storage::storage_sink sink_{"storage-fake", std::make_unique<fake_item_store>(state_), null_meter()};
};

TEST_F(StorageSink, AWriteThatFailedBeforeItsCommitIsWrittenWhenItComesAgain) {
    state_.plan = {fault::fails_before_commit};
    EXPECT_TRUE(is_retryable(write(1).error()));
    EXPECT_TRUE(write(1));
    EXPECT_EQ(state_.rows["items"], 1U);
    EXPECT_EQ(state_.positions[items_0], 1);
}

TEST_F(StorageSink, AWriteWhoseCommitWasAnsweredByALostConnectionIsNotWrittenTwice) {
    state_.plan = {fault::fails_after_commit};
    EXPECT_TRUE(is_retryable(write(1).error()));
    EXPECT_TRUE(write(1));
    EXPECT_EQ(state_.rows["items"], 1U);
    EXPECT_EQ(state_.writes, 1U);
    EXPECT_TRUE(write(2));
    EXPECT_EQ(state_.rows["items"], 2U);
}

TEST_F(StorageSink, TheOutcomeOfACommitIsAskedForUntilTheStoreAnswers) {
    state_.plan = {fault::fails_after_commit};
    EXPECT_FALSE(write(1));
    state_.reachable = false;
    EXPECT_TRUE(is_retryable(write(1).error()));
    EXPECT_TRUE(is_retryable(write(1).error()));
    state_.reachable = true;
    EXPECT_TRUE(write(1));
    EXPECT_EQ(state_.writes, 1U);
}

TEST_F(StorageSink, ALostCommitThatSomebodyElseWentPastIsAConflict) {
    state_.plan = {fault::fails_after_commit};
    EXPECT_FALSE(write(1));
    state_.positions[items_0] = 9;
    EXPECT_EQ(write(1).error().code, make_error_code(errc::conflict));
    EXPECT_THAT(sink_.positions("c", std::vector{items_0}).value(), ElementsAre(position{items_0, 9}));
    EXPECT_TRUE(write(10));
}

TEST_F(StorageSink, AnUnknownOutcomeIsForgottenOncePositionsWereReadAnew) {
    state_.plan = {fault::fails_after_commit};
    EXPECT_FALSE(write(1));
    EXPECT_THAT(sink_.positions("c", std::vector{items_0}).value(), ElementsAre(position{items_0, 1}));
    EXPECT_TRUE(write(2));
    EXPECT_EQ(state_.rows["items"], 2U);
}

TEST_F(StorageSink, RandomFaultsLoseNothingAndRepeatNothing) {
    for (unsigned seed = 0; seed < 300; ++seed) {
        fake_store_state state;
        storage::storage_sink sink("storage-fake", std::make_unique<fake_item_store>(state), null_meter());
        std::mt19937 random(seed);
        std::int64_t next = 0;
        while (next < 50) {
            if (random() % 3 == 0) state.plan.push_back(fault(random() % 2));
            const std::int64_t size = 1 + static_cast<std::int64_t>(random() % 5);
            batch b;
            for (std::int64_t i = 0; i < size; ++i) b.add(item_of(std::to_string(next + i)));
            const std::vector<position> to{{items_0, next + size}};
            result<> written = sink.write("c", b.records(), to);
            while (!written) {
                ASSERT_TRUE(is_retryable(written.error())) << "seed " << seed << ": " << written.error().message();
                written = sink.write("c", b.records(), to);
            }
            next += size;
            ASSERT_EQ(state.positions[items_0], next) << "seed " << seed;
            ASSERT_EQ(state.rows["items"], static_cast<std::size_t>(next)) << "seed " << seed;
        }
    }
}

TEST(StorageNames, AreStableAndDistinct) {
    EXPECT_THAT(storage::sink_names({sqlite_config{}, postgres_config{}, sqlite_config{"b"}}),
                ElementsAre("storage-sqlite", "storage-postgres", "storage-sqlite-2"));
    EXPECT_THAT(storage::sink_names({}), IsEmpty());
}

}  // namespace
}  // namespace feedwatch::test
