// What hostile and broken feeds must not do: each a case that has taken other readers down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/utf8.hpp"
#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    out.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
}

TEST(faults, billion_laughs_and_external_entities_stay_as_they_are_written) {
    const parsed_feed feed = parsed(feed_file("entities_in_dtd.xml"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].title, "[&lol3;] [&secret;] [&far;]");
}

TEST(faults, quadratic_blow_up_expands_nothing) {
    const std::string xml = "<!DOCTYPE rss [<!ENTITY a \"" + std::string(100000, 'a') + "\">]>" +
                            rss("<item><guid>1</guid><title>" + repeated("&a;", 100000) + "</title></item>");
    const parsed_feed feed = parsed(xml);
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_LE(feed.items[0].title.size(), 4096U);
}

TEST(faults, the_external_dtd_of_rss_091_is_not_needed) {
    const parsed_feed feed = parsed(feed_file("rss091_external_dtd.xml"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].title, "Café");
}

TEST(faults, a_million_nested_elements_are_flattened) {
    const std::string deep = "<item><guid>1</guid><description>" + repeated("<b>", 1000000) +
                             "text</description></item><item><guid>2</guid></item>";
    const parsed_feed feed = parsed(rss(deep));
    ASSERT_EQ(feed.items.size(), 2U);
    EXPECT_EQ(feed.items[0].text, "text");
    EXPECT_THAT(feed.warnings, testing::Contains(HasSubstr("nested deeper than 256")));
}

TEST(faults, a_million_attributes_are_not_read) {
    std::string link = "<link ";
    for (int i = 0; i < 1000000; ++i) link += "a" + std::to_string(i) + "='x' ";
    const parsed_feed feed = parsed(rss("<item><guid>1</guid>" + link + "href='https://x.example/'/></item>"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].url, "");
    EXPECT_THAT(feed.warnings, testing::Contains(HasSubstr("256 attributes")));
}

TEST(faults, ten_megabytes_of_attribute_or_name_are_one_odd_element) {
    const std::string big(10U << 20U, 'x');
    const parsed_feed feed = parsed(rss("<item><guid>1</guid><a b='" + big + "'/><" + big + "/></item>"));
    ASSERT_EQ(feed.items.size(), 1U);
}

TEST(faults, declared_utf8_with_latin1_bytes_is_read) {
    const parsed_feed feed =
        parsed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + rss("<item><title>caf\xE9</title></item>").substr(21));
    EXPECT_EQ(feed.items.at(0).title, "café");
}

TEST(faults, nul_and_control_characters_vanish) {
    const parsed_feed feed =
        parsed(rss(std::string("<item><title>a\0b\x01"
                               "c\x1b[31m\x7f</title><guid>g\r\n1</guid><description>d\x02</description></item>",
                               81)));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(feed.items[0].title, "ab c [31m");
    EXPECT_EQ(feed.items[0].guid, "g 1");
    EXPECT_EQ(feed.items[0].summary_html, "d");
}

TEST(faults, text_before_the_prolog_is_passed_over) {
    const parsed_feed feed = parsed(feed_file("junk_before_prolog.xml"));
    EXPECT_EQ(feed.feed.title, "Junk before");
    EXPECT_EQ(feed.items.size(), 1U);
}

TEST(faults, an_item_without_id_and_link_is_kept) {
    const parsed_feed feed = parsed(rss("<item><title>Only a title</title></item>"));
    ASSERT_EQ(feed.items.size(), 1U);
    EXPECT_EQ(identity_of(feed.items[0], "f").str().size(), 34U);
}

TEST(faults, links_with_tracking_parameters_have_one_canonical_form) {
    const parsed_feed feed =
        parsed(rss("<item><link>https://x.example/a?utm_source=1</link></item><item><link>https://x.example/"
                   "a?fbclid=2#xtor=RSS-1</link></item>"));
    EXPECT_EQ(feed.items.at(0).canonical_url, feed.items.at(1).canonical_url);
}

TEST(faults, a_hundred_thousand_items_are_cut_at_the_limit_and_counted) {
    const parsed_feed feed = parsed(rss(repeated("<item><guid>x</guid></item>", 100000)), {}, {.items_max = 2000});
    EXPECT_EQ(feed.items.size(), 2000U);
    EXPECT_EQ(feed.items_dropped, 98000U);
    EXPECT_THAT(feed.warnings, testing::Contains(HasSubstr("98000 items")));
}

TEST(faults, fields_past_their_limit_are_cut_with_a_warning) {
    const std::string big(300000, 'x');
    const parsed_feed feed = parsed(rss("<item><guid>1</guid><description>&lt;p&gt;" + big + "</description></item>"));
    const item& i = feed.items.at(0);
    EXPECT_LE(i.summary_html.size(), 256U << 10U);
    EXPECT_THAT(i.summary_html, testing::EndsWith("</p>"));
    EXPECT_THAT(i.warnings, testing::Contains(HasSubstr("summary_html had 300007 bytes")));
}

TEST(faults, javascript_links_are_dropped) {
    const parsed_feed feed =
        parsed(rss("<item><guid>1</guid><link>javascript:alert(1)</link><description>&lt;a "
                   "href=\"JAVASCRIPT:x\"&gt;y&lt;/a&gt;</description></item>"));
    EXPECT_EQ(feed.items.at(0).url, "");
    EXPECT_EQ(feed.items.at(0).summary_html, "<a>y</a>");
    EXPECT_FALSE(feed.items.at(0).warnings.empty());
}

TEST(faults, a_login_page_is_no_feed) {
    const auto feed = parse_feed(feed_file("login_page.html"), {});
    ASSERT_FALSE(feed);
    EXPECT_EQ(feed.error().code, errc::malformed);
    EXPECT_THAT(feed.error().detail, HasSubstr("HTML page"));
}

TEST(faults, what_is_no_feed_says_what_it_looks_like) {
    const std::pair<std::string, const char*> cases[] = {
        {"\x89PNG\r\n", "PNG"}, {"", "empty"},   {"hello", "plain text"}, {"{\"a\":1}", "JSON"},
        {"<opml/>", "OPML"},    {"<a/>", "XML"}, {"%PDF-1.4", "PDF"}};
    for (const auto& [bytes, what] : cases) {
        const auto feed = parse_feed(bytes, {});
        ASSERT_FALSE(feed) << what;
        EXPECT_THAT(feed.error().detail, HasSubstr(what));
    }
}

TEST(faults, titles_that_attack_their_readers_are_plain_text) {
    for (const char* title : {"&lt;!channel&gt;", "&lt;http://evil|ok&gt;", "@everyone", "[x](javascript:alert(1))",
                              "{{ .Env }}", "${jndi:ldap://x}", "=cmd()"}) {
        const parsed_feed feed = parsed(rss("<item><title>" + std::string(title) + "</title></item>"));
        ASSERT_EQ(feed.items.size(), 1U);
        EXPECT_FALSE(feed.items[0].title.empty()) << title;
        EXPECT_EQ(feed.items[0].title.find_first_of("\r\n\x1b"), std::string::npos);
    }
}

}  // namespace
}  // namespace feedwatch
