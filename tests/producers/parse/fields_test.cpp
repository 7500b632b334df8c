// What feeds say in their many ways: the same fields from other elements, attributes and modes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

item only_item(std::string_view document) {
    const parsed_feed feed = parsed(document);
    EXPECT_EQ(feed.items.size(), 1U);
    return feed.items.empty() ? item{} : feed.items[0];
}

std::string atom(std::string_view inside) {
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\">" + std::string(inside) + "</feed>";
}

TEST(atom_text, in_base64_is_decoded) {
    const item i = only_item(
        "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry>"
        "<title type=\"text/html\" mode=\"base64\">\nRXhhbXBsZSA8Yj5BdG9t\nPC9iPg==\n</title>"
        "<summary type=\"text/plain\" mode=\"base64\">MSA8IDI=</summary>"
        "<content type=\"application/octet-stream\" mode=\"base64\">not base64!</content></entry></feed>");
    EXPECT_EQ(i.title, "Example Atom");
    EXPECT_EQ(i.summary_html, "1 &lt; 2");
    EXPECT_EQ(i.text, "1 < 2");
}

TEST(atom_text, of_xhtml_is_what_stands_in_its_div) {
    const item i = only_item(
        atom("<entry><content type=\"xhtml\">\n <div xmlns=\"http://www.w3.org/1999/xhtml\"><p>One</p></div> \n"
             "</content></entry>"));
    EXPECT_EQ(i.content_html, "<p>One</p>");
    const item two = only_item(atom("<entry><content type=\"xhtml\"><div>One</div><div>Two</div></content></entry>"));
    EXPECT_EQ(two.content_html, "<div>One</div><div>Two</div>");
}

TEST(atom_people, are_kept_where_only_their_address_is_known) {
    const parsed_feed feed =
        parsed(atom("<author><uri>/about</uri></author><entry><author><uri>me</uri></author></entry>"));
    EXPECT_THAT(feed.feed.authors, ElementsAre(person{"", "", "https://host.example/about"}));
    EXPECT_THAT(feed.items.at(0).authors, ElementsAre(person{"", "", "https://host.example/dir/me"}));
}

TEST(atom_source, title_is_read_by_its_type) {
    EXPECT_EQ(only_item(atom("<entry><source><title type=\"xhtml\"><div>The &lt;blink&gt; tag</div></title></source>"
                             "</entry>"))
                  .source,
              "The <blink> tag");
    EXPECT_EQ(only_item(atom("<entry><source><title type=\"text\">5 &lt; 7 &lt;b&gt;</title></source></entry>")).source,
              "5 < 7 <b>");
    EXPECT_EQ(
        only_item(atom("<entry><source><title type=\"html\">&lt;b&gt;Wire&lt;/b&gt;</title></source></entry>")).source,
        "Wire");
}

TEST(cdf, is_read_from_its_attributes) {
    const parsed_feed feed = parsed(
        "<CHANNEL HREF=\"http://cdf.example/\" LASTMOD=\"2004-04-06T23:05:43-05:00\"><TITLE>Old</TITLE>"
        "<ABSTRACT>About</ABSTRACT><ITEM HREF=\"http://cdf.example/1\" LASTMOD=\"2004-04-05\"><TITLE>One</TITLE>"
        "<ABSTRACT>Words</ABSTRACT></ITEM></CHANNEL>");
    EXPECT_EQ(feed.feed.link, "http://cdf.example/");
    EXPECT_EQ(feed.feed.description, "About");
    EXPECT_EQ(to_rfc3339(*feed.feed.updated), "2004-04-07T04:05:43Z");
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].url, "http://cdf.example/1");
    EXPECT_EQ(feed.items[0].title, "One");
    EXPECT_EQ(feed.items[0].text, "Words");
    EXPECT_EQ(to_rfc3339(*feed.items[0].updated), "2004-04-05T00:00:00Z");
}

TEST(channel, may_say_it_in_dublin_core) {
    const parsed_feed feed = parsed(
        "<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\"><channel>"
        "<dc:title>T</dc:title><dc:author>Jane (jane@x.example)</dc:author><dc:subject>a</dc:subject>"
        "<dc:subject>b</dc:subject><dc:subject>a</dc:subject><dcterms:issued>2003-12-31T10:14:55Z</dcterms:issued>"
        "<dcterms:modified>2004-12-31T10:14:55Z</dcterms:modified></channel></rss>");
    EXPECT_EQ(feed.feed.title, "T");
    EXPECT_THAT(feed.feed.authors, ElementsAre(person{"Jane", "jane@x.example", ""}));
    EXPECT_THAT(feed.feed.categories, ElementsAre("a", "b"));
    EXPECT_EQ(to_rfc3339(*feed.feed.published), "2003-12-31T10:14:55Z");
    EXPECT_EQ(to_rfc3339(*feed.feed.updated), "2004-12-31T10:14:55Z");
}

TEST(channel, says_it_best_in_its_own_elements) {
    const parsed_feed feed = parsed(
        "<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><dc:title>D</dc:title>"
        "<itunes:subtitle>S</itunes:subtitle><title>T</title><description>About</description></channel></rss>");
    EXPECT_EQ(feed.feed.title, "T");
    EXPECT_EQ(feed.feed.description, "About");
}

