#include "core/record/item.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/record/samples.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(item_record, comes_back_as_it_was_written) {
    const auto read = item_from_json(to_json(samples::plain_item()));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(*read, samples::plain_item());
}

TEST(item_record, story_and_flagged_items_come_back_as_they_were_written) {
    const auto story = story_item_from_json(to_json(samples::plain_story_item()));
    ASSERT_TRUE(story) << story.error().message();
    EXPECT_EQ(*story, samples::plain_story_item());
    const auto flagged = flagged_item_from_json(to_json(samples::plain_flagged_item()));
    ASSERT_TRUE(flagged) << flagged.error().message();
    EXPECT_EQ(*flagged, samples::plain_flagged_item());
}

TEST(item_record, needs_nothing_but_the_id) {
    const auto read = story_item_from_json(R"({"id":"a"})");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->id, item_id("a"));
    EXPECT_EQ(read->story, story_id("a"));
    EXPECT_EQ(read->revision, 1U);
    EXPECT_EQ(read->verdict, verdict::new_story);
}

TEST(item_record, names_the_field_of_the_wrong_type) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {R"({"title":"x"})", "id: missing"},
        {R"({"id":""})", "id: missing"},
        {R"({"id":null})", "id: missing"},
        {R"({"id":7})", "id: should be a string"},
        {R"({"id":"a","title":["x"]})", "title: should be a string"},
        {R"({"id":"a","authors":"me"})", "authors: should be an array"},
        {R"({"id":"a","authors":[{"name":"x"},{"name":1}]})", "authors[1].name: should be a string"},
        {R"({"id":"a","enclosures":[{"length":-1}]})", "enclosures[0].length: should be a whole number"},
        {R"({"id":"a","revision":4294967296})", "revision: should be a whole number in range"},
        {R"({"id":"a","published":17})", "published: should be an RFC 3339 date"},
        {R"({"id":"a","origin":"elsewhere"})", "origin: has no such value"},
        {R"({"id":"a","verdict":"old"})", "verdict: has no such value"},
        {R"({"id":"a","matches":[{"spans":[{"offset":1.5}]}]})", "matches[0].spans[0].offset: should be a whole"},
    };
    for (const auto& [json, detail] : cases) {
        const auto read = flagged_item_from_json(json);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().code, make_error_code(errc::malformed)) << json;
        EXPECT_THAT(read.error().detail, HasSubstr(detail)) << json;
    }
}

TEST(item_record, ignores_what_it_does_not_know) {
    const auto read = item_from_json(R"({"new":{"deep":[1,{"x":null}]},"id":"a","":0,"title":"t","Title":5})");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->title, "t");
}

TEST(item_record, takes_null_for_not_there_and_the_last_of_two) {
    const auto read =
        item_from_json(R"({"id":"a","id":"b","title":null,"authors":null,"published":null,"origin":null})");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->id, item_id("b"));
    EXPECT_FALSE(read->published);
}

TEST(item_record, is_not_lost_for_a_date) {
    const auto read =
        item_from_json(R"({"id":"a","published":"yesterday","updated":"2026-13-01T00:00:00Z","observed":""})");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_FALSE(read->published);
    EXPECT_FALSE(read->updated);
    EXPECT_EQ(read->observed, timestamp{});
    EXPECT_EQ(read->published_raw, "yesterday");
    EXPECT_THAT(read->warnings, ElementsAre(HasSubstr("published: "), HasSubstr("updated: "), HasSubstr("observed: ")));
}

TEST(item_record, writes_every_field_and_null_for_an_unknown_date) {
    const std::string json = to_json(item{});
    for (const std::string_view name :
         {"id",       "feed",         "publisher",     "source",  "guid",     "url",        "canonical_url",
          "title",    "summary_html", "content_html",  "text",    "authors",  "categories", "enclosures",
          "comments", "published",    "published_raw", "updated", "observed", "language",   "origin",
          "tags",     "warnings"})
        EXPECT_THAT(json, HasSubstr("\"" + std::string(name) + "\":"));
    EXPECT_THAT(json, HasSubstr(R"("published":null)"));
    EXPECT_THAT(json, HasSubstr(R"("observed":null)"));
}

TEST(item_record, keeps_a_publication_date_at_the_epoch) {
    item i;
    i.id = item_id("a");
    i.published = timestamp{};
    const auto read = item_from_json(to_json(i));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->published, timestamp{});
}

}  // namespace
}  // namespace feedwatch
