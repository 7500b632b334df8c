#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/utf8.hpp"
#include "producers/parse/json_mend.hpp"
#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;

TEST(json_feed, says_the_url_that_it_gives_itself) {
    EXPECT_EQ(parsed(R"({"version":"1.1","title":"t","feed_url":"/own.json","items":[]})",
                     {.url = "https://json.example/feed.json", .content_type = ""})
                  .feed.self,
              "https://json.example/own.json");
}

TEST(json_feed, is_read_with_all_its_fields) {
    const parsed_feed feed = parsed(feed_file("json_feed.json"),
                                    {.url = "https://json.example/feed.json", .content_type = "application/feed+json"});
    EXPECT_EQ(feed.feed.title, "JSON & co");
    EXPECT_EQ(feed.feed.link, "https://json.example/");
    EXPECT_THAT(feed.feed.hubs, ElementsAre("https://hub.example/"));
    ASSERT_EQ(feed.items.size(), 2U);
    const item& one = feed.items[0];
    EXPECT_EQ(one.guid, "1");
    EXPECT_EQ(one.url, "https://json.example/one");
    EXPECT_EQ(one.title, "One <b>not bold</b>");
    EXPECT_EQ(one.content_html, "<p>Hello <em>there</em></p>");
    EXPECT_EQ(one.text, "Hello there");
    EXPECT_EQ(to_rfc3339(*one.published), "2024-01-02T08:04:05Z");
    EXPECT_EQ(to_rfc3339(*one.updated), "2024-01-03T00:00:00Z");
    EXPECT_THAT(one.authors, ElementsAre(person{"Jane", "", "https://json.example/jane"}));
    EXPECT_THAT(one.categories, ElementsAre("a", "b"));
    EXPECT_THAT(one.enclosures, ElementsAre(enclosure{"https://json.example/a.mp3", "audio/mpeg", 12}));
    EXPECT_EQ(feed.items[1].guid, "2");
    EXPECT_EQ(feed.items[1].url, "https://elsewhere.example/x");
    EXPECT_EQ(feed.items[1].text, "Plain\n\ntext <b>");
}

std::string feed_with(std::string_view items) {
    return "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\",\"items\":[" + std::string(items) + "]}";
}

TEST(json_feed, survives_what_is_no_json) {
    EXPECT_EQ(parsed(feed_with("{\"id\":\"1\",},")).items.size(), 1U);               // trailing commas
    EXPECT_EQ(parsed(feed_with("{\"id\":\"1\",\"id\":\"2\"}")).items[0].guid, "1");  // duplicate keys
    EXPECT_EQ(
        parsed(feed_with("{\"id\":\"1\",\"x\":1e400,\"y\":9223372036854775808,\"z\":123456789012345678901234567890}"))
            .items.size(),
        1U);
    EXPECT_EQ(parsed("\xEF\xBB\xBF" + feed_with("{\"id\":\"1\"}")).items.size(), 1U);  // byte order mark
    EXPECT_EQ(parsed(feed_with("{\"id\":\"1\",\"title\":\"a\nb\\xc\"}")).items[0].title, "a b\\xc");
}

TEST(json_feed, replaces_lone_surrogates) {
    const parsed_feed feed = parsed(feed_with("{\"id\":\"1\",\"title\":\"a\\ud800b\\udc00 \\ud83d\\ude00\"}"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].title, "a\uFFFDb\uFFFD \U0001F600");
}

TEST(json_feed, flattens_what_is_nested_a_hundred_thousand_deep) {
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    const parsed_feed feed = parsed(feed_with("{\"id\":\"1\",\"x\":" + deep + "},{\"id\":\"2\"}"));
    EXPECT_EQ(feed.items.size(), 2U);
}

TEST(json_feed, cut_short_keeps_the_complete_items) {
    const std::string whole =
        feed_with("{\"id\":\"1\",\"tags\":[\"a\"]},{\"id\":\"2\",\"authors\":[{\"name\":\"x\"}]},{\"id\":\"3\"}");
    for (std::size_t cut = whole.find("[{") + 2; cut < whole.size(); ++cut) {
        const auto feed = parse_feed(std::string_view(whole).substr(0, cut), {});
        ASSERT_TRUE(feed) << cut;
        EXPECT_TRUE(feed->truncated) << cut;
        const std::size_t complete =
            (cut > whole.find("]},") + 1) + (cut > whole.find("}]},") + 2) + (cut > whole.find("\"3\"}") + 3);
        EXPECT_EQ(feed->items.size(), complete) << cut;
    }
}

TEST(json_feed, of_another_kind_is_no_feed) {
    for (const char* json : {"{}", "{\"a\":1}", "{\"items\":{}}", "{", "{\"items\":", "{\"items\":7}"})
        EXPECT_FALSE(parse_feed(json, {})) << json;
    EXPECT_FALSE(parse_feed("[1]", {}));
}

TEST(mend_json, leaves_good_json_as_it_means) {
    EXPECT_EQ(mend_json(R"({"a":[1,2.5,-3e2,true,null,"x\n\u00e9"],"b":{}})", 60).text,
              R"({"a":[1,2.5,-3e2,true,null,"x\n\u00e9"],"b":{}})");
}

}  // namespace
}  // namespace feedwatch
