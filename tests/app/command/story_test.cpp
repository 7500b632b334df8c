#include "app/command/story.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "app/command/story_table.hpp"

namespace feedwatch::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const timestamp noon = parse_rfc3339("2026-11-27T12:00:00Z").value();

story_item head_item() {
    story_item i;
    i.id = item_id("h");
    i.story = story_id("h");
    i.feed = feed_id("f");
    i.publisher = "courier.example";
    i.url = "https://courier.example/pool?utm_source=rss";
    i.canonical_url = "https://courier.example/pool";
    i.title = "Council closes pool";
    i.text = "On Monday the council voted to close the pool.";
    i.observed = noon;
    return i;
}
story_item second_revision() {
    story_item i = head_item();
    i.revision = 2;
    i.verdict = verdict::update;
    i.text = "On Monday the council voted to close the pool in Ayr.";
    i.changed = change{.title = false, .text = true, .similarity = 0.8, .words_before = 9, .words = 11};
    i.observed = noon + std::chrono::hours(2);
    return i;
}
duplicate copy(const std::string& id, timestamp observed, const std::string& publisher = "herald.example") {
    duplicate d;
    d.id = item_id(id);
    d.story = story_id("h");
    d.of = item_id("h");
    d.feed = feed_id("g");
    d.publisher = publisher;
    d.url = "https://" + publisher + "/" + id;
    d.title = "Pool is shut";
    d.how = likeness::near;
    d.similarity = 0.75;
    d.observed = observed;
    d.lag_seconds = std::chrono::duration<double>(observed - noon).count();
    return d;
}
item fetched(const std::string& id, const std::string& text, timestamp observed) {
    item i;
    i.id = item_id(id);
    i.text = text;
    i.observed = observed;
    return i;
}

TEST(StorySearch, AStoryThatWasTakenDownIsNotThereUntilSomethingOfItComesAgain) {
    story_search search("https://courier.example/pool");
    search.look_at(head_item());
    EXPECT_FALSE(search.forgot());
    search.forget("another");
    EXPECT_FALSE(search.forgot());
    search.forget("h");
    EXPECT_THAT(search.stories(), IsEmpty());
    EXPECT_TRUE(search.forgot());
    search.look_at(head_item());
    EXPECT_THAT(search.stories(), ElementsAre("h"));
}

TEST(StorySearch, FindsByStoryItemAndAnySpellingOfAUrl) {
    for (const std::string named :
         {"h", "https://www.courier.example/pool/?utm_medium=x", "http://courier.example/pool"}) {
        story_search search(named);
        ASSERT_TRUE(search.may_hold("h", to_json(head_item()))) << named;
        search.look_at(head_item());
        EXPECT_THAT(search.stories(), ElementsAre("h")) << named;
    }
    story_search by_copy("c");
    ASSERT_TRUE(by_copy.may_hold("h", to_json(copy("c", noon))));
    by_copy.look_at(copy("c", noon));
    EXPECT_THAT(by_copy.stories(), ElementsAre("h"));
    story_search by_url_of_copy("https://herald.example/c#top");
    by_url_of_copy.look_at(copy("c", noon));
    EXPECT_THAT(by_url_of_copy.stories(), ElementsAre("h"));
}

TEST(StorySearch, FindsNothingInOtherStories) {
    story_search search("nothing-like-it");
    EXPECT_FALSE(search.may_hold("h", to_json(head_item())));
    search.look_at(head_item());
    story_search url("https://courier.example/other");
    url.look_at(head_item());
    EXPECT_THAT(search.stories(), IsEmpty());
    EXPECT_THAT(url.stories(), IsEmpty());
    story_search both("https://courier.example/pool");
    story_item later = head_item();
    later.id = item_id("h2");
    later.story = story_id("h2");
    both.look_at(head_item());
    both.look_at(later);
    EXPECT_THAT(both.stories(), ElementsAre("h", "h2"));
}

TEST(StorySearch, KeepsTenOfManyStories) {
    story_search search("https://courier.example/pool");
    for (int n = 0; n < 50; ++n) {
        story_item i = head_item();
        i.story = story_id(std::to_string(n));
        search.look_at(i);
    }
    EXPECT_THAT(search.stories(), SizeIs(10));
}

TEST(Story, ListsTheHeadThenCopiesAsTheyCameWithWhatDiffers) {
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(copy("late", noon + std::chrono::hours(3)));
    all.add(copy("early", noon + std::chrono::minutes(5), "post.example"));
    all.add(copy("early", noon + std::chrono::hours(1), "post.example"));
    all.compare(fetched("early", "On Monday the council voted to shut the pool.", noon + std::chrono::minutes(5)));
    all.compare(fetched("early", "Something else.", noon + std::chrono::hours(1)));
    all.compare(fetched("stranger", "Something else.", noon));
    const story s = std::move(all).take(publisher_families::shipped());
    ASSERT_THAT(s.members, SizeIs(3));
    EXPECT_EQ(s.members[0].how, "head");
    EXPECT_EQ(s.members[0].compared, comparison::none);
    const story_member& early = s.members[1];
    EXPECT_EQ(early.id, item_id("early"));
    EXPECT_EQ(early.how, "near");
    EXPECT_DOUBLE_EQ(early.lag_seconds, 300);
    EXPECT_EQ(early.seen_again, 1U);
    EXPECT_EQ(early.compared, comparison::made);
    EXPECT_THAT(early.differs.shown, ElementsAre(word_change{"close", "shut"}));
    EXPECT_EQ(s.members[2].id, item_id("late"));
    EXPECT_EQ(s.members[2].compared, comparison::text_erased);
    EXPECT_EQ(s.publishers, 3U);
}

