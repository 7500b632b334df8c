// What matches what: the readings that docs/topics.md fixes, and spans.
#include "processors/match/matcher.hpp"

#include <gmock/gmock.h>

#include "tests/processors/match/support.hpp"

namespace feedwatch {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_match::finds;
using testing_match::matches;
using testing_match::rule;
using testing_match::rules_of;

TEST(matcher, words_match_by_stem_and_case_folded) {
    EXPECT_TRUE(finds("deportation", "DEPORTATIONS rise"));
    EXPECT_TRUE(finds("raids", "a raid"));
    EXPECT_FALSE(finds("raid", "braid"));
    EXPECT_FALSE(finds("raid", ""));
}

TEST(matcher, phrases_stand_together_in_order) {
    EXPECT_TRUE(finds("\"order of removal\"", "an order of removal was"));
    EXPECT_TRUE(finds("\"immigration enforcement\"", "Immigration, Enforcement"));
    EXPECT_FALSE(finds("\"immigration enforcement\"", "enforcement immigration"));
    EXPECT_FALSE(finds("\"immigration enforcement\"", "immigration law enforcement"));
    EXPECT_TRUE(finds("\"a b a c\"", "x a b a b a c"));
}

TEST(matcher, slop_is_lucenes) {
    EXPECT_FALSE(finds("\"immigration enforcement\"~1", "immigration and customs enforcement"));
    EXPECT_TRUE(finds("\"immigration enforcement\"~2", "immigration and customs enforcement"));
    EXPECT_FALSE(finds("\"b a\"~1", "a b"));  // swapping two words costs two
    EXPECT_TRUE(finds("\"b a\"~2", "a b"));
    EXPECT_TRUE(finds("\"c b a\"~4", "a b c"));
    EXPECT_FALSE(finds("\"c b a\"~3", "a b c"));
    EXPECT_FALSE(finds("\"raid raid\"~5", "one raid only"));  // one word is not two
    EXPECT_TRUE(finds("\"raid raid\"~5", "raid after raid"));
    EXPECT_FALSE(finds("\"deport* deported\"~3", "deported"));
    EXPECT_TRUE(finds("\"deport* deported\"~3", "deported deportee"));
}

TEST(matcher, near_counts_the_words_in_between_in_either_order) {
    EXPECT_TRUE(finds("a NEAR/0 b", "a b"));
    EXPECT_TRUE(finds("a NEAR/0 b", "b a"));
    EXPECT_FALSE(finds("a NEAR/0 b", "a x b"));
    EXPECT_TRUE(finds("a NEAR/2 b", "b x y a"));
    EXPECT_FALSE(finds("a NEAR/2 b", "b x y z a"));
    EXPECT_TRUE(finds("a ONEAR/2 b", "a x y b"));
    EXPECT_FALSE(finds("a ONEAR/2 b", "b x y a"));
    EXPECT_FALSE(finds("raid NEAR/5 raid", "a raid"));  // operands do not overlap
    EXPECT_TRUE(finds("\"a b\" NEAR/1 (c OR d)", "d x a b"));
    EXPECT_TRUE(finds("a NEAR/1 b NEAR/1 c", "c x a x b"));
    EXPECT_FALSE(finds("a NEAR/1 b NEAR/1 c", "a c b x x c"));
}

TEST(matcher, wildcards_match_a_word_as_written_or_its_stem) {
    EXPECT_TRUE(finds("deport*", "deportees"));
    EXPECT_TRUE(finds("*migr", "immigrants"));  // by its stem
    EXPECT_TRUE(finds("im*grants", "immigrants"));
    EXPECT_TRUE(finds("wom?n", "woman women"));
    EXPECT_FALSE(finds("wom?n", "womaan"));
    EXPECT_TRUE(finds("\"ice raid*\"", "ICE raiders"));
    EXPECT_TRUE(finds("DEPORT*", "deported"));
    EXPECT_TRUE(finds("café*", "cafeteria"));
    EXPECT_TRUE(finds("anti-immigr*", "an anti-immigrant law"));
    EXPECT_TRUE(finds("US*", "useful"));
}

TEST(matcher, exact_words_match_case_and_all_without_possessives) {
    EXPECT_TRUE(finds("=ICE", "by ICE agents"));
    EXPECT_FALSE(finds("=ICE", "on thin ice"));
    EXPECT_TRUE(finds("=ICE", "ICE's agents"));
    EXPECT_TRUE(finds("=ICE", "ICE\u2019s agents"));
    EXPECT_FALSE(finds("=deport", "deports"));
    EXPECT_FALSE(finds("=cafe", "café"));
    EXPECT_TRUE(finds("=café", "cafe\u0301"));
    EXPECT_TRUE(finds("\"=ICE agents\"", "ICE agent"));
    EXPECT_FALSE(finds("\"=ICE agents\"", "ice agent"));
}

TEST(matcher, hyphenated_words_are_phrases_of_their_parts) {
    EXPECT_TRUE(finds("immigration", "anti-immigration"));
    EXPECT_TRUE(finds("\"anti immigration\"", "anti-immigration"));
    EXPECT_TRUE(finds("anti-immigration", "anti immigration"));
    EXPECT_FALSE(finds("anti-immigration", "immigration anti"));
    EXPECT_FALSE(finds("anti-immigration", "antiimmigration"));
}

TEST(matcher, the_country_is_not_the_pronoun) {
    for (const char* q : {"US", "U.S.", "U.S"}) {
        EXPECT_TRUE(finds(q, "the U.S. said")) << q;
        EXPECT_TRUE(finds(q, "in the US, they")) << q;
        EXPECT_FALSE(finds(q, "they told us so")) << q;
    }
    EXPECT_TRUE(finds("us", "they told us so"));
    EXPECT_FALSE(finds("us", "in the US"));
    EXPECT_TRUE(finds("ICE", "I.C.E. agents"));
}

TEST(matcher, numbers_accents_quotes_and_ligatures_fold) {
    EXPECT_TRUE(finds("1750", "1,750 people"));
    EXPECT_TRUE(finds("1,750", "1750 people"));
    EXPECT_TRUE(finds("cafe", "the café"));
    EXPECT_TRUE(finds("café", "the cafe"));
    EXPECT_TRUE(finds("don't", "they don’t"));
    EXPECT_TRUE(finds("finance", "\uFB01nance"));
    EXPECT_TRUE(finds("deportacion", "la deportación", "es"));
    EXPECT_TRUE(finds("deportación", "las deportaciones", "es"));
    EXPECT_TRUE(finds("deportación", "la deportacion", "es"));
    EXPECT_TRUE(finds("\"deportacion masiva\"", "deportación masiva", "es"));
}

TEST(matcher, handles_and_tags_find_only_themselves_and_are_found_by_their_word) {
    EXPECT_TRUE(finds("handle", "by @handle"));
    EXPECT_TRUE(finds("handle", "see #handle"));
    EXPECT_TRUE(finds("@handle", "by @handle"));
    EXPECT_FALSE(finds("@handle", "the handle"));
    EXPECT_FALSE(finds("@handle", "#handle"));
    EXPECT_TRUE(finds("#deport*", "#deportations"));
    EXPECT_FALSE(finds("#deport*", "deportations"));
}

TEST(matcher, emoji_take_no_position) {
    EXPECT_TRUE(finds("\"ice raids\"", "ICE 🚨🚨 raids"));
}

TEST(matcher, cjk_words_match) {
    EXPECT_TRUE(finds("移民", "政府の移民政策", "ja"));
    EXPECT_TRUE(finds("\"移民政策\"", "政府の移民政策", "ja"));
}

TEST(matcher, fields_and_groups) {
    EXPECT_THAT(matches(*rule("title:hockey"), "Hockey tonight", "x"), SizeIs(1));
    EXPECT_THAT(matches(*rule("title:hockey"), "x", "Hockey tonight"), IsEmpty());
    EXPECT_THAT(matches(*rule("text:hockey"), "Hockey tonight", "x"), IsEmpty());
    EXPECT_THAT(matches(*rule("a AND b"), "a", "b"), SizeIs(1));     // AND may span both
    EXPECT_THAT(matches(*rule("\"a b\""), "a", "b"), IsEmpty());     // a phrase stays in one
    EXPECT_THAT(matches(*rule("a NEAR/5 b"), "a", "b"), IsEmpty());  // and so does NEAR
    EXPECT_THAT(matches(*rule("(a OR b) NOT title:hockey"), "hockey", "a"), IsEmpty());
    EXPECT_THAT(matches(*rule("(a OR b) NOT title:hockey"), "x", "a hockey"), SizeIs(1));
}

TEST(matcher, spans_say_field_bytes_words_and_clause) {
    const auto found = matches(*rule("(\"immigration enforcement\" OR raid* OR =ICE) NOT hockey"),
                               "Él dijo: ICE’s raids", "More — Immigration   Enforcement and raids.");
    ASSERT_THAT(found, SizeIs(1));
    const auto is = [](const char* field, std::uint32_t offset, const char* text, const char* clause) {
        return span{field, offset, static_cast<std::uint32_t>(std::string_view(text).size()), text, clause};
    };
    EXPECT_THAT(found[0].spans, ElementsAre(is("title", 10, "ICE", "=ICE"), is("title", 18, "raids", "raid*"),
                                            is("text", 9, "Immigration   Enforcement", "\"immigration enforcement\""),
                                            is("text", 39, "raids", "raid*")));
}

TEST(matcher, a_tag_asked_for_as_such_is_in_the_span) {
    const auto found = matches(*rule("#raid OR ice"), "", "#raid #ice");
    ASSERT_THAT(found, SizeIs(1));
    ASSERT_THAT(found[0].spans, SizeIs(2));
    EXPECT_EQ(found[0].spans[0].text, "#raid");
    EXPECT_EQ(found[0].spans[1].text, "ice");
}

TEST(matcher, the_score_grows_with_hits_and_more_for_the_title) {
    const auto score = [](const char* title, const char* text) {
        return matches(*rule("ice"), title, text).front().score;
    };
    EXPECT_DOUBLE_EQ(score("", "ice"), 0.25);
    EXPECT_DOUBLE_EQ(score("ice", ""), 0.5);
    EXPECT_GT(score("ice", "ice"), score("ice", ""));
    EXPECT_LT(score("ice ice ice ice ice ice", "ice ice ice ice"), 1);
}

TEST(matcher, spans_of_one_clause_are_bounded_and_the_score_is_not) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "ice ";
    const auto found = matches(*rule("ice"), "", text);
    EXPECT_THAT(found.front().spans, SizeIs(clause_spans_max));
    EXPECT_GT(found.front().score, 0.99);
}

