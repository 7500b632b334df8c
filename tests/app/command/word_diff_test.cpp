#include "app/command/word_diff.hpp"

#include <gmock/gmock.h>

#include <random>
#include <string>

namespace feedwatch::app {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class WordDiff : public testing::Test {
  protected:
    std::optional<word_diff> diff(std::string_view a, std::string_view b, const word_diff_limits& limits = {}) {
        return diff_words(words_, a, b, limits);
    }
    text::analyser words_;
};

TEST_F(WordDiff, CaseAndPunctuationAreNoDifference) {
    EXPECT_EQ(diff("The mayor, she said, Resigned.", "the mayor she said resigned"), word_diff{});
    EXPECT_EQ(diff("", ""), word_diff{});
}

TEST_F(WordDiff, NamesThePlacesWithTheirWordsAsTheyStandThere) {
    const auto d = diff("On Monday the council voted 5-4 to close the pool.",
                        "The council of Ayr voted 5-4 to shut the pool for good.");
    ASSERT_TRUE(d);
    EXPECT_THAT(d->shown, ElementsAre(word_change{"On Monday", ""}, word_change{"", "of Ayr"},
                                      word_change{"close", "shut"}, word_change{"", "for good"}));
    EXPECT_EQ(d->removed, 3U);
    EXPECT_EQ(d->added, 5U);
    EXPECT_EQ(d->places, 4U);
}

TEST_F(WordDiff, LanguagesWithoutSpacesHaveWordsToo) {
    const auto d = diff("市長は月曜日に辞任した", "市長は火曜日に辞任した");
    ASSERT_TRUE(d);
    EXPECT_EQ(d->places, 1U);
    EXPECT_LT(d->removed, 4U);
}

TEST_F(WordDiff, WhatIsMissingAtAnEndCostsNothingHoweverLong) {
    std::string more = "one two three";
    for (int i = 0; i < 5000; ++i) more += " w" + std::to_string(i);
    const auto d = diff("one two three", more);
    ASSERT_TRUE(d);
    EXPECT_EQ(d->added, 5000U);
    EXPECT_EQ(d->removed, 0U);
    ASSERT_THAT(d->shown, SizeIs(1));
    EXPECT_EQ(d->shown[0].added.size(), 80 + std::string_view("…").size());
}

TEST_F(WordDiff, TooManyEditsAreNotLookedFor) {
    const std::string a = "x a b c d y";
    const std::string b = "x e f g h y";
    EXPECT_TRUE(diff(a, b, {.edits_max = 8}));
    EXPECT_FALSE(diff(a, b, {.edits_max = 7}));
}

TEST_F(WordDiff, ShowsSoManyPlacesAndCountsTheRest) {
    const auto d = diff("a 1 b 2 c 3 d", "a 4 b 5 c 6 d", {.places_max = 2});
    ASSERT_TRUE(d);
    EXPECT_THAT(d->shown, ElementsAre(word_change{"1", "4"}, word_change{"2", "5"}));
    EXPECT_EQ(d->places, 3U);
    EXPECT_EQ(d->removed, 3U);
}

TEST_F(WordDiff, ALongPlaceIsCutBetweenCharacters) {
    const auto d = diff("a z", "a ééé z", {.shown_bytes_max = 3});
    ASSERT_TRUE(d);
    EXPECT_THAT(d->shown, ElementsAre(word_change{"", "é…"}));
}

// What is removed and added accounts for every word, and is least: no more than was edited.
TEST_F(WordDiff, FindsNoMoreThanWhatWasEdited) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::string a;
        std::string b;
        std::size_t in_a = 0;
        std::size_t in_b = 0;
        std::size_t edits = 0;
        for (int i = 0; i < 60; ++i) {
            const std::string word = "w" + std::to_string(random() % 20) + " ";
            const auto kind = random() % 10;
            if (kind != 0) a += word, ++in_a;
            if (kind != 1) b += word, ++in_b;
            edits += kind < 2 ? 1 : 0;
        }
        const auto d = diff(a, b);
        ASSERT_TRUE(d);
        EXPECT_EQ(in_a - d->removed, in_b - d->added);
        EXPECT_LE(d->removed + d->added, edits);
    }
}

}  // namespace
}  // namespace feedwatch::app
