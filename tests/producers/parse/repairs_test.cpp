#include "producers/parse/repairs.hpp"

#include <gmock/gmock.h>

#include <chrono>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> remarks(std::string_view bytes) {
    return explain_repairs(bytes, {});
}

TEST(explain_repairs, nothing_is_said_of_what_is_well_formed) {
    EXPECT_THAT(
        remarks("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- <b> & -->\n<rss version='2.0' xmlns:dc=\"u\"><channel>"
                "<dc:x a='>'>1 &lt; 2 &#65; &amp;</dc:x><y><![CDATA[<b> & ]]></y><z/></channel></rss>\n"),
        IsEmpty());
    EXPECT_THAT(remarks("{\"items\": []}"), IsEmpty());
    EXPECT_THAT(remarks(""), IsEmpty());
}
TEST(explain_repairs, tokens_end_where_the_reader_ends_them) {
    EXPECT_THAT(remarks("<!DOCTYPE rss [<!-- ] > <x> --><!ENTITY a \"]> <x>\">]><rss></rss>"), IsEmpty());
    EXPECT_THAT(remarks("<rss a = \"<x>\" b = '>'></rss>"), IsEmpty());
    EXPECT_THAT(remarks("<rss><a <b></b></a></rss"),
                ElementsAre("line 1, column 6: a tag without \">\": it ends where the next begins",
                            "line 1, column 20: the document ends inside a tag: \"</rss\"",
                            "line 1, column 25: the document ends inside <rss> of line 1"));
    EXPECT_THAT(remarks("<!DOCTYPE rss [><rss></rss>"),
                ElementsAre("line 1, column 1: a declaration that is never closed"));
}
TEST(explain_repairs, each_kind_is_told_once_with_its_first_place_and_a_count) {
    EXPECT_THAT(
        remarks("<rss>\n <title>A & B & C</title>\n <b>é &nbsp;&nbsp;</b>&foo;\n</rss>"),
        ElementsAre("line 2, column 11: \"&\" that begins no reference: kept as it is written (and 1 more like it)",
                    "line 3, column 7: &nbsp; is not declared: read as HTML does (and 1 more like it)",
                    "line 3, column 23: &foo; is nothing known: kept as it is written"));
}
TEST(explain_repairs, junk_before_and_after_and_several_documents) {
    EXPECT_THAT(remarks("PHP warning\n<?xml version='1.0'?><rss></rss>\nrest<rss/>"),
                ElementsAre("line 1, column 1: text before the document: passed over",
                            "line 2, column 1: the XML declaration does not stand at the very beginning",
                            "line 2, column 33: text after the end of the document: passed over",
                            "line 3, column 5: another document begins with <rss>"));
}
TEST(explain_repairs, nesting) {
    EXPECT_THAT(remarks("<rss><item>\n<title>a</item></b><Link>x</link>"),
                ElementsAre("line 2, column 9: </item> also ends <title> of line 2, which is never closed",
                            "line 2, column 16: </b> ends nothing: passed over",
                            "line 2, column 27: </link> ends <Link>, though it is spelt otherwise",
                            "line 2, column 34: the document ends inside <rss> of line 1"));
}
TEST(explain_repairs, prefixes_attributes_and_what_is_never_closed) {
    EXPECT_THAT(remarks("<rss><media:thumbnail url=x a='1' a='2'/></rss>"),
                ElementsAre("line 1, column 6: attribute \"url\" without quotes or value",
                            "line 1, column 6: attribute \"a\" twice: the first counts",
                            "line 1, column 6: prefix \"media\" is not declared: read as it is by custom"));
    EXPECT_THAT(remarks("<rss><!-- open <b></b></rss>"),
                ElementsAre("line 1, column 6: a comment that is never closed",
                            "line 1, column 29: the document ends inside <rss> of line 1"));
    EXPECT_THAT(remarks("<rss><a href='x"),
                ElementsAre("line 1, column 6: the document ends inside a tag: \"<a href='x\"",
                            "line 1, column 16: the document ends inside <rss> of line 1"));
}
TEST(explain_repairs, entities_of_a_dtd_are_named) {
    EXPECT_THAT(
        remarks("<!DOCTYPE rss [<!ENTITY me \"x\">]><rss>&me;</rss>"),
        ElementsAre("line 1, column 39: &me; is of the DTD, whose entities are not expanded: kept as it is written"));
}
TEST(explain_repairs, more_kinds_than_can_be_read_are_counted) {
    std::string xml = "<rss>";
    for (int n = 0; n < 50; ++n) xml += "&x" + std::to_string(n) + ";";
    const auto told = explain_repairs(xml + "</rss>", {}, 10);
    ASSERT_EQ(told.size(), 11U);
    EXPECT_EQ(told.back(), "40 more repairs of other kinds");
}
TEST(explain_repairs, takes_linear_time_on_what_is_made_to_be_slow) {
    for (const std::string_view piece : {"<a>", "</a>", "<a b='", "<!--", "<![CDATA[", "&a;", "&", "<!DOCTYPE [",
                                         "<?x ", "<a b=\"c\" b=\"c\">", "<x:y/>", "\n<"}) {
        std::string xml = "<rss>";
        while (xml.size() < (1U << 20U)) xml += piece;
        const auto start = std::chrono::steady_clock::now();
        (void)remarks(xml);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << piece;
    }
}
TEST(explain_repairs, every_sample_can_be_explained) {
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(FEEDWATCH_SOURCE_DIR) / "tests/data/feeds"))
        for (const std::string& remark : remarks(read_file(file.path()))) EXPECT_FALSE(remark.empty()) << file.path();
}

}  // namespace
}  // namespace feedwatch
