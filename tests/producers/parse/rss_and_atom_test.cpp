#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(rss_2, is_read_with_all_its_fields) {
    const parsed_feed feed = parsed(feed_file("rss2_plain.xml"));
    EXPECT_EQ(feed.feed.title, "The Daily & Weekly");
    EXPECT_EQ(feed.feed.link, "https://daily.example/");
    EXPECT_EQ(feed.feed.image, "https://host.example/logo.png");
    EXPECT_EQ(feed.feed.ttl, std::chrono::minutes{30});
    EXPECT_THAT(feed.feed.hubs, ElementsAre("https://hub.example/"));
    ASSERT_EQ(feed.items.size(), 2U);
    const item& i = feed.items[0];
    EXPECT_EQ(i.title, "Council closes bridge");
    EXPECT_EQ(i.guid, "bridge-1");
    EXPECT_EQ(i.url, "https://daily.example/bridge?utm_source=rss");
    EXPECT_EQ(i.canonical_url, "https://daily.example/bridge");
    EXPECT_EQ(to_rfc3339(*i.published), "2026-11-25T07:30:00Z");
    EXPECT_EQ(i.published_raw, "");
    EXPECT_EQ(i.summary_html, "A short summary.");
    EXPECT_EQ(i.content_html,
              "<p>SPRINGFIELD (AP) \u2014 The bridge is closed. <a href=\"https://host.example/map\">Map</a></p>");
    EXPECT_EQ(i.text, "SPRINGFIELD (AP) \u2014 The bridge is closed. Map");
    EXPECT_EQ(i.source, "AP");
    EXPECT_EQ(i.language, "en-GB");
    EXPECT_EQ(i.comments, "https://daily.example/bridge#comments");
    EXPECT_THAT(i.authors, ElementsAre(person{"Jane Doe", "", ""}));
    EXPECT_THAT(i.categories, ElementsAre("Local", "Traffic"));
    EXPECT_THAT(i.enclosures, ElementsAre(enclosure{"https://daily.example/a.mp3", "audio/mpeg", 1234}));
    const item& second = feed.items[1];
    EXPECT_EQ(second.url, "https://daily.example/second");
    EXPECT_THAT(second.authors, ElementsAre(person{"Joe Bloggs", "joe@daily.example", ""}));
    EXPECT_EQ(second.source, "Wire Service");
    EXPECT_TRUE(second.id.empty());
}

TEST(rss_1, keeps_its_items_beside_the_channel) {
    const parsed_feed feed = parsed(feed_file("rss1_rdf.xml"));
    EXPECT_EQ(feed.feed.title, "Old");
    EXPECT_EQ(feed.feed.ttl, std::chrono::hours{6});
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].guid, "https://old.example/1");
    EXPECT_EQ(feed.items[0].url, "https://old.example/1");
    EXPECT_EQ(feed.items[0].source, "Old Press");
    EXPECT_EQ(to_rfc3339(*feed.items[0].published), "2024-03-01T09:00:00Z");
}

TEST(atom, resolves_links_along_the_chain_of_bases) {
    const parsed_feed feed = parsed(feed_file("atom_xml_base.xml"));
    EXPECT_EQ(feed.feed.title, "Der Blog");
    ASSERT_EQ(feed.items.size(), 2U);
    const item& i = feed.items[0];
    EXPECT_EQ(i.title, "5 < 7 & <b>");
    EXPECT_EQ(i.url, "https://base.example/blog/2024/one.html");
    EXPECT_EQ(i.content_html, "<p>Hallo <a href=\"https://base.example/blog/2024/zwei.html\">Welt</a><br>Zeile</p>");
    EXPECT_EQ(i.text, "Hallo Welt\nZeile");
    EXPECT_EQ(i.language, "de");
    EXPECT_EQ(to_rfc3339(*i.published), "2024-04-30T12:00:00Z");
    EXPECT_EQ(to_rfc3339(*i.updated), "2024-04-30T22:00:00.250Z");
    EXPECT_THAT(i.authors, ElementsAre(person{"Erika Muster", "", "https://base.example/blog/2024/about"}));
    EXPECT_THAT(i.categories, ElementsAre("t1"));
    EXPECT_THAT(i.enclosures, ElementsAre(enclosure{"https://base.example/blog/2024/one.mp3", "audio/mpeg", 9}));
    EXPECT_EQ(feed.items[1].url, "");
    EXPECT_EQ(feed.items[1].language, "fr");
    EXPECT_EQ(feed.items[1].text, "Résumé");
    EXPECT_EQ(feed.items[1].source, "Autre source");
}

