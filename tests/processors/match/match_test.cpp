// The step: which records it emits, what it counts, and when new rules apply.
#include "processors/match/match.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "core/record/item.hpp"
#include "tests/processors/match/support.hpp"
#include "tests/support/counting_meter.hpp"

namespace feedwatch {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_match::rules_of;

class collecting final : public emitter {
  public:
    void emit(output_record record) override { records.push_back(std::move(record)); }
    std::vector<output_record> records;
};

story_item story(const std::string& id, const std::string& title) {
    story_item i;
    i.id = item_id(id);
    i.story = story_id("story-" + id);
    i.title = title;
    i.language = "en";
    return i;
}

struct match_step_test : ::testing::Test {
    result<> give(const std::string& json) {
        record_view r;
        r.from = topic::items;
        r.value = json;
        return step.process(r, {}, out);
    }
    rules_source source{rules_of("topics:\n  - {id: ice, query: ice}\n  - {id: raid, query: raid, shadow: true}\n")};
    test::counting_meter counts;
    match_step step{source, counts};
    collecting out;
};

TEST_F(match_step_test, emits_flagged_by_story_only_where_something_matches) {
    step.begin_batch(1);
    ASSERT_TRUE(give(to_json(story("1", "ice raid"))));
    ASSERT_TRUE(give(to_json(story("2", "nothing"))));
    ASSERT_THAT(out.records, SizeIs(1));
    EXPECT_EQ(out.records[0].to, topic::flagged);
    EXPECT_EQ(out.records[0].key, "story-1");
    const auto flagged = flagged_item_from_json(*out.records[0].value);
    ASSERT_TRUE(flagged) << flagged.error().message();
    EXPECT_THAT(flagged->matches, SizeIs(2));
    flagged_item expected;
    static_cast<story_item&>(expected) = story("1", "ice raid");
    expected.matches = flagged->matches;
    EXPECT_EQ(*flagged, expected);
    EXPECT_EQ(to_json(*flagged), *out.records[0].value);  // as the record's own writer has it
}

TEST_F(match_step_test, updates_are_matched_again) {
    step.begin_batch(1);
    story_item i = story("1", "ice");
    i.verdict = verdict::update;
    i.revision = 2;
    ASSERT_TRUE(give(to_json(i)));
    ASSERT_THAT(out.records, SizeIs(1));
    EXPECT_EQ(flagged_item_from_json(*out.records[0].value)->revision, 2U);
}

TEST_F(match_step_test, what_cannot_be_read_is_an_error_and_emits_nothing) {
    step.begin_batch(1);
    EXPECT_EQ(give("{").error().code, errc::malformed);
    EXPECT_THAT(out.records, IsEmpty());
}

TEST_F(match_step_test, that_a_story_was_taken_down_is_passed_on_under_its_key) {
    step.begin_batch(1);
    record_view tombstone;
    tombstone.from = topic::items;
    tombstone.key = "story-1";
    ASSERT_TRUE(step.process(tombstone, {}, out));
    ASSERT_THAT(out.records, SizeIs(1));
    EXPECT_EQ(out.records[0].to, topic::flagged);
    EXPECT_EQ(out.records[0].key, "story-1");
    EXPECT_EQ(out.records[0].value, std::nullopt);
    EXPECT_EQ(out.records[0].partition, std::nullopt);
}

TEST_F(match_step_test, counts_by_topic_once_a_batch_is_committed) {
    const auto flagged = [&](const char* topic) { return counts.value("feedwatch_flagged_total", {{"topic", topic}}); };
    EXPECT_EQ(counts.value("feedwatch_match_rules"), 2);
    EXPECT_EQ(flagged("raid"), 0);
    step.begin_batch(1);
    ASSERT_TRUE(give(to_json(story("1", "ice"))));
    step.begin_batch(2);
    ASSERT_TRUE(give(to_json(story("2", "ice raid"))));
    EXPECT_EQ(flagged("ice"), 0);
    step.commit_batch(1);
    EXPECT_EQ(flagged("ice"), 1);
    step.rollback_batch(2);
    step.begin_batch(3);
    ASSERT_TRUE(give(to_json(story("2", "ice raid"))));
    step.commit_batch(3);
    EXPECT_EQ(flagged("ice"), 2);
    EXPECT_EQ(flagged("raid"), 1);
}

}  // namespace
}  // namespace feedwatch
