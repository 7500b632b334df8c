// One line in, one line out.
#include "processors/match/filter.hpp"

#include <gmock/gmock.h>

#include <string>

#include "core/record/item.hpp"
#include "core/utf8.hpp"
#include "tests/processors/match/support.hpp"

namespace feedwatch {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing_match::rule;

std::string out_of(std::string_view query, std::string_view line,
                   match_filter::output wanted = match_filter::output::matched) {
    match_filter f(rule(query), wanted);
    const auto out = f.process(line);
    if (!out) return "error: " + out.error().message();
    return out->value_or("");
}

TEST(match_filter, keeps_the_record_as_it_was_and_adds_matches) {
    EXPECT_EQ(out_of("ice", R"({"id":"1","x":{"y":[1.50,null]},"title":"Ice","text":"no"})").substr(0, 63),
              R"({"id":"1","x":{"y":[1.50,null]},"title":"Ice","text":"no","matc)");
    const auto flagged = flagged_item_from_json(out_of("ice", R"({"id":"1","title":"Ice","text":"no"})"));
    ASSERT_TRUE(flagged) << flagged.error().message();
    ASSERT_THAT(flagged->matches, SizeIs(1));
    EXPECT_EQ(flagged->matches[0].topic, topic_id("t"));
    ASSERT_THAT(flagged->matches[0].spans, SizeIs(1));
    EXPECT_EQ(flagged->matches[0].spans[0], (span{"title", 0, 3, "Ice", "ice"}));
}

TEST(match_filter, what_nothing_matches_is_left_out_or_kept_with_an_empty_list) {
    EXPECT_EQ(out_of("ice", R"({"id":"1","title":"x"})"), "");
    EXPECT_EQ(out_of("ice", R"({"id":"1","title":"x"})", match_filter::output::all),
              R"({"id":"1","title":"x","matches":[]})");
}

TEST(match_filter, only_id_must_be_there) {
    EXPECT_EQ(out_of("ice", R"({"id":"1"})", match_filter::output::all), R"({"id":"1","matches":[]})");
    EXPECT_THAT(out_of("ice", R"({"title":"x"})"), HasSubstr("id: missing"));
    EXPECT_THAT(out_of("ice", R"({"id":"1","title":7})"), HasSubstr("title: should be a string"));
    EXPECT_THAT(out_of("ice", R"(["id"])"), HasSubstr("not a JSON object"));
    EXPECT_THAT(out_of("ice", R"({"id":"1")"), HasSubstr("not JSON"));
    EXPECT_THAT(out_of("ice", R"({"id":"1"} x)"), HasSubstr("not JSON"));
    EXPECT_THAT(out_of("ice", ""), HasSubstr("not a JSON object"));
    EXPECT_EQ(out_of("ice", R"({"id":"1","title":null,"text":"ice"})").substr(0, 12), R"({"id":"1","t)");
}

TEST(match_filter, html_is_read_where_there_is_no_text_and_its_text_is_added_for_the_spans) {
    const auto flagged = flagged_item_from_json(
        out_of("\"border patrol\"", R"({"id":"1","content_html":"<p>The <b>border</b> patrol &amp; co</p>"})"));
    ASSERT_TRUE(flagged) << flagged.error().message();
    ASSERT_THAT(flagged->matches, SizeIs(1));
    const span& s = flagged->matches[0].spans.at(0);
    EXPECT_EQ(flagged->text.substr(s.offset, s.length), s.text);
    EXPECT_EQ(s.text, "border patrol");
    const auto replaced =
        flagged_item_from_json(out_of("border", R"({"id":"1","text":"","content_html":"<p>border</p>"})"));
    ASSERT_TRUE(replaced) << replaced.error().message();
    EXPECT_THAT(replaced->text, HasSubstr("border"));
}

TEST(match_filter, a_flagged_record_read_again_gets_new_matches) {
    const std::string once = out_of("ice", R"({"id":"1","n":-1.25e3,"title":"ice \"raid\" é","a":[{"b":true}]})");
    const std::string twice = out_of("raid", once);
    const auto flagged = flagged_item_from_json(twice);
    ASSERT_TRUE(flagged) << flagged.error().message() << twice;
    ASSERT_THAT(flagged->matches, SizeIs(1));
    EXPECT_EQ(flagged->matches[0].spans.at(0).text, "raid");
    EXPECT_EQ(twice.find("\"matches\""), twice.rfind("\"matches\""));
    EXPECT_THAT(twice, HasSubstr(R"("a":[{"b":true}])"));
}

TEST(match_filter, what_goes_out_is_utf8_without_nul_whatever_came_in) {
    const std::string nul =
        out_of("ice", R"({"id":"1","title":"ice \u0000 \\u0000 \ud800 \ud83d\ude00","x":"\u0000"})");
    EXPECT_THAT(nul, HasSubstr(R"(ice  \\u0000 \ufffd \ud83d\ude00)"));
    const auto flagged = flagged_item_from_json(nul);
    ASSERT_TRUE(flagged) << flagged.error().message() << nul;
    const std::string bytes = out_of("ice", "{\"id\":\"1\",\"title\":\"ice \xff\xc3\"}");
    EXPECT_TRUE(is_valid_utf8(bytes));
    EXPECT_THAT(bytes, HasSubstr("\xEF\xBF\xBD"));
}

TEST(match_filter, an_object_over_several_lines_becomes_one) {
    const std::string out = out_of("ice", "{\n  \"id\": \"1\",\n  \"title\": \"ice\"\n}\n");
    EXPECT_EQ(out.find('\n'), std::string::npos);
    EXPECT_TRUE(flagged_item_from_json(out));
}

TEST(match_filter, the_language_is_detected_where_none_is_declared) {
    const auto rules = testing_match::rules_of("topics:\n  - {id: t, query: frontera, languages: [es]}\n");
    match_filter f(rules, match_filter::output::matched);
    const auto english = f.process(
        R"({"id":"1","title":"frontera","text":"The government announced new rules for immigration on Tuesday, officials said."})");
    ASSERT_TRUE(english);
    EXPECT_FALSE(*english);
    const auto spanish = f.process(
        R"({"id":"1","title":"frontera","text":"El gobierno anunció el martes nuevas normas sobre la inmigración."})");
    ASSERT_TRUE(spanish);
    EXPECT_TRUE(*spanish);
}

}  // namespace
}  // namespace feedwatch