TEST(matcher, settings_of_a_rule_are_copied_into_its_match) {
    const auto rules = rules_of(
        "topics:\n  - id: one\n    query: ice\n    severity: high\n    notify: [ops, desk]\n    shadow: true\n"
        "  - id: two\n    query: ice\n");
    const auto found = matches(*rules, "ice", "");
    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].topic, topic_id("one"));
    EXPECT_EQ(found[0].severity, "high");
    EXPECT_THAT(found[0].notify, ElementsAre("ops", "desk"));
    EXPECT_TRUE(found[0].shadow);
    EXPECT_EQ(found[0].version, rules->rules()[0].version);
    EXPECT_FALSE(found[1].shadow);
    EXPECT_THAT(found[1].notify, IsEmpty());
}

TEST(matcher, languages_filter_by_prefix_and_admit_what_is_unknown) {
    const auto rules = rules_of("topics:\n  - id: t\n    query: ice\n    languages: [en, pt-BR]\n");
    for (const char* l : {"en", "en-GB", "EN_us", "pt-br", ""})
        EXPECT_THAT(matches(*rules, "ice", "", l), SizeIs(1)) << l;
    for (const char* l : {"es", "pt", "pt-PT", "eng"}) EXPECT_THAT(matches(*rules, "ice", "", l), IsEmpty()) << l;
}

