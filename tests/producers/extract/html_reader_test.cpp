#include "producers/extract/html_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace feedwatch {
namespace {

std::string events(std::string_view html) {
    html_reader reader(html);
    std::string out;
    for (html_token t = reader.next(); t.what != html_token::kind::end; t = reader.next()) {
        if (t.what == html_token::kind::text) out += "[" + std::string(t.text) + "]";
        if (t.what == html_token::kind::start_tag) out += "<" + std::string(t.name) + (t.self_closing ? "/>" : ">");
        if (t.what == html_token::kind::end_tag) out += "</" + std::string(t.name) + ">";
    }
    return out;
}

TEST(html_reader, tells_tags_from_text) {
    EXPECT_EQ(events("a<B>c</b >d"), "[a]<b>[c]</b>[d]");
    EXPECT_EQ(events("1 < 2 <3 <"), "[1 ][< 2 ][<3 ][<]");
    EXPECT_EQ(events("<br/><p title='a>b'>x"), "<br/><p>[x]");
    EXPECT_EQ(events("<a href=http://x/>y</a>"), "<a>[y]</a>");
    EXPECT_EQ(events("<xhtml:p>x</xhtml:p>"), "<p>[x]</p>");
}

TEST(html_reader, passes_over_comments_declarations_and_scripts) {
    EXPECT_EQ(events("a<!-- <b> -->c<!DOCTYPE html><?php x ?>d"), "[a][c][d]");
    EXPECT_EQ(events("<script>if (a<b) '</div>'</script>x"), "<script></script>[x]");
    EXPECT_EQ(events("<svg><path/><text>t</text></svg>x"), "<svg></svg>[x]");
    EXPECT_EQ(events("a<!-- never closed"), "[a]");
}

TEST(html_reader, reads_cdata_as_literal_text) {
    EXPECT_EQ(events("a<![CDATA[<b>&amp;]]>c"), "[a][<b>&amp;][c]");
}

TEST(html_reader, leaves_out_a_tag_that_was_cut_off) {
    EXPECT_EQ(events("text <a href=\"http://x"), "[text ]");
}

TEST(html_attributes, are_read_quoted_and_unquoted) {
    std::string_view rest = " href=\"a b\" title='c' data-x=d checked  alt = e";
    html_attribute a;
    std::string all;
    while (next_attribute(rest, a)) (((all += a.name) += '=') += a.value) += ';';
    EXPECT_EQ(all, "href=a b;title=c;data-x=d;checked=;alt=e;");
}

}  // namespace
}  // namespace feedwatch
