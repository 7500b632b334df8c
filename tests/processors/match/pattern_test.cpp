#include "processors/match/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedwatch::match_query {
namespace {

TEST(pattern, star_is_any_characters_and_question_mark_is_one) {
    EXPECT_TRUE(matches_pattern("raid*", "raid"));
    EXPECT_TRUE(matches_pattern("raid*", "raiders"));
    EXPECT_FALSE(matches_pattern("raid*", "braid"));
    EXPECT_TRUE(matches_pattern("*raid", "braid"));
    EXPECT_TRUE(matches_pattern("*mig*ion", "immigration"));
    EXPECT_TRUE(matches_pattern("a*b*c", "aXbXbXc"));
    EXPECT_TRUE(matches_pattern("r?id", "raid"));
    EXPECT_FALSE(matches_pattern("r?id", "rid"));
    EXPECT_TRUE(matches_pattern("?id", "éid"));
    EXPECT_FALSE(matches_pattern("raid?", "raid"));
    EXPECT_TRUE(matches_pattern("ab", "ab"));
    EXPECT_FALSE(matches_pattern("ab", "abc"));
    EXPECT_FALSE(matches_pattern("", "a"));
}

TEST(pattern, catastrophic_patterns_cost_no_more_than_length_times_length) {
    std::string pattern;
    for (int i = 0; i < 1000; ++i) pattern += "*a";
    EXPECT_FALSE(matches_pattern(pattern + "b", std::string(pattern_word_bytes_max, 'a')));
}

TEST(pattern, a_run_of_data_is_no_word) {
    EXPECT_FALSE(matches_pattern("a*", std::string(pattern_word_bytes_max + 1, 'a')));
    EXPECT_TRUE(matches_pattern("a*", std::string(pattern_word_bytes_max, 'a')));
}

}  // namespace
}  // namespace feedwatch::match_query