TEST(matcher, an_unknown_language_is_read_as_the_first_that_a_rule_names) {
    const auto spanish = rules_of("topics:\n  - id: t\n    query: deportación\n    languages: [es]\n");
    EXPECT_THAT(matches(*spanish, "deportaciones", "", ""), SizeIs(1));
    EXPECT_THAT(matches(*rule("deportation"), "deportations", "", ""), SizeIs(1));  // else English
}

TEST(matcher, one_matcher_serves_many_rule_sets_and_texts) {
    matcher one;
    std::vector<topic_match> out;
    for (int i = 0; i < 50; ++i) {
        const auto rules = rule(i % 2 == 0 ? "ice" : "\"border patrol\" OR raid*");
        one.match(*rules, {"ice", "raids", "en"}, out);
        EXPECT_THAT(out, SizeIs(1));
        one.match(*rules, {"nothing", "here", "de"}, out);
        EXPECT_THAT(out, IsEmpty());
    }
}

TEST(matcher, hostile_texts_end_quickly) {
    std::string same;
    for (int i = 0; i < 20000; ++i) same += "a ";
    EXPECT_TRUE(finds("a NEAR/1000 a NEAR/1000 a NEAR/1000 a", same));
    EXPECT_TRUE(finds("\"a a a a a a a a\"~50", same));
    EXPECT_FALSE(finds("\"a b a b a b\"~1000", same));
    std::string stars;
    for (int i = 0; i < 200; ++i) stars += "*a";
    EXPECT_FALSE(finds(stars + "b", std::string(1U << 20U, 'a')));
    EXPECT_TRUE(finds("b", std::string(3U << 20U, '\'') + " b"));
}

}  // namespace
}  // namespace feedwatch
