// Stories that a first fetch or a backfill has brought: what comes live of them is told once.
#include <gtest/gtest.h>

#include <string>

#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using kind = decision::kind;

class OldItems : public ::testing::Test {
  protected:
    static item by(const std::string& feed, enum origin from, const std::string& id = {}) {
        item i = to_item({.id = id.empty() ? feed : id,
                          .title = "Harbour closes",
                          .text = text(),
                          .publisher = feed + ".example",
                          .feed = feed});
        i.origin = from;
        return i;
    }
    static std::string text() { return prose(1, 120); }
    decision decide(const item& i) { return index_.decide(i); }

    story_index index_{{}};
};

TEST_F(OldItems, TheFirstLiveCopyIsAnUpdateAndLaterOnesAreDuplicates) {
    decide(by("a", origin::baseline));
    const decision told = decide(by("b", origin::live));
    EXPECT_EQ(told.what, kind::update);
    EXPECT_EQ(told.story, story_id{"a"});
    EXPECT_EQ(told.revision, 2U);
    EXPECT_EQ(told.changed,
              (change{.title = false, .text = false, .similarity = 1, .words_before = 120, .words = 120}));
    for (const char* later : {"c", "b"}) {
        const decision d = decide(by(later, origin::live));
        EXPECT_EQ(d.what, kind::duplicate) << later;
        EXPECT_EQ(d.story, story_id{"a"});
        EXPECT_EQ(d.revision, 2U);
    }
}

TEST_F(OldItems, AnEditedLiveCopySaysHowItDiffersAndLeavesTheHeadAsItIs) {
    decide(by("a", origin::backfill));
    item copy = by("b", origin::live);
    copy.title = "Port shut";
    copy.text = edited(text(), 1, 4);
    const decision told = decide(copy);
    EXPECT_EQ(told.what, kind::update);
    ASSERT_TRUE(told.changed);
    EXPECT_TRUE(told.changed->title);
    EXPECT_TRUE(told.changed->text);
    EXPECT_LT(told.changed->similarity, 1);
    const decision again = decide(by("a", origin::live));
    EXPECT_EQ(again.what, kind::duplicate) << "the head reads as it did";
    EXPECT_EQ(again.how, likeness::same_id);
}

TEST_F(OldItems, CopiesThatAreNotLiveTellNothingAndTakeNothingAway) {
    decide(by("a", origin::baseline));
    for (const auto from : {origin::baseline, origin::backfill, origin::replay}) {
        EXPECT_EQ(decide(by("other" + std::string(name_of(from)), from)).what, kind::duplicate) << name_of(from);
    }
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::update);
}

TEST_F(OldItems, ACopyOfALiveStoryIsADuplicateWhereverItComesFrom) {
    decide(by("a", origin::live));
    for (const auto from : {origin::baseline, origin::backfill, origin::live}) {
        EXPECT_EQ(decide(by("other" + std::string(name_of(from)), from)).what, kind::duplicate) << name_of(from);
    }
}

TEST_F(OldItems, TheHeadsFeedTellsNothingByBringingItAsItWas) {
    decide(by("a", origin::baseline));
    EXPECT_EQ(decide(by("a", origin::live)).what, kind::duplicate);
    EXPECT_EQ(decide(by("a", origin::live, "a-under-another-id")).what, kind::duplicate);
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::update) << "nobody has heard of it yet";
}

TEST_F(OldItems, ALiveChangeOfTheHeadIsTheUpdateThatTells) {
    decide(by("a", origin::baseline));
    item changed = by("a", origin::live);
    changed.text = edited(text(), 1, 5);
    EXPECT_EQ(decide(changed).what, kind::update);
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::duplicate);
}

TEST_F(OldItems, ACorrectionThatIsNotLiveLeavesTheStoryUnheardOf) {
    decide(by("a", origin::baseline));
    item changed = by("a", origin::baseline);
    changed.text = edited(text(), 1, 5);
    EXPECT_EQ(decide(changed).what, kind::update);
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::update);
}

TEST_F(OldItems, ACopyThatChangesLiveTells) {
    decide(by("a", origin::baseline));
    decide(by("b", origin::baseline));
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::duplicate) << "as its first fetch brought it";
    item changed = by("b", origin::live);
    changed.text = edited(text(), 1, 5);
    const decision told = decide(changed);
    EXPECT_EQ(told.what, kind::update);
    EXPECT_EQ(told.story, story_id{"a"});
    EXPECT_EQ(decide(changed).what, kind::duplicate);
}

TEST_F(OldItems, ARestartKnowsWhatHasBeenHeardOf) {
    for (const auto first : {origin::live, origin::baseline}) {
        story_index before({});
        static_cast<void>(before.decide(by("a", first)));
        const auto record = seen_from_json(to_json(before.record_of(before.remembered().front())));
        ASSERT_TRUE(record);
        story_index after({});
        ASSERT_TRUE(after.restore(*record));
        EXPECT_EQ(after.decide(by("b", origin::live)).what, first == origin::live ? kind::duplicate : kind::update);
    }
}

TEST_F(OldItems, RecordsThatDoNotSayCountAsHeardOf) {
    decide(by("a", origin::baseline));
    std::string json = to_json(index_.record_of(index_.remembered().front()));
    const std::string field = R"("live":false,)";
    ASSERT_NE(json.find(field), std::string::npos);
    json.erase(json.find(field), field.size());
    story_index after({});
    ASSERT_TRUE(after.restore(seen_from_json(json).value()));
    EXPECT_EQ(after.decide(by("b", origin::live)).what, kind::duplicate);
}

TEST_F(OldItems, ARolledBackBatchHasToldNothing) {
    decide(by("a", origin::baseline));
    index_.begin_batch(1);
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::update);
    index_.rollback_batch(1);
    EXPECT_EQ(decide(by("b", origin::live)).what, kind::update);
}

}  // namespace
}  // namespace feedwatch::dedup
