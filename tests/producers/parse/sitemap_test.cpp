#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(news_sitemap, gives_its_articles_and_not_its_other_pages) {
    const parsed_feed feed = parsed(feed_file("news_sitemap.xml"));
    EXPECT_EQ(feed.feed.title, "The Paper");
    ASSERT_EQ(feed.items.size(), 1U);
    const item& i = feed.items[0];
    EXPECT_EQ(i.title, "Council & mayor agree");
    EXPECT_EQ(i.url, "https://paper.example/2026/one?a=1&b=2");
    EXPECT_EQ(i.guid, "https://paper.example/2026/one?a=1&b=2");
    EXPECT_EQ(to_rfc3339(*i.published), "2026-11-27T09:00:00Z");
    EXPECT_EQ(to_rfc3339(*i.updated), "2026-11-27T10:05:00Z");
    EXPECT_EQ(i.language, "en");
    EXPECT_EQ(i.source, "");
    EXPECT_THAT(i.categories, ElementsAre("Politics", "Budget"));
    EXPECT_THAT(i.enclosures, ElementsAre(enclosure{"https://paper.example/one.jpg", "image", std::nullopt}));
}

TEST(news_sitemap, that_is_cut_keeps_its_whole_articles) {
    const std::string whole = feed_file("news_sitemap.xml");
    const std::string two =
        whole.substr(0, whole.find("</urlset>")) + "<url><loc>https://paper.example/2</loc><n:news><n:title>Cut";
    const parsed_feed feed = parsed(two);
    EXPECT_EQ(feed.items.size(), 1U);
    EXPECT_TRUE(feed.truncated);
}

TEST(sitemap, without_news_is_no_feed) {
    const auto feed = parse_feed(
        "<urlset "
        "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>https://x.example/</loc></url></urlset>",
        {});
    ASSERT_FALSE(feed);
    EXPECT_THAT(feed.error().detail, HasSubstr("sitemap without news"));
}

}  // namespace
}  // namespace feedwatch
