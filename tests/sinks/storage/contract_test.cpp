// What every store promises, run on each of them.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <thread>

#include "sinks/storage/storage.hpp"
#include "tests/sinks/storage/records.hpp"
#include "tests/sinks/storage/store_under_test.hpp"

namespace feedwatch::test {
namespace {

using storage::storage_sink;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* cluster = "cluster-a";
const topic_partition items_0{topic::items, 0};
const topic_partition items_1{topic::items, 1};

struct named_maker {
    const char* name;
    database_maker make;
};

class StorageContract : public testing::TestWithParam<named_maker> {
  protected:
    void SetUp() override {
        database_ = GetParam().make();
        if (!database_) GTEST_SKIP() << GetParam().name << " is not installed";
    }
    [[nodiscard]] storage_sink sink() const {
        return {std::string("storage-") + GetParam().name, database_->store(database_->schema()), null_meter()};
    }
    [[nodiscard]] std::int64_t count(const std::string& table) const {
        return std::stoll(database_->query("SELECT count(*) FROM " + table)[0][0]);
    }
    static std::vector<position> to(std::int64_t next) { return {{items_0, next}}; }
    static std::vector<topic_partition> wanted() { return {items_0, items_1}; }

    std::unique_ptr<database> database_;
};

TEST_P(StorageContract, StoresRowsAndPositionsTogether) {
    storage_sink s = sink();
    ASSERT_TRUE(s.open());
    EXPECT_THAT(s.positions(cluster, wanted()).value(), IsEmpty());
    batch b;
    b.add(item_of("i1")).add(item_of("i2")).add(flagged_of("i1", {"fire", "flood"})).add(duplicate_of("c1", "i1"));
    const auto written = s.write(cluster, b.records(), to(4));
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(count("items"), 2);
    EXPECT_EQ(count("matches"), 2);
    EXPECT_EQ(count("duplicates"), 1);
    EXPECT_THAT(s.positions(cluster, wanted()).value(), ElementsAre(position{items_0, 4}));
    EXPECT_THAT(sink().name(), HasSubstr(GetParam().name));
}

TEST_P(StorageContract, KeepsEveryFieldOfAnItem) {
    storage_sink s = sink();
    batch b;
    b.add(item_of("i1"));
    ASSERT_TRUE(s.write(cluster, b.records(), to(1)));
    const auto rows = database_->query(
        "SELECT id, story, revision, verdict, feed, publisher, url, title, text, language, origin, authors, "
        "categories, "
        "enclosures, updated FROM items");
    ASSERT_THAT(rows, SizeIs(1));
    const auto& r = rows[0];
    EXPECT_THAT(std::vector<std::string>(r.begin(), r.begin() + 11),
                ElementsAre("i1", "i1", "1", "new", "feed-1", "example.org", "https://example.org/i1",
                            "Title of i1, revision 1", "What there is to say about i1", "en", "live"));
    EXPECT_EQ(boost::json::parse(r[11]),
              boost::json::parse(R"([{"name":"A. \"Quote\" Author","email":"a@example.org","url":""}])"));
    EXPECT_EQ(boost::json::parse(r[12]), boost::json::parse(R"(["one","two, with {braces}"])"));
    EXPECT_EQ(boost::json::parse(r[13]),
              boost::json::parse(R"([{"url":"https://example.org/a.mp3","type":"audio/mpeg","length":123},
                                     {"url":"https://example.org/b","type":"","length":null}])"));
    EXPECT_EQ(r[14], "NULL");
    EXPECT_THAT(database_->query("SELECT id FROM items WHERE published = '2026-01-02T03:04:05.000Z' AND "
                                 "observed = '2026-01-02T03:05:00.250Z'"),
                SizeIs(1));
}

TEST_P(StorageContract, KeepsWhereItemsAndCopiesSayTheyComeFrom) {
    storage_sink s = sink();
    batch b;
    b.add(item_of("i1"));
    b.add(duplicate_of("d1", "i1"));
    ASSERT_TRUE(s.write(cluster, b.records(), to(2)));
    for (const char* of : {"i1' FROM items", "d1' FROM duplicates"}) {
        const std::string id = std::string(of).substr(0, 2);
        const auto rows = database_->query("SELECT origin_url, origin_publisher, '" + std::string(of));
        ASSERT_THAT(rows, SizeIs(1));
        EXPECT_THAT(std::vector<std::string>(rows[0].begin(), rows[0].begin() + 2),
                    ElementsAre("https://first.example/" + id, "first.example"));
    }
}

TEST_P(StorageContract, KeepsWhereAndWhyATopicMatched) {
    storage_sink s = sink();
    batch b;
    b.add(flagged_of("i1", {"fire"}));
    ASSERT_TRUE(s.write(cluster, b.records(), to(1)));
    const auto rows =
        database_->query("SELECT item_id, topic, story, version, score, severity, spans FROM matches WHERE NOT shadow");
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_THAT(std::vector<std::string>(rows[0].begin(), rows[0].begin() + 6),
                ElementsAre("i1", "fire", "i1", "v1", "1.5", "high"));
    EXPECT_EQ(boost::json::parse(rows[0][6]),
              boost::json::parse(R"([{"field":"title","offset":0,"length":5,"text":"Title","clause":"title:title"}])"));
}

TEST_P(StorageContract, ReplayedRecordsChangeNothing) {
    storage_sink s = sink();
    batch b;
    b.add(item_of("i1")).add(flagged_of("i1", {"fire"})).add(duplicate_of("c1", "i1")).add(feed_of("f1"));
    ASSERT_TRUE(s.write(cluster, b.records(), to(4)));
    const auto before = database_->query("SELECT * FROM items");
    // As after a topic that is read from its beginning under another cluster's id.
    ASSERT_TRUE(s.write("cluster-b", b.records(), {}));
    EXPECT_EQ(database_->query("SELECT * FROM items"), before);
    EXPECT_EQ(count("items") + count("matches") + count("duplicates") + count("feeds"), 4);
}

TEST_P(StorageContract, TheHigherRevisionStays) {
    storage_sink s = sink();
    const auto revision = [&] { return database_->query("SELECT revision, title FROM items WHERE id = 'i1'")[0]; };
    batch second;
    second.add(item_of("i1", 2)).add(flagged_of("i1", {"fire"}, 2));
    ASSERT_TRUE(s.write(cluster, second.records(), to(1)));
    batch first;
    first.add(item_of("i1", 1)).add(flagged_of("i1", {"fire"}, 1));
    ASSERT_TRUE(s.write(cluster, first.records(), to(2)));
    EXPECT_THAT(revision(), ElementsAre("2", "Title of i1, revision 2"));
    EXPECT_EQ(database_->query("SELECT revision FROM matches")[0][0], "2");
    batch both;
    both.add(item_of("i1", 4)).add(item_of("i1", 3));
    ASSERT_TRUE(s.write(cluster, both.records(), to(4)));
    EXPECT_THAT(revision(), ElementsAre("4", "Title of i1, revision 4"));
}

TEST_P(StorageContract, AChangedRuleOverwritesItsMatchOfTheSameRevision) {
    storage_sink s = sink();
    batch b;
    b.add(flagged_of("i1", {"fire"}));
    ASSERT_TRUE(s.write(cluster, b.records(), to(1)));
    flagged_item changed = flagged_of("i1", {"fire"});
    changed.matches[0].version = "v2";
    batch again;
    again.add(changed);
    ASSERT_TRUE(s.write(cluster, again.records(), to(2)));
    EXPECT_EQ(database_->query("SELECT version FROM matches")[0][0], "v2");
}

TEST_P(StorageContract, AFeedIsItsSubscriptionAndItsLatestPollInAnyOrder) {
    storage_sink s = sink();
    batch polled_first;
    polled_first.add(poll_of("f1", at("2026-01-01T00:00:00Z")));
    ASSERT_TRUE(s.write(cluster, polled_first.records(), to(1)));
    EXPECT_THAT(database_->query("SELECT id, outcome, title FROM feeds WHERE NOT subscribed"),
                ElementsAre(ElementsAre("f1", "ok", "")));
    batch rest;
    rest.add(feed_of("f1")).add(poll_of("f1", at("2025-12-31T00:00:00Z"))).add(feed_of("f2"));
    ASSERT_TRUE(s.write(cluster, rest.records(), to(4)));
    EXPECT_THAT(database_->query("SELECT id, title, interval_start_ms FROM feeds WHERE subscribed ORDER BY id"),
                ElementsAre(ElementsAre("f1", "Feed f1", "900000"), ElementsAre("f2", "Feed f2", "900000")));
    EXPECT_THAT(database_->query("SELECT id FROM feeds WHERE polled_at = '2026-01-01T00:00:00.000Z'"), SizeIs(1));
    batch gone;
    gone.tombstone(topic::feeds, "f1").tombstone(topic::polls, "f1").tombstone(topic::feeds, "f2").add(feed_of("f2"));
    ASSERT_TRUE(s.write(cluster, gone.records(), to(8)));
    EXPECT_THAT(database_->query("SELECT id FROM feeds WHERE subscribed"), ElementsAre(ElementsAre("f2")));
    EXPECT_EQ(count("feeds"), 2);
}

TEST_P(StorageContract, APositionThatAnotherWriterMovedIsAConflictAndWritesNothing) {
    storage_sink zombie = sink();
    ASSERT_TRUE(zombie.positions(cluster, wanted()));
    batch b;
    b.add(item_of("i1"));
    ASSERT_TRUE(zombie.write(cluster, b.records(), to(1)));
    database_->query("UPDATE feedwatch_positions SET next = 5");
    batch late;
    late.add(item_of("i2"));
    const auto refused = zombie.write(cluster, late.records(), to(2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::conflict));
    EXPECT_EQ(count("items"), 1);
    // It rejoins, and goes on where the other left off.
    EXPECT_THAT(zombie.positions(cluster, wanted()).value(), ElementsAre(position{items_0, 5}));
    EXPECT_TRUE(zombie.write(cluster, late.records(), to(6)));
    EXPECT_EQ(count("items"), 2);
}

TEST_P(StorageContract, AFirstPositionThatAnotherWriterSetIsAConflict) {
    storage_sink zombie = sink();
    ASSERT_TRUE(zombie.positions(cluster, wanted()));
    database_->query(std::string("INSERT INTO feedwatch_positions (cluster, topic, partition, next) VALUES ('") +
                     cluster + "', 'items', 0, 3)");
    batch b;
    b.add(item_of("i1"));
    const auto refused = zombie.write(cluster, b.records(), to(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::conflict));
    EXPECT_EQ(count("items"), 0);
}

TEST_P(StorageContract, PositionsOfAnotherClusterAreNotOurs) {
    storage_sink s = sink();
    ASSERT_TRUE(s.write(cluster, {}, to(7)));
    EXPECT_THAT(s.positions("cluster-b", wanted()).value(), IsEmpty());
    ASSERT_TRUE(s.write("cluster-b", {}, to(1)));
    EXPECT_THAT(s.positions(cluster, wanted()).value(), ElementsAre(position{items_0, 7}));
}

TEST_P(StorageContract, GoesOnWhereItLeftOffAfterARestart) {
    batch b;
    b.add(item_of("i1"));
    {
        storage_sink s = sink();
        ASSERT_TRUE(s.write(cluster, b.records(), std::vector<position>{{items_0, 1}, {items_1, 9}}));
    }
    storage_sink s = sink();
    EXPECT_THAT(s.positions(cluster, wanted()).value(),
                testing::UnorderedElementsAre(position{items_0, 1}, position{items_1, 9}));
    EXPECT_TRUE(s.write(cluster, {}, to(2)));
}

TEST_P(StorageContract, ARecordThatCannotBeReadIsNamedAndNothingIsWritten) {
    storage_sink s = sink();
    batch b;
    b.add(item_of("i1")).put(topic::items, "x", "{not json", 3);
    const auto refused = s.write(cluster, b.records(), to(2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::malformed));
    EXPECT_THAT(refused.error().detail, HasSubstr("items/3 offset 1"));
    ASSERT_TRUE(s.open());
    EXPECT_EQ(count("items"), 0);
    EXPECT_TRUE(s.write(cluster, std::span(b.records()).first(1), to(2)));
}

TEST_P(StorageContract, AStoryThatWasTakenDownLosesItsRowsAndNoOtherDoes) {
    storage_sink s = sink();
    batch before;
    flagged_item successor = flagged_of("i2", {"fire"}, 2);
    successor.story = story_id("i1");
    before.add(item_of("i1")).add(item_of("other")).add(duplicate_of("c1", "i1")).add(duplicate_of("c2", "other"));
    before.add(flagged_of("i1", {"fire", "flood"})).add(successor).add(flagged_of("other", {"fire"}));
    ASSERT_TRUE(s.write(cluster, before.records(), to(7)));
    batch gone;
    gone.tombstone(topic::items, "i1").tombstone(topic::items, "i1 or 1 = 1").tombstone(topic::items, "nobody");
    ASSERT_TRUE(s.write(cluster, gone.records(), to(10)));
    EXPECT_THAT(database_->query("SELECT id FROM items"), ElementsAre(ElementsAre("other")));
    EXPECT_EQ(count("duplicates"), 2) << "each topic says so itself, after its last record of the story";
    EXPECT_EQ(count("matches"), 4);
    batch rest;
    rest.tombstone(topic::duplicates, "i1").tombstone(topic::flagged, "i1");
    ASSERT_TRUE(s.write(cluster, rest.records(), to(12)));
    EXPECT_THAT(database_->query("SELECT id FROM duplicates"), ElementsAre(ElementsAre("c2")));
    EXPECT_THAT(database_->query("SELECT item_id FROM matches"), ElementsAre(ElementsAre("other")));
    EXPECT_THAT(s.positions(cluster, wanted()).value(), ElementsAre(position{items_0, 12}));
}

TEST_P(StorageContract, OfOneBatchWhatCameBeforeTheStorysEndIsGoneAndWhatCameAfterItIsThere) {
    storage_sink s = sink();
    batch first;
    first.add(item_of("i1"));
    ASSERT_TRUE(s.write(cluster, first.records(), to(1)));
    batch b;
    b.add(item_of("i1", 5)).add(flagged_of("i1", {"fire"})).add(duplicate_of("c1", "i1")).add(item_of("other"));
    b.tombstone(topic::items, "i1").tombstone(topic::flagged, "i1").tombstone(topic::duplicates, "i1");
    b.add(item_of("i1", 1));
    ASSERT_TRUE(s.write(cluster, b.records(), to(9)));
    EXPECT_THAT(database_->query("SELECT id, revision FROM items ORDER BY id"),
                ElementsAre(ElementsAre("i1", "1"), ElementsAre("other", "1")));
    EXPECT_EQ(count("matches") + count("duplicates"), 0);
}

TEST_P(StorageContract, AnItemThatIsTakenDownByItsOwnIdLosesItsRows) {
    storage_sink s = sink();
    batch b;
    b.add(item_of("i1")).add(duplicate_of("c1", "i1")).add(duplicate_of("c2", "i1"));
    ASSERT_TRUE(s.write(cluster, b.records(), to(3)));
    batch gone;
    gone.tombstone(topic::duplicates, "c1");
    ASSERT_TRUE(s.write(cluster, gone.records(), to(4)));
    EXPECT_THAT(database_->query("SELECT id FROM duplicates"), ElementsAre(ElementsAre("c2")));
    EXPECT_EQ(count("items"), 1);
}

TEST_P(StorageContract, TextIsStoredWithoutNulAndDatesAreClamped) {
    storage_sink s = sink();
    story_item odd = item_of("i1");
    odd.title = "\xF0\x9F\x9A\xA8 ' \" \\ ; {} -- \xC3\xA9";
    odd.published = timestamp(std::chrono::hours(24LL * 366 * 20000));
    odd.updated = timestamp(std::chrono::hours(-24LL * 366 * 3000));
    batch b;
    b.add(odd);
    const std::string id_with_nul = R"({"id":"a\u0000b","title":"x\u0000y \ud800 z","text":""})";
    b.put(topic::items, "a", id_with_nul, 0);
    const auto written = s.write(cluster, b.records(), to(2));
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(database_->query("SELECT title FROM items WHERE id = 'i1'")[0][0], odd.title);
    EXPECT_EQ(database_->query("SELECT title FROM items WHERE id = 'ab'")[0][0], "xy \xEF\xBF\xBD z");
    EXPECT_THAT(database_->query("SELECT id FROM items WHERE published >= '9999-12-31T00:00:00.000Z' AND "
                                 "updated <= '0001-01-02T00:00:00.000Z'"),
                SizeIs(1));
}

TEST_P(StorageContract, ALargeBatchIsOneTransaction) {
    storage_sink s = sink();
    batch b;
    for (int i = 0; i < 2000; ++i) b.add(item_of("i" + std::to_string(i)));
    ASSERT_TRUE(s.write(cluster, b.records(), to(2000)));
    EXPECT_EQ(count("items"), 2000);
}

TEST_P(StorageContract, ANewerSchemaIsRefusedByItsVersion) {
    const auto known = database_->schema();
    std::vector<storage::migration> newer(known.begin(), known.end());
    newer.push_back({known.back().version + 1, "CREATE TABLE of_the_future (x integer)"});
    ASSERT_TRUE(database_->store(newer)->open());
    storage_sink old = sink();
    const auto refused = old.open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::conflict));
    EXPECT_THAT(refused.error().detail, HasSubstr("version " + std::to_string(known.back().version + 1)));
    EXPECT_FALSE(old.positions(cluster, wanted()));
    const auto checked = storage::check_store(database_->config());
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, make_error_code(errc::conflict));
}

