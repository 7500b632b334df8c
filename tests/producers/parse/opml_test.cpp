#include "producers/parse/opml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;

constexpr const char* list = R"(<?xml version="1.0"?><opml version="1.1"><head><title>L</title></head><body>
<outline text="News"><outline text="World"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline>
<outline title="C" xmlUrl="https://c.example/feed?a=1&b=2" category="/Tech/Data,Europe"/></outline>
<outline text="Top" xmlUrl="https://top.example/"/><outline text="bad" xmlUrl="javascript:x"/><outline text="again" xmlUrl="https://top.example/" category="Late"/>
</body></opml>)";

TEST(opml, gives_feeds_with_the_folders_as_tags) {
    const auto feeds = parse_opml(list);
    ASSERT_TRUE(feeds);
    ASSERT_EQ(feeds->size(), 3U);
    EXPECT_EQ((*feeds)[0].url, "https://a.example/feed");
    EXPECT_EQ((*feeds)[0].title, "A & B");
    EXPECT_THAT((*feeds)[0].tags, ElementsAre("News", "World"));
    EXPECT_EQ((*feeds)[1].url, "https://c.example/feed?a=1&b=2");
    EXPECT_THAT((*feeds)[1].tags, ElementsAre("News", "Tech", "Data", "Europe"));
    EXPECT_EQ((*feeds)[2].title, "Top");
    EXPECT_THAT((*feeds)[2].tags, ElementsAre("Late"));
    EXPECT_EQ((*feeds)[2].id.str().size(), 32U);
}

TEST(opml, comes_back_as_it_was_written) {
    std::array<feed, 2> feeds;
    feeds[0].url = "https://a.example/?x=1&y=\"2\"";
    feeds[0].title = "<A> & \"B\"";
    feeds[0].tags = {"one", "two"};
    feeds[1].url = "https://b.example/";
    const auto again = parse_opml(to_opml(feeds, "T & t"));
    ASSERT_TRUE(again);
    ASSERT_EQ(again->size(), 2U);
    EXPECT_EQ((*again)[0].url, "https://b.example/");
    EXPECT_EQ((*again)[1].url, "https://a.example/?x=1&y=%222%22");
    EXPECT_EQ((*again)[1].title, "<A> & \"B\"");
    EXPECT_THAT((*again)[1].tags, ElementsAre("one", "two"));
}

// Titles and tags of all sorts: what people write, what XML minds, what OPML's categories mind.
std::string odd_text(std::mt19937& random, std::size_t length) {
    constexpr std::array<std::string_view, 16> pieces{"a", "Z",  "0", " x",    "&",   "<b>", "\"", "'",
                                                      "é", "日", "😀", "&amp;", "]]>", ",",   "/",  "&#38;"};
    std::string out = "t";
    for (std::size_t n = 0; n < length; ++n) out += pieces[random() % pieces.size()];
    return out;
}

TEST(opml, any_list_that_is_written_is_read_as_the_same_feeds) {
    std::mt19937 random(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<feed> feeds(random() % 6);
        for (std::size_t n = 0; n < feeds.size(); ++n) {
            feeds[n].url = "https://h" + std::to_string(n) + ".example/?a=1&b=%22" + std::to_string(random() % 100);
            if (random() % 4 != 0) feeds[n].title = odd_text(random, random() % 8);
            for (std::size_t t = random() % 5; t > 0; --t) {
                std::string tag = odd_text(random, random() % 4);
                if (std::find(feeds[n].tags.begin(), feeds[n].tags.end(), tag) == feeds[n].tags.end())
                    feeds[n].tags.push_back(std::move(tag));
            }
        }
        const std::string text = to_opml(feeds, "all");
        auto again = parse_opml(text);
        ASSERT_TRUE(again);
        ASSERT_EQ(again->size(), feeds.size());
        std::sort(again->begin(), again->end(), [](const feed& a, const feed& b) { return a.url < b.url; });
        for (std::size_t n = 0; n < feeds.size(); ++n) {
            EXPECT_EQ((*again)[n].url, feeds[n].url);
            EXPECT_EQ((*again)[n].title, feeds[n].title) << text;
            EXPECT_EQ((*again)[n].tags, feeds[n].tags) << text;
        }
    }
}

TEST(opml, what_is_left_out_is_named) {
    std::vector<std::string> left_out;
    const auto feeds = parse_opml(
        "<opml><body><outline text='a' xmlUrl='ftp://a.example/f'/>"
        "<outline text='b' xmlUrl='https://b.example/f'/></body></opml>",
        &left_out);
    ASSERT_TRUE(feeds);
    EXPECT_EQ(feeds->size(), 1U);
    EXPECT_THAT(left_out, ElementsAre("no http or https URL: ftp://a.example/f"));
}

TEST(opml, of_another_kind_is_an_error) {
    EXPECT_FALSE(parse_opml("<rss/>"));
    EXPECT_FALSE(parse_opml(""));
}

TEST(opml, real_lists_are_read) {
    const auto folder = shared_data("opml");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    std::size_t feeds = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".opml") continue;
        const auto list_of_file = parse_opml(read_file(file.path()));
        ASSERT_TRUE(list_of_file) << file.path();
        EXPECT_GT(list_of_file->size(), 0U) << file.path();
        feeds += list_of_file->size();
    }
    EXPECT_GT(feeds, 700U);
}

}  // namespace
}  // namespace feedwatch
