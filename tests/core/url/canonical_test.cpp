#include <gtest/gtest.h>

#include <array>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

struct case_of {
    const char* url;
    const char* canonical;
};

class canonical : public testing::TestWithParam<case_of> {};

TEST_P(canonical, is_the_form_that_links_to_one_article_share) {
    EXPECT_EQ(canonical_url(GetParam().url), GetParam().canonical);
}
TEST_P(canonical, is_stable) {
    EXPECT_EQ(canonical_url(GetParam().canonical), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(case_and_ports, canonical,
                         testing::Values(case_of{"HTTP://Example.COM/Path", "https://example.com/Path"},
                                         case_of{"http://example.com:80/a", "https://example.com/a"},
                                         case_of{"https://example.com:443/a", "https://example.com/a"},
                                         case_of{"https://example.com:8443/a", "https://example.com:8443/a"},
                                         case_of{"https://user:secret@example.com/a", "https://example.com/a"},
                                         case_of{"https://example.com", "https://example.com/"},
                                         case_of{"https://example.com./a", "https://example.com/a"},
                                         case_of{"  https://example.com/a\n", "https://example.com/a"}));

INSTANTIATE_TEST_SUITE_P(
    tracking, canonical,
    testing::Values(case_of{"https://example.com/a?utm_source=rss&id=7&utm_medium=feed", "https://example.com/a?id=7"},
                    case_of{"https://example.com/a?fbclid=x", "https://example.com/a"},
                    case_of{"https://example.com/a?gclid=1&b=2", "https://example.com/a?b=2"},
                    case_of{"https://example.com/a?mc_cid=1&mc_eid=2", "https://example.com/a"},
                    case_of{"https://example.com/a?UTM_Source=RSS", "https://example.com/a"},
                    case_of{"https://example.com/a?b=2&amp;utm_source=rss", "https://example.com/a?b=2"},
                    case_of{"https://example.com/a#xtor=RSS-3", "https://example.com/a"},
                    case_of{"https://example.com/a?xtor=RSS-3", "https://example.com/a"},
                    case_of{"https://example.com/a?partner=rss&emc=rss", "https://example.com/a"},
                    case_of{"https://example.com/a?ref=rss", "https://example.com/a"},
                    case_of{"https://example.com/a?ref=12", "https://example.com/a?ref=12"},
                    case_of{"https://example.com/?p=123&page=2", "https://example.com/?p=123&page=2"},
                    case_of{"https://example.com/index.php?mod=view&id=5", "https://example.com/?mod=view&id=5"},
                    case_of{"https://example.com/a?", "https://example.com/a"},
                    case_of{"https://example.com/a?&&b=1&", "https://example.com/a?b=1"},
                    case_of{"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"}));

INSTANTIATE_TEST_SUITE_P(fragments, canonical,
                         testing::Values(case_of{"https://example.com/a#", "https://example.com/a"},
                                         case_of{"https://example.com/#!/story/1", "https://example.com/#!/story/1"},
                                         case_of{"https://example.com/#/story/1", "https://example.com/#/story/1"},
                                         case_of{"https://example.com/live#post-12",
                                                 "https://example.com/live#post-12"},
                                         case_of{"https://example.com/a#comments", "https://example.com/a"},
                                         case_of{"https://example.com/a#:~:text=word", "https://example.com/a"}));

INSTANTIATE_TEST_SUITE_P(
    variants, canonical,
    testing::Values(case_of{"https://www.example.com/a", "https://example.com/a"},
                    case_of{"https://m.example.com/a", "https://example.com/a"},
                    case_of{"https://mobile.example.co.uk/a", "https://example.co.uk/a"},
                    case_of{"https://amp.example.com/a", "https://example.com/a"},
                    case_of{"https://en.m.wikipedia.org/wiki/X", "https://en.wikipedia.org/wiki/X"},
                    case_of{"https://m.co.uk/a", "https://m.co.uk/a"},
                    case_of{"https://news.example.com/a", "https://news.example.com/a"},
                    case_of{"https://example.com/a/amp/", "https://example.com/a"},
                    case_of{"https://example.com/a/amp", "https://example.com/a"},
                    case_of{"https://example.com/amp/a", "https://example.com/a"},
                    case_of{"https://example.com/a.amp.html", "https://example.com/a.html"},
                    case_of{"https://example.com/a?amp=1", "https://example.com/a"},
                    case_of{"https://example.com/a?outputType=amp", "https://example.com/a"},
                    case_of{"https://example.com/amp", "https://example.com/amp"},
                    case_of{"https://www.google.com/amp/s/www.example.com/a.html", "https://example.com/a.html"},
                    case_of{"https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a",
                            "https://example.com/a"}));

INSTANTIATE_TEST_SUITE_P(paths, canonical,
                         testing::Values(case_of{"https://example.com/a/../b/./c", "https://example.com/b/c"},
                                         case_of{"https://example.com/a/index.html", "https://example.com/a"},
                                         case_of{"https://example.com/a/", "https://example.com/a"},
                                         case_of{"https://example.com/index.php", "https://example.com/"},
                                         case_of{"https://example.com/%7Ejane/%e2%82%ac",
                                                 "https://example.com/~jane/%E2%82%AC"},
                                         case_of{"https://example.com/a b", "https://example.com/a%20b"},
                                         case_of{"https://example.com/100%", "https://example.com/100%25"},
                                         case_of{"https://example.com/a;jsessionid=ABC", "https://example.com/a"}));

INSTANTIATE_TEST_SUITE_P(names, canonical,
                         testing::Values(case_of{"https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"},
                                         case_of{"http:\\\\example.com\\a", "https://example.com/a"},
                                         case_of{"http:/example.com/a", "https://example.com/a"}));

TEST(canonical_url_of_something_else, comes_back_trimmed_and_otherwise_unchanged) {
    for (const char* text : {"mailto:a@b", "tag:example.com,2024:1", "urn:uuid:1", "/relative", "",
                             "javascript:alert(1)", "http://", "http://[x/"})
        EXPECT_EQ(canonical_url(text), text);
    EXPECT_EQ(canonical_url("  tag:x \n"), "tag:x");
}

TEST(canonical_url, keeps_different_articles_apart) {
    const std::array urls{"https://example.com/a",      "https://example.com/b",       "https://example.com/a?id=1",
                          "https://example.com/a?id=2", "https://sub.example.com/a",   "https://example.org/a",
                          "https://example.com/A",      "https://example.com/a#post-1"};
    for (std::size_t i = 0; i < urls.size(); ++i)
        for (std::size_t j = i + 1; j < urls.size(); ++j)
            EXPECT_NE(canonical_url(urls[i]), canonical_url(urls[j])) << urls[i] << " " << urls[j];
}

}  // namespace
}  // namespace feedwatch