TEST_P(StorageContract, AnOlderSchemaIsMigratedAndItsRowsStay) {
    {
        storage_sink s = sink();
        batch b;
        b.add(item_of("i1"));
        ASSERT_TRUE(s.write(cluster, b.records(), to(1)));
    }
    const auto known = database_->schema();
    std::vector<storage::migration> newer(known.begin(), known.end());
    newer.push_back({known.back().version + 1, "ALTER TABLE items ADD COLUMN mood text NOT NULL DEFAULT 'fine'"});
    ASSERT_TRUE(database_->store(newer)->open());
    EXPECT_THAT(database_->query("SELECT id, mood FROM items"), ElementsAre(ElementsAre("i1", "fine")));
    ASSERT_TRUE(database_->store(newer)->open());
}

TEST_P(StorageContract, AMigrationThatFailsLeavesTheSchemaAsItWas) {
    ASSERT_TRUE(sink().open());
    const auto known = database_->schema();
    std::vector<storage::migration> broken(known.begin(), known.end());
    broken.push_back({known.back().version + 1, "CREATE TABLE half (x integer); CREATE TABLE half (x integer)"});
    EXPECT_FALSE(database_->store(broken)->open());
    EXPECT_THROW(database_->query("SELECT * FROM half"), std::runtime_error);
    EXPECT_TRUE(sink().open());
}

