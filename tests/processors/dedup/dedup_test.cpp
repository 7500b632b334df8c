#include "processors/dedup/dedup.hpp"

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <string>

#include "core/record/duplicate.hpp"
#include "core/record/forget.hpp"
#include "tests/processors/dedup/emitted.hpp"
#include "tests/processors/dedup/samples.hpp"
#include "tests/support/counting_meter.hpp"

namespace feedwatch::dedup {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DedupStep : public ::testing::Test {
  protected:
    result<> process(const std::string& value, std::int32_t partition = 0) {
        record_view r;
        r.from = topic::fetched;
        r.partition = partition;
        r.key = "feed";
        r.value = value;
        return step_.process(r, timestamp{}, out_);
    }
    result<> forget(const std::string& key, const std::vector<header>& headers = {}) {
        record_view r;
        r.from = topic::fetched;
        r.key = key;
        r.headers = headers;
        return step_.process(r, timestamp{}, out_);
    }
    result<> process(const sample& s) { return process(to_json(to_item(s))); }

    test::counting_meter counts_;
    dedup step_{dedup_config{}, counts_};
    emitted out_;
};

TEST_F(DedupStep, ANewItemGoesToItemsWithItsStoryAndToSeen) {
    step_.assigned(0);
    ASSERT_TRUE(process({.id = "a", .title = "T", .text = prose(1, 60), .feed = "f"}));
    ASSERT_THAT(out_.records, SizeIs(2));
    const auto items = out_.of(topic::items);
    ASSERT_THAT(items, SizeIs(1));
    EXPECT_EQ(items[0].key, "a");
    EXPECT_FALSE(items[0].partition.has_value());
    const auto told = story_item_from_json(*items[0].value);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->story, story_id{"a"});
    EXPECT_EQ(told->verdict, verdict::new_story);
    EXPECT_EQ(told->feed, feed_id{"f"});
    const auto seen_records = out_.of(topic::seen);
    ASSERT_THAT(seen_records, SizeIs(1));
    EXPECT_EQ(seen_records[0].key, "id:a");
    EXPECT_EQ(seen_records[0].partition, 0);
    EXPECT_TRUE(seen_from_json(*seen_records[0].value));
}