TEST(itunes, categories_nest_keywords_are_a_list_and_the_image_has_an_address) {
    const parsed_feed feed = parsed(
        "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel>"
        "<itunes:category text=\"Technology\"><itunes:category text=\"Gadgets\"/></itunes:category>"
        "<itunes:keywords>news, Gadgets ,,</itunes:keywords><itunes:summary>About</itunes:summary>"
        "<itunes:image/><itunes:link rel=\"image\" href=\"i.png\"/>"
        "<item><title>x</title><itunes:category text=\"A\"><itunes:category text=\"B\"/></itunes:category>"
        "<itunes:keywords>c</itunes:keywords></item></channel></rss>");
    EXPECT_THAT(feed.feed.categories, ElementsAre("Technology", "Gadgets", "news"));
    EXPECT_EQ(feed.feed.description, "About");
    EXPECT_EQ(feed.feed.image, "https://host.example/dir/i.png");
    EXPECT_THAT(feed.items.at(0).categories, ElementsAre("A", "B", "c"));
}

TEST(media_rss, has_categories_and_keywords) {
    const item i = only_item(
        "<rss xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><title>x</title><media:group>"
        "<media:category>a</media:category><media:keywords>b, c</media:keywords></media:group></item></channel></rss>");
    EXPECT_THAT(i.categories, ElementsAre("a", "b", "c"));
}

TEST(rss, an_item_with_summary_and_description_loses_neither) {
    const item i =
        only_item(rss("<item><summary>Short.</summary><description>The whole of the text.</description></item>"));
    EXPECT_EQ(i.summary_html, "Short.");
    EXPECT_EQ(i.content_html, "The whole of the text.");
    EXPECT_EQ(i.text, "The whole of the text.");
}

TEST(rss, an_end_tag_that_was_forgotten_ends_where_the_next_field_begins) {
    const parsed_feed feed = parsed(
        "<rss><channel><title>News<link>https://n.example/</link>"
        "<item><title>One <b>bold</b><link>https://n.example/1<pubDate>Fri, 27 Nov 2026 10:00:00 GMT"
        "<description>Words</item><item><title>Two</item></channel></rss>");
    EXPECT_EQ(feed.feed.title, "News");
    EXPECT_EQ(feed.feed.link, "https://n.example/");
    ASSERT_EQ(feed.items.size(), 2U);
    EXPECT_EQ(feed.items[0].title, "One bold");
    EXPECT_EQ(feed.items[0].url, "https://n.example/1");
    EXPECT_EQ(to_rfc3339(*feed.items[0].published), "2026-11-27T10:00:00Z");
    EXPECT_EQ(feed.items[0].text, "Words");
    EXPECT_EQ(feed.items[1].title, "Two");
}

TEST(language, is_written_as_a_tag) {
    EXPECT_EQ(parsed("<rss><channel><language>en_US</language></channel></rss>").feed.language, "en-US");
}
TEST(language, is_cut_between_letters_where_it_is_too_long_for_a_tag) {
    const std::string declared = "en" + std::string(32, 'x');
    EXPECT_EQ(parsed("<rss><channel><language>" + declared + "\u00FC</language></channel></rss>").feed.language,
              declared);
}

TEST(encoding, ebcdic_is_known_by_its_prolog) {
    const parsed_feed feed = parsed(feed_file("ebcdic_cp500.xml"));
    EXPECT_EQ(feed.feed.title, "Großrechner");
    EXPECT_EQ(feed.items.at(0).summary_html, "[ÄÖÜ]");
    EXPECT_THAT(feed.warnings, IsEmpty());
}

TEST(encoding, control_characters_are_what_windows_has_in_their_place) {
    EXPECT_EQ(only_item(rss("<item><title>don\xC2\x92t \xC2\x80 5 \xC2\xA0x</title></item>")).title,
              "don\u2019t \u20AC 5 x");
}

TEST(encoding, names_that_only_some_know) {
    const auto title_of = [](std::string_view encoding, std::string_view bytes) {
        return parsed("<?xml version=\"1.0\" encoding=\"" + std::string(encoding) + "\"?><rss><channel><title>" +
                      std::string(bytes) + "</title></channel></rss>")
            .feed.title;
    };
    EXPECT_EQ(title_of("ms-cyrl", "\x80"), "\u0402");
    EXPECT_EQ(title_of("macgreek", "\x80"), "\u00C4");
    EXPECT_EQ(title_of("cp874", "\x80"), "\u20AC");
}

TEST(html_handling, as_written_leaves_all_other_fields_the_same) {
    const std::string xml =
        rss("<item><title>One &amp;amp; <![CDATA[<b>two</b>]]></title><link>/a?utm_source=x</link><pubDate>1 Nov "
            "2026</pubDate>"
            "<author>a@host.example (A)</author><category>c</category><enclosure url=\"/x.mp3\" type=\"audio/mpeg\"/>"
            "<description><![CDATA[<p onclick=\"x()\">Text</p>]]></description><dc:publisher>P</dc:publisher></item>");
    parse_limits limits;
    parsed_feed whole = parsed(xml);
    limits.html = html_handling::as_written;
    const parsed_feed fields = parsed(xml, {.url = "https://host.example/dir/feed.xml", .content_type = {}}, limits);
    ASSERT_EQ(fields.items.size(), 1U);
    EXPECT_EQ(fields.items[0].summary_html, "<p onclick=\"x()\">Text</p>");
    EXPECT_EQ(fields.items[0].text, "");
    item& rest = whole.items[0];
    EXPECT_EQ(rest.summary_html, "<p>Text</p>");
    rest.summary_html = fields.items[0].summary_html;
    rest.text.clear();
    rest.language = fields.items[0].language;
    EXPECT_EQ(to_json(rest), to_json(fields.items[0]));
    limits.field_bytes_max = 10;
    EXPECT_EQ(parsed(xml, {}, limits).items[0].summary_html, "<p onclick");
}

}  // namespace
}  // namespace feedwatch