TEST_P(StorageContract, OfTwoThatStartAtOnceOneMigrates) {
    std::vector<std::thread> starting;
    std::vector<result<>> outcomes(4, result<>());
    for (std::size_t i = 0; i < outcomes.size(); ++i) starting.emplace_back([&, i] { outcomes[i] = sink().open(); });
    for (std::thread& t : starting) t.join();
    // Where one process at a time may have the store, the others are told so and try again.
    for (const auto& o : outcomes) EXPECT_TRUE(o || is_retryable(o.error())) << o.error().message();
    EXPECT_TRUE(sink().open());
    EXPECT_EQ(count("items"), 0);
}

TEST_P(StorageContract, CheckingWritesNothing) {
    EXPECT_TRUE(storage::check_store(database_->config()));
    EXPECT_THROW(database_->query("SELECT * FROM items"), std::runtime_error);
    ASSERT_TRUE(sink().open());
    const auto checked = storage::check_store(database_->config());
    EXPECT_TRUE(checked) << checked.error().message();
}

TEST_P(StorageContract, ALockedTableIsRetryableAndWritesNothing) {
    storage_sink s = sink();
    ASSERT_TRUE(s.write(cluster, {}, to(1)));
    batch b;
    b.add(item_of("i1"));
    {
        const auto locked = database_->lock_writes();
        const auto refused = s.write(cluster, b.records(), to(2));
        ASSERT_FALSE(refused);
        EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    }
    const auto written = s.write(cluster, b.records(), to(2));
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(count("items"), 1);
}

INSTANTIATE_TEST_SUITE_P(Stores, StorageContract,
                         testing::Values(named_maker{"sqlite", &make_sqlite_database},
                                         named_maker{"postgres", &make_postgres_database}),
                         [](const auto& p) { return std::string(p.param.name); });

}  // namespace
}  // namespace feedwatch::test