TEST(lenient_xml, keeps_bare_ampersands_and_knows_names_of_html) {
    const parsed_feed feed = parsed(feed_file("bare_ampersands.xml"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.feed.title, "Q&A");
    EXPECT_EQ(feed.items[0].title, "Fish & chips é &unknown; AT&T");
    EXPECT_EQ(feed.items[0].url, "https://x.example/?a=1&b=2&copy=3");
}

TEST(lenient_xml, takes_undeclared_prefixes_for_what_they_mean_by_custom) {
    const parsed_feed feed = parsed(feed_file("undeclared_prefixes.xml"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].title, "One");
    EXPECT_EQ(feed.items[0].text, "Body");
    EXPECT_THAT(feed.items[0].authors, ElementsAre(person{"Jane", "", ""}));
}

TEST(lenient_xml, closes_what_was_left_open) {
    const parsed_feed feed = parsed(feed_file("unclosed_elements.xml"));
    ASSERT_EQ(feed.items.size(), 3U);
    EXPECT_EQ(feed.items[0].text, "first\nline\n\npara");
    EXPECT_EQ(feed.items[2].title, "Three");
    EXPECT_EQ(feed.items[2].guid, "3");
}

TEST(main_text, leaves_out_what_repeats_across_items) {
    const parsed_feed feed = parsed(feed_file("repeated_boilerplate.xml"));
    ASSERT_EQ(feed.items.size(), 3U);
    EXPECT_EQ(feed.items[0].text, "One story.");
    EXPECT_THAT(feed.items[0].summary_html, HasSubstr("immigration"));
    ASSERT_EQ(feed.boilerplate.size(), 1U);
    const auto pushed = parse_feed(rss("<item><guid>9</guid><description>&lt;p&gt;Alone.&lt;/p&gt;&lt;p&gt;We report "
                                       "on immigration and protests.&lt;/p&gt;</description></item>"),
                                   {}, {}, feed.boilerplate);
    ASSERT_TRUE(pushed);
    EXPECT_EQ(pushed->items[0].text, "Alone.");
}

TEST(feedburner, gives_the_original_link) {
    const parsed_feed feed =
        parsed(rss("<item><link>https://feeds.example/~r/1</link><feedburner:origLink>https://x.example/1</"
                   "feedburner:origLink></item>"));
    EXPECT_EQ(feed.items[0].url, "https://x.example/1");
}

TEST(dates, keep_what_was_written_where_it_says_more) {
    const parsed_feed feed =
        parsed(rss("<item><guid>1</guid><pubDate>2026-11-25</pubDate></item><item><guid>2</guid><pubDate>next "
                   "week</pubDate></item><item><guid>3</guid></item>"));
    EXPECT_EQ(to_rfc3339(*feed.items[0].published), "2026-11-25T00:00:00Z");
    EXPECT_EQ(feed.items[0].published_raw, "2026-11-25");
    EXPECT_FALSE(feed.items[1].published);
    EXPECT_EQ(feed.items[1].published_raw, "next week");
    EXPECT_THAT(feed.items[1].warnings, ElementsAre(HasSubstr("next week")));
    EXPECT_FALSE(feed.items[2].published);
}

TEST(language, is_detected_where_none_is_declared) {
    const parsed_feed feed =
        parsed(rss("<item><guid>1</guid><description>Der Stadtrat hat am Montag nach langer Debatte entschieden, dass "
                   "die Brücke gesperrt wird.</description></item>"));
    EXPECT_EQ(feed.items[0].language, "de");
}

}  // namespace
}  // namespace feedwatch
