// What a comparison of two texts proves.
#include "processors/dedup/likeness.hpp"

#include <gtest/gtest.h>

namespace feedwatch::dedup {
namespace {

// Two news texts of one length.
comparison of(double containment, double resemblance) {
    comparison c;
    c.containment = containment;
    c.resemblance = resemblance;
    c.length_ratio = 1;
    c.sample = 128;
    c.words_shorter = 150;
    return c;
}

comparison with_facts(comparison c, std::uint32_t common, std::uint32_t of) {
    c.facts = of;
    c.facts_common = common;
    return c;
}

std::string verdict(const comparison& c) {
    const auto v = judge(c);
    return v ? std::string(name_of(v->how)) : "none";
}

TEST(Likeness, AnEditedCopyIsNearAndAShorterOneAnExcerpt) {
    EXPECT_EQ(verdict(of(0.75, 0.6)), "near");
    EXPECT_EQ(verdict(of(0.6, 0.43)), "none");
    comparison half = of(0.85, 0.4);
    half.length_ratio = 0.45;
    EXPECT_EQ(verdict(half), "excerpt");
    half.containment = 0.7;
    EXPECT_EQ(verdict(half), "none");
}

TEST(Likeness, OneFormFilledInTwiceIsTwoPieces) {
    EXPECT_EQ(verdict(with_facts(of(0.85, 0.74), 5, 10)), "none");
    EXPECT_EQ(verdict(with_facts(of(0.85, 0.74), 2, 4)), "near") << "too few to tell";
    comparison weather = with_facts(of(0.78, 0.64), 9, 12);
    weather.numbers = 0.2;
    EXPECT_EQ(verdict(weather), "none");
}

TEST(Likeness, WhatIsRewordedMustTellTheSame) {
    EXPECT_EQ(verdict(with_facts(of(0.7, 0.55), 7, 10)), "none");
    EXPECT_EQ(verdict(with_facts(of(0.7, 0.55), 8, 10)), "near");
    EXPECT_EQ(verdict(with_facts(of(0.76, 0.62), 7, 10)), "near");
    EXPECT_EQ(verdict(with_facts(of(0.7, 0.55), 2, 4)), "near") << "too few to tell";
}

TEST(Likeness, FiguresMayBeBroughtUpToDateWhereAllElseStands) {
    comparison c = with_facts(of(0.85, 0.72), 9, 12);
    c.numbers = 0.25;
    EXPECT_EQ(verdict(c), "near");
    c.length_ratio = 0.3;  // the longer one has most names of any piece on its subject
    EXPECT_EQ(verdict(with_facts(c, 6, 11)), "none");
}

TEST(Likeness, AShortenedPieceMayBeEditedWhereItTellsNothingElse) {
    comparison c = with_facts(of(0.7, 0.3), 10, 10);
    c.length_ratio = 0.4;
    c.sample = 20;
    EXPECT_EQ(verdict(c), "excerpt");
    EXPECT_EQ(verdict(with_facts(c, 9, 10)), "none") << "a name or a figure of its own";
    EXPECT_EQ(verdict(with_facts(c, 7, 7)), "none") << "too few to tell";
    c.length_ratio = 0.7;
    EXPECT_EQ(verdict(c), "none") << "as long as a piece of another newsroom";
    c.length_ratio = 0.4;
    c.sample = 9;
    EXPECT_EQ(verdict(c), "none");
    c.sample = 20;
    c.containment = 0.64;
    EXPECT_EQ(verdict(c), "none");
}

TEST(Likeness, OneBriefUnderTitlesWithOtherNumbersIsTwoPieces) {
    comparison c = of(1, 0.95);
    c.words_shorter = 30;
    EXPECT_EQ(verdict(with_facts(c, 4, 4)), "near");
    EXPECT_EQ(verdict(with_facts(c, 3, 4)), "none");
}

TEST(Likeness, HalfOfTheNumbersAreNoAgreementUnlessAllElseAgrees) {
    comparison c = with_facts(of(0.8, 0.67), 6, 9);
    c.numbers = 0.5;
    EXPECT_EQ(verdict(c), "none");
    c.numbers = 0.51;
    EXPECT_EQ(verdict(c), "near");
    c.numbers = 0.5;
    EXPECT_EQ(verdict(with_facts(c, 7, 9)), "near");
}

TEST(Likeness, ShortTextsAreProvedByTheirSampleToo) {
    comparison c = of(0.8, 0.3);
    c.length_ratio = 0.4;
    c.words_shorter = 35;
    EXPECT_EQ(verdict(c), "none");
    c.words_shorter = 45;
    EXPECT_EQ(verdict(c), "excerpt");
    c.sample = 6;
    EXPECT_EQ(verdict(c), "none");
}

}  // namespace
}  // namespace feedwatch::dedup
