// topics.yaml and its reload.
#include "processors/match/rule_set.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/processors/match/support.hpp"

namespace feedwatch {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_match::errors_of;
using testing_match::matches;
using testing_match::rules_of;

constexpr const char* example = R"(define:
  agencies: '("Immigration and Customs Enforcement" OR =ICE OR "border patrol")'
topics:
  - id: immigration-enforcement
    query: '("immigration enforcement" OR "order of removal"~2 OR ($agencies AND (raid* OR deport* OR detain*))) NOT title:hockey'
    languages: [en]
    severity: high
    notify: [ops-slack]
)";

TEST(topics, the_documented_example_works) {
    const auto rules = rules_of(example);
    EXPECT_THAT(matches(*rules, "ICE raids in Chicago", ""), SizeIs(1));
    EXPECT_THAT(matches(*rules, "Ice raids", ""), IsEmpty());
    EXPECT_THAT(matches(*rules, "An order of final removal", ""), SizeIs(1));
    EXPECT_THAT(matches(*rules, "Hockey: border patrol detained", ""), IsEmpty());
    EXPECT_THAT(matches(*rules, "", "Border Patrol agents detaining people"), SizeIs(1));
}

TEST(topics, all_mistakes_come_with_line_and_column) {
    EXPECT_EQ(
        errors_of(
            "define:\n  x: 'a OR'\n  y: b\n"
            "topics:\n  - id: one\n    query: '$x AND c'\n  - id: two\n    query: >\n      $y AND\n      author:z\n"
            "  - id: two\n    query: a\n    quary: b\n  - id: a b\n    query: NOT a\n    languages: [klingonese!]\n"
            "  - query: c\n    shadow: perhaps\n  - id: three\n"),
        "topics.yaml:2:9: define.x: OR needs a clause on each side\n"
        "topics.yaml:10:7: topics[1].query: unknown field author:; the fields are title: and text: (quote the word if "
        "the colon belongs to it)\n"
        "topics.yaml:11:9: topics[2].id: the id two stands twice (first in line 7)\n"
        "topics.yaml:13:5: topics[2]: unknown key quary; did you mean query?\n"
        "topics.yaml:14:9: topics[3].id: an id is made of letters, digits, - _ and . (at most 128)\n"
        "topics.yaml:15:12: topics[3].query: nothing but NOT would match nearly everything; say first what to look "
        "for, as in a NOT b\n"
        "topics.yaml:16:16: topics[3].languages: klingonese! is no language tag; write en, es, pt-BR …\n"
        "topics.yaml:17:5: topics[4].id: must be given\n"
        "topics.yaml:18:13: topics[4].shadow: expected true or false, found perhaps\n"
        "topics.yaml:19:5: topics[5].query: must be given");
}

TEST(topics, a_missing_macro_and_a_mistake_in_a_macro_of_a_macro_are_placed) {
    EXPECT_EQ(
        errors_of("define:\n  a: $b\n  b: '(x'\ntopics:\n  - id: t\n    query: y $a $c\n"),
        "topics.yaml:3:7: define.b: this ( is never closed; add a )\n"
        "topics.yaml:6:17: topics[0].query: $c is not defined; add it under define:, or write \\$ for the character");
}

TEST(topics, a_reading_that_others_do_not_share_is_a_warning) {
    const auto rules = rules_of("topics:\n  - id: t\n    query: a AND b OR c\n");
    ASSERT_THAT(rules->warnings(), SizeIs(1));
    EXPECT_EQ(rules->warnings()[0].line, 3U);
    EXPECT_EQ(rules->warnings()[0].column, 12U);
    EXPECT_THAT(rules->warnings()[0].message, HasSubstr("add parentheses"));
}

TEST(topics, a_version_changes_with_meaning_and_not_with_layout) {
    const auto version = [](const std::string& rest) {
        return rules_of("topics:\n  - id: t\n    " + rest + "\n")->rules().front().version;
    };
    const std::string plain = version("query: a AND (b OR c)");
    EXPECT_EQ(plain.size(), 16U);
    EXPECT_EQ(version("query: '  a   ((b  OR c))'"), plain);
    EXPECT_NE(version("query: a AND (b OR d)"), plain);
    EXPECT_NE(version("query: a AND (b OR c)\n    severity: low"), plain);
    EXPECT_NE(version("query: a AND (b OR c)\n    shadow: true"), plain);
    EXPECT_NE(version("query: a AND (b OR c)\n    languages: [en]"), plain);
    EXPECT_NE(version("query: a AND (b OR c)\n    notify: [x]"), plain);
    EXPECT_EQ(rules_of("define: {x: b OR c}\ntopics:\n  - id: t\n    query: a $x\n")->rules().front().version, plain);
}

TEST(topics, a_file_without_topics_is_a_rule_set_that_matches_nothing) {
    EXPECT_THAT(matches(*rules_of(""), "a", "b"), IsEmpty());
    EXPECT_THAT(matches(*rules_of("topics: []\n"), "a", "b"), IsEmpty());
}

class reload : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "feedwatch-topics-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string write(const char* name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return (folder_ / name).string();
    }
    std::filesystem::path folder_;
};

TEST_F(reload, a_changed_file_is_swapped_in_whole) {
    const std::string file = write("t.yaml", "topics:\n  - {id: t, query: ice}\n");
    auto first = load_rules({file});
    ASSERT_TRUE(first) << first.error().detail;
    rules_source source(*first);
    write("t.yaml", "topics:\n  - {id: t, query: raid}\n  - {id: u, query: border}\n");
    ASSERT_TRUE(source.reload({file}));
    EXPECT_THAT(source.current()->rules(), SizeIs(2));
    EXPECT_THAT((*first)->rules(), SizeIs(1));  // for who still holds it
}

TEST_F(reload, a_file_with_a_mistake_is_refused_whole_while_the_old_rules_go_on) {
    const std::string file = write("t.yaml", "topics:\n  - {id: t, query: ice}\n");
    rules_source source(*load_rules({file}));
    const auto before = source.current();
    write("t.yaml", "topics:\n  - {id: t, query: ice}\n  - {id: u, query: '(raid'}\n");
    const auto refused = source.reload({file});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_config);
    EXPECT_EQ(refused.error().detail, file + ":3:21: topics[1].query: this ( is never closed; add a )");
    EXPECT_EQ(source.current(), before);
}

TEST_F(reload, several_files_are_one_set_and_ids_are_unique_over_all) {
    const std::string a = write("a.yaml", "define: {x: ice}\ntopics:\n  - {id: a, query: $x}\n");
    const std::string b = write("b.yaml", "topics:\n  - {id: b, query: raid}\n");
    const auto both = load_rules({a, b});
    ASSERT_TRUE(both) << both.error().detail;
    EXPECT_THAT(matches(**both, "ice raid", ""), SizeIs(2));
    const std::string c = write("c.yaml", "topics:\n  - {id: a, query: $x}\n");
    const auto refused = load_rules({a, c, (folder_ / "none.yaml").string()});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("$x is not defined"));
    EXPECT_THAT(refused.error().detail, HasSubstr("none.yaml: the file cannot be read"));
}

}  // namespace
}  // namespace feedwatch