TEST(Story, CountsAFamilyOfPublishersAsOne) {
    publisher_families families;
    families.add("Sea Group", "courier.example");
    families.add("Sea Group", "herald.example");
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(copy("a", noon));
    all.add(copy("b", noon, "post.example"));
    EXPECT_EQ(std::move(all).take(families).publishers, 2U);
}

TEST(Story, ComparesACopyWithTheHeadAsItReadThen) {
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(second_revision());
    all.add(copy("a", noon + std::chrono::hours(1)));
    all.add(copy("b", noon + std::chrono::hours(3)));
    all.compare(fetched("a", head_item().text, noon + std::chrono::hours(1)));
    all.compare(fetched("b", head_item().text, noon + std::chrono::hours(3)));
    const story s = std::move(all).take(publisher_families::shipped());
    ASSERT_THAT(s.members, SizeIs(3));
    EXPECT_EQ(s.members[1].differs.places, 0U);
    EXPECT_THAT(s.members[2].differs.shown, ElementsAre(word_change{"in Ayr", ""}));
}

TEST(Story, RevisionsSayWhatChangedAndARecordThatComesTwiceCountsOnce) {
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(second_revision());
    all.add(second_revision());
    const story s = std::move(all).take(publisher_families::shipped());
    ASSERT_THAT(s.revisions, SizeIs(2));
    EXPECT_EQ(s.revisions[1].changed, second_revision().changed);
    EXPECT_THAT(s.revisions[1].differs.shown, ElementsAre(word_change{"", "in Ayr"}));
}

TEST(Story, AnItemThatTookTheHeadsPlaceIsAMember) {
    story_item successor = second_revision();
    successor.id = item_id("h-new");
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(successor);
    all.compare(fetched("h-new", successor.text, successor.observed));
    const story s = std::move(all).take(publisher_families::shipped());
    ASSERT_THAT(s.members, SizeIs(2));
    EXPECT_EQ(s.members[1].how, "update");
    EXPECT_DOUBLE_EQ(s.members[1].lag_seconds, 7200);
    EXPECT_THAT(s.members[1].differs.shown, ElementsAre(word_change{"", "in Ayr"}));
}

TEST(Story, SaysThatRetentionHasErasedTheHead) {
    story_collector all(story_id("h"));
    all.add(copy("a", noon));
    all.compare(fetched("a", "Words.", noon));
    const story s = std::move(all).take(publisher_families::shipped());
    EXPECT_TRUE(s.head_erased);
    EXPECT_EQ(s.members.at(1).compared, comparison::text_erased);
    EXPECT_THAT(shown_story(s), HasSubstr("retention has erased it"));
}

TEST(Story, KeepsWithinItsLimitsAndSaysSo) {
    story_collector few(story_id("h"), {.members_max = 2, .revisions_max = 1, .text_bytes_max = 10});
    few.add(head_item());
    few.add(second_revision());
    few.add(copy("a", noon));
    few.add(copy("b", noon));
    few.compare(fetched("a", "Words.", noon));
    const story s = std::move(few).take(publisher_families::shipped());
    EXPECT_THAT(s.members, SizeIs(2));
    EXPECT_THAT(s.revisions, SizeIs(1));
    EXPECT_EQ(s.left_out, 2U);
    EXPECT_EQ(s.members[1].compared, comparison::text_left_out);
    EXPECT_THAT(shown_story(s), HasSubstr("2 more records are left out"));
}

TEST(Story, IsShownWithWhatStrangersWroteEscaped) {
    story_item head = head_item();
    head.title = "Bad \x1b[31m title";
    story_collector all(story_id("h"));
    all.add(head);
    all.add(copy("a", noon + std::chrono::minutes(5)));
    all.compare(fetched("a", "On Monday the council voted to shut the pool.", noon + std::chrono::minutes(5)));
    const std::string text = shown_story(std::move(all).take(publisher_families::shipped()));
    EXPECT_THAT(text, HasSubstr("story h: 2 items of 2 publishers, 1 revision\n"));
    EXPECT_THAT(text, HasSubstr("a  near 75 %  +5m\n"));
    EXPECT_THAT(text, HasSubstr("1 word removed, 1 added\n      [-close-] {+shut+}\n"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Story, PasswordsInLinksAreNotShown) {
    story_item head = head_item();
    head.url = "https://user:hunter2@courier.example/pool";
    head.origin_url = "https://user:hunter2@first.example/pool";
    story_collector all(story_id("h"));
    all.add(head);
    const story s = std::move(all).take(publisher_families::shipped());
    EXPECT_THAT(shown_story(s), Not(HasSubstr("hunter2")));
    EXPECT_THAT(story_json(s), Not(HasSubstr("hunter2")));
}

TEST(Story, AsJson) {
    story_collector all(story_id("h"));
    all.add(head_item());
    all.add(copy("a", noon + std::chrono::minutes(5)));
    const auto json = boost::json::parse(story_json(std::move(all).take(publisher_families::shipped()))).as_object();
    EXPECT_EQ(json.at("story"), "h");
    const auto& members = json.at("members").as_array();
    ASSERT_THAT(members, SizeIs(2));
    EXPECT_TRUE(members[0].at("of").is_null());
    EXPECT_EQ(members[1].at("how"), "near");
    EXPECT_EQ(members[1].at("similarity"), 0.75);
    EXPECT_TRUE(members[1].at("differs").is_null());
    EXPECT_EQ(members[1].at("not_compared"), "text-erased");
}

}  // namespace
}  // namespace feedwatch::app
