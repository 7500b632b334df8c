#include <gtest/gtest.h>

#include <algorithm>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

// Where each object in the list of items ends.
std::vector<std::size_t> ends_of_objects(const std::string& json) {
    std::vector<std::size_t> ends;
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = json.find("\"items\""); at < json.size(); ++at) {
        const char c = json[at];
        if (in_string) {
            if (c == '\\') ++at;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && depth > 0) {
            if (c == '}' && depth == 2) ends.push_back(at + 1);
            if (--depth == 0) break;
        }
    }
    return ends;
}

// Where each item ends in the document. Of a sitemap's pages one is news.
std::vector<std::size_t> ends_of_items(const std::string& xml) {
    std::vector<std::size_t> ends;
    if (xml.starts_with("{")) return ends_of_objects(xml);
    if (xml.find("<urlset") != std::string::npos) return {xml.find("</url>") + 6};
    for (const char* tag : {"</item>", "</entry>"})
        for (std::size_t at = xml.find(tag); at != std::string::npos; at = xml.find(tag, at + 1))
            ends.push_back(at + std::string_view(tag).size());
    return ends;
}

class cut_short : public testing::TestWithParam<const char*> {};

TEST_P(cut_short, keeps_every_complete_item) {
    const std::string xml = feed_file(GetParam());
    const std::vector<std::size_t> ends = ends_of_items(xml);
    const parsed_feed whole = parsed(xml);
    for (std::size_t cut = 0; cut < xml.size(); ++cut) {
        const auto feed = parse_feed(std::string_view(xml).substr(0, cut),
                                     {.url = "https://host.example/dir/feed.xml", .content_type = {}});
        const auto complete =
            static_cast<std::size_t>(std::count_if(ends.begin(), ends.end(), [&](std::size_t e) { return e <= cut; }));
        if (!feed) {
            EXPECT_EQ(complete, 0U) << cut;
            continue;
        }
        ASSERT_EQ(feed->items.size(), complete) << cut;
        if (complete > 0) {
            EXPECT_EQ(feed->items[0].title, whole.items[0].title);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(documents, cut_short,
                         testing::Values("rss2_plain.xml", "rss1_rdf.xml", "atom_xml_base.xml", "bare_ampersands.xml",
                                         "undeclared_prefixes.xml", "junk_before_prolog.xml", "rss091_external_dtd.xml",
                                         "repeated_boilerplate.xml", "entities_in_dtd.xml", "news_sitemap.xml",
                                         "json_feed.json"));

// Items that are never closed end where the next begins.
TEST(a_document_cut_short, keeps_what_was_closed_by_the_next_item) {
    const std::string xml = feed_file("unclosed_elements.xml");
    std::size_t last = 0;
    for (std::size_t cut = 0; cut < xml.size(); ++cut) {
        const auto feed = parse_feed(std::string_view(xml).substr(0, cut), {});
        const std::size_t items = feed ? feed->items.size() : 0;
        ASSERT_GE(items, last) << cut;
        last = items;
    }
    EXPECT_EQ(last, parsed(xml).items.size());
}

TEST(a_document_cut_short, says_so) {
    const std::string xml = feed_file("rss2_plain.xml");
    EXPECT_TRUE(parsed(xml.substr(0, xml.size() / 2)).truncated);
    EXPECT_TRUE(parsed(xml.substr(0, xml.rfind("</channel>"))).truncated);
    EXPECT_FALSE(parsed(xml).truncated);
}

}  // namespace
}  // namespace feedwatch
