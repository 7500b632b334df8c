// The language: what parses to what, and what is refused in which words.
#include "processors/match/query.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>

namespace feedwatch::match_query {
namespace {

using ::testing::HasSubstr;

std::string canonical(std::string_view query) {
    const parsed p = parse(query);
    if (p.root) return to_text(*p.root);
    std::string out = "refused";
    for (const mistake& m : p.mistakes) out += " " + std::to_string(m.offset) + ": " + m.message;
    return out;
}

struct reading {
    const char* query;
    const char* canonical;
};

TEST(query, operators_bind_as_documented) {
    for (const reading& r : std::initializer_list<reading>{
             {"a", "a"},
             {"a b", "a AND b"},
             {"a AND b", "a AND b"},
             {"a && b", "a AND b"},
             {"a OR b", "a OR b"},
             {"a || b", "a OR b"},
             {"a OR b AND c", "a OR (b AND c)"},
             {"a AND b OR c", "(a AND b) OR c"},
             {"a b OR c d", "(a AND b) OR (c AND d)"},
             {"(a OR b) AND c", "(a OR b) AND c"},
             {"a NOT b", "a AND NOT b"},
             {"a AND NOT b", "a AND NOT b"},
             {"NOT b a", "NOT b AND a"},
             {"a -b", "a AND NOT b"},
             {"a !b", "a AND NOT b"},
             {"+a +b", "a AND b"},
             {"+a -b", "a AND NOT b"},
             {"NOT b OR c a", "refused"},
             {"a NOT b OR c", "(a AND NOT b) OR c"},
             {"a NOT (b OR c)", "a AND NOT (b OR c)"},
             {"a and b", "a AND and AND b"},
             {"((a))", "a"},
             {"a (b (c d))", "a AND b AND c AND d"},
             {"a OR (b OR (c OR d))", "a OR b OR c OR d"},
             {"\"a b\"", "\"a b\""},
             {"\"a b\"~2", "\"a b\"~2"},
             {"\xE2\x80\x9C"
              "a b\xE2\x80\x9D",
              "\"a b\""},
             {"\"a\"", "a"},
             {"\"a & b\"", "\"a b\""},
             {"=\"ICE raids\"", "\"=ICE =raids\""},
             {"\"=ICE raid*\"", "\"=ICE raid*\""},
             {"title:a", "title:a"},
             {"title:(a OR b)", "title:a OR title:b"},
             {"title:(a text:b)", "title:a AND text:b"},
             {"title:\"a b\"~1", "title:\"a b\"~1"},
             {"title: a", "title:a"},
             {"a NOT title:b", "a AND NOT title:b"},
             {"10:30", "10\\:30"},
             {"a NEAR/3 b", "a NEAR/3 b"},
             {"a ONEAR/3 b", "a ONEAR/3 b"},
             {"a NEAR/3 b NEAR/2 c", "(a NEAR/3 b) NEAR/2 c"},
             {"a b NEAR/3 c d", "a AND (b NEAR/3 c) AND d"},
             {"a NEAR/3 (b OR \"c d\")", "a NEAR/3 (b OR \"c d\")"},
             {"NOT a NEAR/2 b c", "NOT (a NEAR/2 b) AND c"},
             {"#tag @you", "#tag AND @you"},
             {"a\\:b \\$x", "a\\:b AND \\$x"},
             {"\\AND", "\\AND"},
             {"anti-immigration", "anti-immigration"},
         }) {
        if (std::string(r.canonical) == "refused") {
            EXPECT_THAT(canonical(r.query), HasSubstr("refused")) << r.query;
        } else {
            EXPECT_EQ(canonical(r.query), r.canonical) << r.query;
        }
    }
}

TEST(query, the_canonical_text_reads_as_itself) {
    for (const char* q : {"a AND NOT (b OR c)", "\\AND", "10\\:30", "\"=ICE raid*\"~3", "(a NEAR/3 b) ONEAR/2 title:c",
                          "title:a OR text:\"b c\"", "\\$x AND \\=y AND \\-z", "#tag AND c++"}) {
        EXPECT_EQ(canonical(q), canonical(canonical(q))) << q;
        EXPECT_THAT(canonical(q), ::testing::Not(HasSubstr("refused"))) << q;
    }
}

struct refusal {
    const char* query;
    std::size_t offset;
    const char* words;
};

TEST(query, mistakes_say_where_and_what_to_write_instead) {
    for (const refusal& r : std::initializer_list<refusal>{
             {"", 0, "the query is empty"},
             {"   ", 0, "the query is empty"},
             {"NOT a", 0, "nothing but NOT"},
             {"-a -b", 0, "nothing but NOT"},
             {"a OR NOT b", 5, "an alternative of nothing but NOT"},
             {"NOT b OR a", 0, "an alternative of nothing but NOT"},
             {"a (NOT b)", 3, "nothing but NOT"},
             {"a OR (NOT b)", 6, "nothing but NOT"},
             {"a NOT NOT b", 6, "NOT of NOT"},
             {"a OR +b", 5, "+ inside an OR"},
             {"a OR", 2, "OR needs a clause on each side"},
             {"OR a", 0, "OR needs a clause"},
             {"a AND", 2, "AND needs a clause on each side"},
             {"AND a", 0, "AND needs a clause on each side"},
             {"a AND OR b", 2, "AND needs a clause on each side"},
             {"a NOT", 2, "a clause must follow"},
             {"(a", 0, "this ( is never closed"},
             {"a)", 1, "closes nothing"},
             {"a ()", 2, "empty parentheses"},
             {"\"a b", 0, "this phrase has no end"},
             {"a \"\"", 2, "an empty phrase"},
             {"\"a b\"~x", 6, "the slop of a phrase is written as a number"},
             {"\"a b\"~5000", 6, "at most 1000 words"},
             {"*", 0, "* alone would match every word"},
             {"a ??", 2, "?? alone"},
             {"\"a *\"", 0, "* alone"},
             {"anti-*", 0, "alone would match every word"},
             {"=ICE*", 0, "either exact or has a wildcard"},
             {"a & b", 2, "holds no letter or digit"},
             {"\"& %\"", 0, "holds no letter or digit"},
             {"author:smith", 0, "unknown field author:"},
             {"title:", 0, "needs a word"},
             {"titel:a", 0, "unknown field titel:; did you mean title:?"},
             {"/re.*/", 0, "regular expressions"},
             {"[a TO b]", 0, "ranges"},
             {"a^2", 1, "boosts"},
             {"word~1", 4, "fuzzy"},
             {"a NEAR b", 2, "NEAR needs the number of words"},
             {"a NEAR/ b", 7, "NEAR needs the number"},
             {"NEAR/2 b", 0, "NEAR needs a clause on each side"},
             {"a NEAR/2", 2, "NEAR needs a clause on each side"},
             {"a NEAR/2 (b c)", 2, "NEAR takes words"},
             {"$none", 0, "$none is not defined"},
             {"$ a", 0, "$ must be followed by the name"},
             {"a - b", 2, "a lone -"},
             {"a\\", 1, "escapes nothing"},
         }) {
        const parsed p = parse(r.query);
        ASSERT_FALSE(p.mistakes.empty()) << r.query;
        EXPECT_FALSE(p.root) << r.query;
        EXPECT_THAT(p.mistakes.front().message, HasSubstr(r.words)) << r.query;
        EXPECT_EQ(p.mistakes.front().offset, r.offset) << r.query;
    }
}

TEST(query, several_mistakes_come_at_once) {
    const parsed p = parse("a^2 AND author:x AND *");
    EXPECT_EQ(p.mistakes.size(), 3U);
}

TEST(query, mixing_and_with_or_without_parentheses_is_a_warning) {
    EXPECT_EQ(parse("a AND b OR c").warnings.size(), 1U);
    EXPECT_EQ(parse("a b OR c").warnings.size(), 1U);
    EXPECT_TRUE(parse("(a AND b) OR c").warnings.empty());
    EXPECT_TRUE(parse("a OR b OR c").warnings.empty());
}

macro_source from(std::map<std::string, std::string> macros) {
    return [macros = std::move(macros)](std::string_view name) -> std::optional<std::string> {
        const auto found = macros.find(std::string(name));
        if (found == macros.end()) return std::nullopt;
        return found->second;
    };
}

TEST(query, macros_stand_for_their_content_as_a_group) {
    const auto macros = from({{"x", "b OR c"}, {"y", "$x NOT d"}, {"p", "\"e f\""}});
    EXPECT_EQ(to_text(*parse("a $x", macros).root), "a AND (b OR c)");
    EXPECT_EQ(to_text(*parse("a $y", macros).root), "a AND (b OR c) AND NOT d");
    EXPECT_EQ(to_text(*parse("title:$x", macros).root), "title:b OR title:c");
    EXPECT_EQ(to_text(*parse("a NEAR/2 $p", macros).root), "a NEAR/2 \"e f\"");
    EXPECT_EQ(to_text(*parse("($x)", macros).root), "b OR c");
}

TEST(query, a_macro_that_contains_itself_is_refused) {
    const auto macros = from({{"x", "a OR $y"}, {"y", "b OR $x"}});
    EXPECT_THAT(parse("$x", macros).mistakes.front().message, HasSubstr("contains itself"));
}

TEST(query, hostile_queries_end_quickly_with_a_reason) {
    const auto refused = [](const std::string& q, const macro_source& macros = {}) {
        const parsed p = parse(q, macros);
        return p.mistakes.empty() ? std::string("accepted") : p.mistakes.front().message;
    };
    EXPECT_THAT(refused(std::string(100000, '(')), HasSubstr("nested deeper than 100"));
    EXPECT_THAT(refused(std::string(500000, '(') + "a" + std::string(500000, ')')),
                HasSubstr("more than 20000 clauses"));
    EXPECT_THAT(refused(std::string((1U << 20U) + 1, 'a')), HasSubstr("longer than 1048576 bytes"));
    EXPECT_EQ(refused(std::string(1U << 20U, 'a')), "accepted");
    std::string many;
    for (int i = 0; i < 30000; ++i) many += "a OR ";
    EXPECT_THAT(refused(many + "b"), HasSubstr("more than 20000 clauses"));
    std::string nots;
    for (int i = 0; i < 50000; ++i) nots += "NOT ";
    EXPECT_THAT(refused(nots + "b"), HasSubstr("NOT of NOT"));
    std::string chain = "a";
    for (int i = 0; i < 10000; ++i) chain += " NEAR/1 a";
    EXPECT_THAT(refused(chain), HasSubstr("a chain of more than 100 NEARs"));
    std::map<std::string, std::string> bomb{{"m0", "a b"}};
    for (int i = 1; i < 40; ++i) {
        const std::string inner = "$m" + std::to_string(i - 1);
        bomb["m" + std::to_string(i)] = inner + " " + inner;
    }
    EXPECT_THAT(refused("$m39", from(bomb)), HasSubstr("more than 20000 clauses"));
    EXPECT_THAT(refused("\"" + std::string(500000, ' ') + "a"), HasSubstr("no end"));
    std::string title;
    for (int i = 0; i < 100000; ++i) title += "title:";
    EXPECT_NE(refused(title + "a"), "accepted");
}

}  // namespace
}  // namespace feedwatch::match_query
