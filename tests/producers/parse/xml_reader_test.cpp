#include "producers/parse/xml_reader.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

std::string events(std::string_view xml, xml_reader_limits limits = {}) {
    xml_reader reader(xml, limits);
    std::string out;
    for (auto e = reader.next(); e != xml_reader::event::end_of_document; e = reader.next()) {
        if (e == xml_reader::event::start) out += "<" + std::string(reader.name()) + ">";
        if (e == xml_reader::event::end) out += "</" + std::string(reader.name()) + ">";
        if (e == xml_reader::event::text) out += ".";
    }
    return out + (reader.ended_inside() ? "!" : "");
}

TEST(xml_reader, reads_what_is_well_formed) {
    EXPECT_EQ(events("<?xml version='1.0'?><!-- c --><a x='1'><b/>t<![CDATA[<x>]]></a>"), "<a><b></b>..</a>");
    EXPECT_EQ(events("<A><B></B></A>"), "<a><b></b></a>");
}

TEST(xml_reader, closes_what_was_left_open) {
    EXPECT_EQ(events("<a><b><c></a>"), "<a><b><c></c></b></a>");
    EXPECT_EQ(events("<a></x></a>"), "<a></a>");
    EXPECT_EQ(events("<a><b>"), "<a><b>!");
    EXPECT_EQ(events("<a"), "!");
}

TEST(xml_reader, passes_over_a_dtd_with_brackets_and_quotes) {
    EXPECT_EQ(events("<!DOCTYPE a [<!ENTITY x \"]>\"> <!ELEMENT b (c)>]><a/>"), "<a></a>");
    EXPECT_EQ(events("<!DOCTYPE a [ ><a/>"), "<a></a>");
    EXPECT_EQ(events("<!DOCTYPE a [<!-- it's ]> --><?p it's ]> ?>]><a/>"), "<a></a>");
    EXPECT_EQ(events("<!DOCTYPE a [<!-- ]><a/>"), "<a></a>");
}

TEST(xml_reader, reads_attributes) {
    xml_reader reader("<a href=\"x?a=1&amp;b=2&c\" xml:base='y' n:Type = \"z\" plain=v>");
    ASSERT_EQ(reader.next(), xml_reader::event::start);
    EXPECT_EQ(reader.attribute("href"), "x?a=1&b=2&c");
    EXPECT_EQ(reader.attribute("xml:base"), "y");
    EXPECT_EQ(reader.attribute("type"), "z");
    EXPECT_EQ(reader.attribute("plain"), "v");
    EXPECT_EQ(reader.attribute("base"), std::nullopt);
}

TEST(xml_reader, ends_lines_as_xml_does) {
    xml_reader reader("<a b='1\r\n2\t3&#10;4'>1\r\n2\r3\n<![CDATA[4\r\n]]>&#13;</a>");
    ASSERT_EQ(reader.next(), xml_reader::event::start);
    EXPECT_EQ(reader.attribute("b"), "1 2 3\n4");
    EXPECT_EQ(reader.read_content().text, "1\n2\n3\n4\n\r");
}

TEST(xml_reader, knows_namespaces_declared_and_by_custom) {
    xml_reader reader("<r xmlns:d='http://purl.org/dc/elements/1.1/'><d:a/><dc:b/><content:c/><x:d/></r>");
    std::vector<xml_space> spaces;
    for (auto e = reader.next(); e != xml_reader::event::end_of_document; e = reader.next())
        if (e == xml_reader::event::start) spaces.push_back(reader.space());
    EXPECT_EQ(spaces,
              (std::vector{xml_space::plain, xml_space::dc, xml_space::dc, xml_space::content, xml_space::other}));
}

TEST(xml_reader, limits_depth) {
    EXPECT_EQ(events("<a><b><c><d>x</d></c></b></a>", {.depth_max = 2, .attributes_max = 9}), "<a><b>.</b></a>");
    xml_reader reader("<a><b><c></c></b></a>", {.depth_max = 2, .attributes_max = 9});
    while (reader.next() != xml_reader::event::end_of_document) {
    }
    EXPECT_TRUE(reader.depth_exceeded());
}

TEST(xml_reader, takes_linear_time_on_hostile_input) {
    for (const std::string piece : {"<",
                                    "<a",
                                    "<a>",
                                    "</a>",
                                    "<!",
                                    "<!'>",
                                    "<![",
                                    "<?",
                                    "<?>",
                                    "<!--",
                                    "&",
                                    "<a b='",
                                    "<![CDATA[",
                                    "\r",
                                    "<!DOCTYPE [<!--",
                                    "<!DOCTYPE [<?",
                                    "<a xmlns:b='c'>",
                                    "<item>",
                                    "]]>",
                                    "<!DOCTYPE ["}) {
        std::string input = "<rss>";
        while (input.size() < (2U << 20U)) input += piece;
        EXPECT_LE(events(input).size(), 20 * input.size()) << piece;
    }
}

}  // namespace
}  // namespace feedwatch
