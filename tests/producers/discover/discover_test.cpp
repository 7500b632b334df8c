#include "producers/discover/discover.hpp"

#include <gmock/gmock.h>

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> urls(std::string_view html, std::string_view page = "https://a.example/blog/post") {
    std::vector<std::string> out;
    for (const feed_link& f : links_to_feeds(html, page)) out.push_back(f.url);
    return out;
}

TEST(links_to_feeds, alternate_links_with_a_feeds_type_in_the_order_of_the_page) {
    const auto found = links_to_feeds(
        R"(<html><head><LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" HREF="/rss?a=1&amp;b=2" title="News &amp; more">
           <link rel='alternate stylesheet' type=text/css href=/style.css><link rel=alternate hreflang=de href=/de>
           <link rel=alternate type=application/atom+xml href=atom.xml><link type="application/feed+json" rel="alternate" href="//cdn.example/f.json"/>)",
        "https://a.example/blog/post");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0],
              (feed_link{"https://a.example/rss?a=1&b=2", "News & more", "application/rss+xml; charset=utf-8"}));
    EXPECT_EQ(found[1].url, "https://a.example/blog/atom.xml");
    EXPECT_EQ(found[2].url, "https://cdn.example/f.json");
}
TEST(links_to_feeds, rel_feed_needs_no_type_and_anchors_count) {
    EXPECT_THAT(urls("<link rel=feed href=/f><body><a rel='nofollow feed' href=/g>feed</a><a href=/h>no</a>"),
                ElementsAre("https://a.example/f", "https://a.example/g"));
}
TEST(links_to_feeds, a_base_moves_relative_links_and_only_the_first_counts) {
    EXPECT_THAT(urls("<base href='https://b.example/x/'><base href='/y/'><link rel=feed href=f>"),
                ElementsAre("https://b.example/x/f"));
}
TEST(links_to_feeds, what_is_no_web_address_or_carries_a_password_is_left_out_and_nothing_comes_twice) {
    EXPECT_THAT(urls("<link rel=feed href='javascript:alert(1)'><link rel=feed href='file:///etc/passwd'>"
                     "<link rel=feed href='https://u:p@a.example/f'><link rel=feed href=/f><link rel=feed href=/f>"),
                ElementsAre("https://a.example/f"));
}
TEST(links_to_feeds, comments_and_scripts_are_no_page) {
    EXPECT_THAT(urls("<!-- <link rel=feed href=/a> --><script>'<link rel=feed href=/b>'</script>"), IsEmpty());
}
TEST(links_to_feeds, a_page_of_links_is_cut_at_the_limit) {
    std::string page;
    for (int n = 0; n < 1000; ++n) page += "<link rel=feed href=/" + std::to_string(n) + ">";
    EXPECT_EQ(urls(page).size(), feed_links_max);
}

TEST(feeds_by_rule, sites_that_document_where_feeds_are) {
    const std::vector<std::pair<std::string, std::string>> rules{
        {"https://www.youtube.com/channel/UC123/videos", "https://www.youtube.com/feeds/videos.xml?channel_id=UC123"},
        {"https://m.youtube.com/playlist?x=1&list=PL9", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL9"},
        {"https://www.reddit.com/r/cpp/", "https://www.reddit.com/r/cpp/.rss"},
        {"https://github.com/curl/curl", "https://github.com/curl/curl/releases.atom"},
        {"https://github.com/curl/curl/commits/master", "https://github.com/curl/curl/commits/master.atom"},
        {"https://gitlab.com/a/b/-/tree/main", "https://gitlab.com/a/b/-/releases.atom"},
        {"https://medium.com/@someone/a-story", "https://medium.com/feed/@someone"},
        {"https://someone.medium.com/", "https://someone.medium.com/feed"},
        {"https://x.blogspot.com/2026/01/y.html", "https://x.blogspot.com/feeds/posts/default"},
        {"https://x.tumblr.com/post/1", "https://x.tumblr.com/rss"},
        {"https://x.substack.com/p/y", "https://x.substack.com/feed"},
        {"https://x.wordpress.com/2026/", "https://x.wordpress.com/feed/"},
        {"https://stackoverflow.com/questions/tagged/c%2b%2b", "https://stackoverflow.com/feeds/tag/c%2B%2B"},
    };
    for (const auto& [page, wanted] : rules) {
        const auto got = feeds_by_rule(page);
        ASSERT_FALSE(got.empty()) << page;
        EXPECT_EQ(got[0], wanted) << page;
    }
    for (const std::string_view page : {"https://a.example/", "https://notyoutube.com/channel/UC1", "", "nonsense",
                                        "https://www.youtube.com/", "ftp://github.com/a/b"})
        EXPECT_THAT(feeds_by_rule(page), IsEmpty()) << page;
}
TEST(usual_feed_urls, below_the_page_first_then_at_the_root) {
    const auto of_page = usual_feed_urls("https://a.example/blog/?x=1#y");
    EXPECT_EQ(of_page.front(), "https://a.example/blog/feed");
    EXPECT_THAT(of_page, testing::Contains("https://a.example/atom.xml"));
    EXPECT_EQ(usual_feed_urls("https://a.example/x/index.html").front(), "https://a.example/x/feed");
    EXPECT_EQ(usual_feed_urls("https://a.example").size(), 9U);
    EXPECT_THAT(usual_feed_urls("mailto:a@b"), IsEmpty());
}
TEST(feed_format, is_told_from_the_beginning) {
    EXPECT_EQ(feed_format("<?xml version='1.0'?><rss version=\"2.0\">"), "RSS 2.0");
    EXPECT_EQ(feed_format("<rss>"), "RSS");
    EXPECT_EQ(feed_format("<rss version='"), "RSS");
    EXPECT_EQ(feed_format("<rdf:RDF xmlns=''>"), "RSS 1.0");
    EXPECT_EQ(feed_format("<feed xmlns='http://www.w3.org/2005/Atom'>"), "Atom");
    EXPECT_EQ(feed_format("\xEF\xBB\xBF {\"version\":"), "JSON Feed");
    EXPECT_EQ(feed_format("<urlset>"), "news sitemap");
    EXPECT_EQ(feed_format(""), "feed");
}

}  // namespace
}  // namespace feedwatch