TEST_F(DedupStep, ACopyGoesToDuplicatesUnderItsStory) {
    step_.assigned(0);
    ASSERT_TRUE(process({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"}));
    out_.records.clear();
    ASSERT_TRUE(
        process({.id = "b", .title = "T2", .text = prose(1, 60), .publisher = "q", .url = "https://q.example/1"}));
    const auto copies = out_.of(topic::duplicates);
    ASSERT_THAT(copies, SizeIs(1));
    EXPECT_THAT(out_.of(topic::items), IsEmpty());
    EXPECT_EQ(copies[0].key, "a");
    const auto copy = duplicate_from_json(*copies[0].value);
    ASSERT_TRUE(copy);
    EXPECT_EQ(copy->id, item_id{"b"});
    EXPECT_EQ(copy->of, item_id{"a"});
    EXPECT_EQ(copy->how, likeness::same_text);
    EXPECT_EQ(copy->publisher, "q");
    EXPECT_EQ(copy->url, "https://q.example/1");
}

TEST_F(DedupStep, WhatAnItemSaysOfItsOriginGoesOnWithIt) {
    item head = to_item({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"});
    item copy = to_item({.id = "b", .title = "T2", .text = prose(1, 60), .publisher = "q"});
    head.origin_url = copy.origin_url = "https://first.example/1";
    head.origin_publisher = copy.origin_publisher = "first.example";
    const auto told = to_record({.story = story_id{"a"}}, head);
    EXPECT_EQ(story_item_from_json(*told.value)->origin_url, "https://first.example/1");
    EXPECT_EQ(story_item_from_json(*told.value)->origin_publisher, "first.example");
    const auto evidence =
        to_record({.what = decision::kind::duplicate, .story = story_id{"a"}, .of = item_id{"a"}}, copy);
    EXPECT_EQ(evidence.to, topic::duplicates);
    EXPECT_EQ(duplicate_from_json(*evidence.value)->origin_url, "https://first.example/1");
    EXPECT_EQ(duplicate_from_json(*evidence.value)->origin_publisher, "first.example");
}

// `origin` decides about alerts, which is the sinks' business: stories are the same whatever brought their items.
TEST_F(DedupStep, ABackfilledCopyJoinsItsStoryAndItsHeadStays) {
    step_.assigned(0);
    item live = to_item({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"});
    live.published = live.observed = timestamp{std::chrono::days{20001}};
    item old = to_item({.id = "b", .title = "T", .text = prose(1, 60), .publisher = "q"});
    old.published = timestamp{std::chrono::days{19000}};
    old.observed = timestamp{std::chrono::days{20002}};
    old.origin = origin::backfill;
    ASSERT_TRUE(process(to_json(live)));
    ASSERT_TRUE(process(to_json(old)));
    ASSERT_THAT(out_.of(topic::items), SizeIs(1));
    ASSERT_THAT(out_.of(topic::duplicates), SizeIs(1));
    EXPECT_EQ(duplicate_from_json(*out_.of(topic::duplicates)[0].value)->story, story_id{"a"});
    live.title = "T, corrected";
    ASSERT_TRUE(process(to_json(live)));
    const auto told = out_.of(topic::items);
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(story_item_from_json(*told[1].value)->story, story_id{"a"});
    EXPECT_EQ(story_item_from_json(*told[1].value)->verdict, verdict::update);
}

TEST_F(DedupStep, ABackfilledItemOfItsOwnIsAStoryThatSaysWhereItCameFrom) {
    step_.assigned(0);
    item old = to_item({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"});
    old.origin = origin::backfill;
    ASSERT_TRUE(process(to_json(old)));
    ASSERT_THAT(out_.of(topic::items), SizeIs(1));
    EXPECT_EQ(story_item_from_json(*out_.of(topic::items)[0].value)->origin, origin::backfill);
    item copy = to_item({.id = "b", .title = "T", .text = prose(1, 60), .publisher = "q"});
    copy.origin = origin::backfill;
    ASSERT_TRUE(process(to_json(copy)));
    ASSERT_THAT(out_.of(topic::duplicates), SizeIs(1));
    EXPECT_EQ(duplicate_from_json(*out_.of(topic::duplicates)[0].value)->of, item_id{"a"});
}

TEST_F(DedupStep, TheFirstLiveCopyOfWhatWasBackfilledGoesOutAsAnUpdateOfItsOwnOrigin) {
    step_.assigned(0);
    item old = to_item({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"});
    old.origin = origin::backfill;
    ASSERT_TRUE(process(to_json(old)));
    ASSERT_TRUE(process(to_json(to_item({.id = "b", .title = "T", .text = prose(1, 60), .publisher = "q"}))));
    ASSERT_THAT(out_.of(topic::items), SizeIs(2));
    const auto told = story_item_from_json(*out_.of(topic::items)[1].value);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->id, item_id{"b"});
    EXPECT_EQ(told->story, story_id{"a"});
    EXPECT_EQ(told->origin, origin::live);
    EXPECT_EQ(told->verdict, verdict::update);
    EXPECT_EQ(told->revision, 2U);
    ASSERT_TRUE(process(to_json(to_item({.id = "c", .title = "T", .text = prose(1, 60), .publisher = "r"}))));
    EXPECT_THAT(out_.of(topic::items), SizeIs(2));
    EXPECT_THAT(out_.of(topic::duplicates), SizeIs(1));
}

TEST_F(DedupStep, SeenRecordsGoToThePartitionOfTheInput) {
    step_.assigned(4);
    ASSERT_TRUE(process(to_json(to_item({.id = "a", .text = prose(1, 60)})), 4));
    EXPECT_EQ(out_.of(topic::seen).at(0).partition, 4);
}

TEST_F(DedupStep, WhatIsNoItemIsRefusedAndChangesNothing) {
    step_.assigned(0);
    EXPECT_FALSE(process("{\"title\": \"no id\"}"));
    EXPECT_FALSE(process("no json"));
    EXPECT_THAT(out_.records, IsEmpty());
}

TEST_F(DedupStep, VerdictsAreCountedWhenTheyAreDurable) {
    step_.assigned(0);
    const labels is_new{{"verdict", "new"}, {"how", ""}};
    step_.begin_batch(1);
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    EXPECT_EQ(counts_.value("feedwatch_dedup_verdicts_total", is_new), 0);
    step_.rollback_batch(1);
    step_.begin_batch(2);
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    step_.commit_batch(2);
    EXPECT_EQ(counts_.value("feedwatch_dedup_verdicts_total", is_new), 1);
    EXPECT_EQ(counts_.value("feedwatch_dedup_state_keys"), 1);
    EXPECT_GT(counts_.value("feedwatch_dedup_state_bytes"), 0);
}

TEST_F(DedupStep, ARequestToForgetBecomesTombstonesAndMarkersAndTheStoryStaysAway) {
    step_.assigned(0);
    ASSERT_TRUE(process({.id = "a", .title = "T", .text = prose(1, 60), .publisher = "p"}));
    ASSERT_TRUE(process({.id = "b", .title = "T2", .text = prose(1, 60), .publisher = "q"}));
    ASSERT_TRUE(process({.id = "c", .title = "U", .text = prose(2, 60), .publisher = "p"}));
    out_.records.clear();
    step_.begin_batch(1);
    const std::vector<header> members{{std::string(forget_member_header), "long-gone"}};
    ASSERT_TRUE(forget("forget:item:b", members));
    for (const topic t : {topic::items, topic::duplicates}) {
        ASSERT_THAT(out_.of(t), SizeIs(1));
        EXPECT_EQ(out_.of(t)[0].key, "a");
        EXPECT_EQ(out_.of(t)[0].value, std::nullopt);
        EXPECT_EQ(out_.of(t)[0].partition, std::nullopt) << "where the story's records went";
    }
    std::map<std::string, bool> seen_records;
    for (const output_record& r : out_.of(topic::seen)) {
        seen_records[r.key] = r.value.has_value();
        EXPECT_EQ(r.partition, 0);
    }
    const std::map<std::string, bool> expected{
        {"id:a", false}, {"id:b", false}, {"forgotten:a", true}, {"forgotten:b", true}, {"forgotten:long-gone", true}};
    EXPECT_EQ(seen_records, expected);
    out_.records.clear();
    ASSERT_TRUE(process({.id = "a", .title = "T, edited", .text = prose(3, 60), .publisher = "p"}));
    EXPECT_THAT(out_.records, IsEmpty());
    step_.commit_batch(1);
    const labels held{{"verdict", "forgotten"}, {"how", ""}};
    EXPECT_EQ(counts_.value("feedwatch_dedup_verdicts_total", held), 1);
    EXPECT_EQ(counts_.value("feedwatch_dedup_forgotten_total", {{"reason", "request"}}), 2);
    EXPECT_EQ(counts_.value("feedwatch_dedup_state_keys"), 1);
}

TEST_F(DedupStep, ARestartRestoresTheMarkersAndATombstoneEndsOne) {
    step_.assigned(0);
    ASSERT_TRUE(forget("forget:story:a"));
    const output_record marker = out_.of(topic::seen).at(0);
    step_.revoked(0);
    step_.assigned(0);
    record_view r;
    r.from = topic::seen;
    r.key = marker.key;
    r.value = *marker.value;
    ASSERT_TRUE(step_.restore(r));
    step_.restored(0, {});
    out_.records.clear();
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    EXPECT_THAT(out_.records, IsEmpty());
    r.value = std::nullopt;
    ASSERT_TRUE(step_.restore(r));
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    EXPECT_THAT(out_.of(topic::items), SizeIs(1));
}

TEST_F(DedupStep, AUrlOfWhichNothingIsRememberedIsMarkedAndEndsNoStory) {
    step_.assigned(0);
    ASSERT_TRUE(forget("forget:url:00000000000000ab"));
    ASSERT_THAT(out_.records, SizeIs(1));
    EXPECT_EQ(out_.records[0].key, "forgotten:url:00000000000000ab");
    EXPECT_EQ(seen_from_json(*out_.records[0].value)->url_hash, "00000000000000ab");
}

TEST_F(DedupStep, ARecordWithoutAValueThatAsksForNothingIsMalformed) {
    step_.assigned(0);
    for (const char* key : {"", "feed", "forget:", "forget:story:", "forget:url:12", "forget:url:00000000000000xy"}) {
        EXPECT_EQ(forget(key).error().code, errc::malformed) << key;
    }
    EXPECT_THAT(out_.records, IsEmpty());
}

TEST_F(DedupStep, ATombstoneInTheChangelogForgets) {
    step_.assigned(0);
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    record_view tombstone;
    tombstone.from = topic::seen;
    tombstone.key = "id:a";
    ASSERT_TRUE(step_.restore(tombstone));
    out_.records.clear();
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    EXPECT_THAT(out_.of(topic::items), SizeIs(1));
}

TEST_F(DedupStep, AnUnreadableSeenRecordIsAnErrorAndNotTheEnd) {
    step_.assigned(0);
    record_view r;
    r.from = topic::seen;
    r.key = "id:a";
    r.value = "nonsense";
    EXPECT_FALSE(step_.restore(r));
    r.key = "b";
    EXPECT_FALSE(step_.restore(r));
}

TEST_F(DedupStep, ARevokedPartitionIsForgotten) {
    step_.assigned(0);
    ASSERT_TRUE(process({.id = "a", .text = prose(1, 60)}));
    step_.revoked(0);
    EXPECT_EQ(counts_.value("feedwatch_dedup_state_keys"), 0);
}

}  // namespace
}  // namespace feedwatch::dedup
