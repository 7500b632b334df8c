#include "processors/dedup/fingerprint.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include "processors/dedup/document_store.hpp"
#include "processors/dedup/likeness.hpp"
#include "processors/dedup/winnowing.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

fingerprint take(std::string_view title, std::string_view text) {
    fingerprinter f;
    fingerprint out;
    f.take(title, text, out);
    return out;
}

comparison compare(const fingerprint& stored, const fingerprint& now) {
    document d{.id = "a", .story = "a"};
    d.anchors = stored.anchors;
    d.evidence = stored.evidence();
    d.names = stored.names;
    d.numbers = stored.numbers;
    d.words = stored.words;
    d.distinct = stored.distinct();
    d.indexed = true;
    document_store store;
    comparer c;
    c.load(now);
    return c.compare(store.at(store.add(d)));
}

// Of those that `a` would be found by.
std::size_t common_anchors(const fingerprint& a, const fingerprint& b) {
    const std::set<std::uint32_t> asked(b.asked.begin(), b.asked.end());
    return static_cast<std::size_t>(
        std::ranges::count_if(a.anchors, [&](std::uint32_t anchor) { return asked.contains(anchor); }));
}

TEST(Fingerprint, IgnoresCaseAndPunctuation) {
    const auto a = take("The Title", "Some words, and then more words!");
    const auto b = take("the title", "some words and then more words");
    EXPECT_EQ(a.title_hash, b.title_hash);
    EXPECT_EQ(a.text_hash, b.text_hash);
    EXPECT_THAT(a.evidence(), ElementsAreArray(b.evidence()));
}

TEST(Fingerprint, AnEmptyItemHasNone) {
    const auto f = take("", "");
    EXPECT_EQ(f.title_hash, 0U);
    EXPECT_EQ(f.text_hash, 0U);
    EXPECT_THAT(f.anchors, IsEmpty());
    EXPECT_THAT(f.evidence(), IsEmpty());
}

TEST(Fingerprint, TheOrderOfWordsMatters) {
    EXPECT_NE(take("", "man bites dog").text_hash, take("", "dog bites man").text_hash);
}

TEST(Winnowing, RunsAreWidenedAsIfEachWereLookedThrough) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::uint32_t> values(random() % 60);
        for (std::uint32_t& v : values) v = static_cast<std::uint32_t>(random() % 50) << 25U;
        for (const std::size_t first : {1U, 3U, 10U}) {
            std::vector<std::uint32_t> minima = values;
            const std::size_t asked = 1 + random() % 70;
            const std::size_t run = widen(minima, widen(minima, 1, first), asked);
            if (values.empty()) continue;
            ASSERT_EQ(run, std::min(std::max(first, asked), values.size()));
            ASSERT_EQ(minima.size(), values.size() - run + 1);
            for (std::size_t i = 0; i < minima.size(); ++i) {
                const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i);
                ASSERT_EQ(minima[i], *std::min_element(begin, begin + static_cast<std::ptrdiff_t>(run)));
            }
        }
    }
}

TEST(Fingerprint, ShinglesAndAnchorsAreDistinctAndAscendAndAmongThoseAsked) {
    const auto f = take("", prose(1, 8000));
    const auto ascends = [](const auto& v) { return std::ranges::adjacent_find(v, std::greater_equal<>{}) == v.end(); };
    EXPECT_TRUE(ascends(f.shingles));
    EXPECT_TRUE(ascends(f.anchors));
    EXPECT_GT(f.shingles.size(), 7000U);
    // Two of each run.
    EXPECT_NEAR(static_cast<double>(f.anchors.size()), 2.0 * 8000 / (anchor_window + 1), 60);
    const std::set<std::uint32_t> asked(f.asked.begin(), f.asked.end());
    EXPECT_EQ(asked.size(), f.asked.size());
    EXPECT_TRUE(std::ranges::includes(asked, f.anchors));
}

TEST(Fingerprint, ARunOfTheWindowSharesAnAnchorWhateverSurroundsIt) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const std::string shared = prose(seed, static_cast<int>(anchor_window + shingle_words - 1));
        const auto a = take("", prose(seed + 1000, 100) + shared + prose(seed + 2000, 50));
        const auto b = take("", prose(seed + 3000, 7) + shared + prose(seed + 4000, 200));
        ASSERT_GE(common_anchors(a, b), 1U) << "seed " << seed;
    }
}

TEST(Fingerprint, AShortPartOfATextSharesAnAnchorWithItWhicheverIsStored) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const std::string part = prose(seed, 40);
        const auto whole = take("", prose(seed + 1000, 100) + part + prose(seed + 2000, 50));
        const auto excerpt = take("", part);
        ASSERT_GE(common_anchors(whole, excerpt), 1U) << "seed " << seed;
        ASSERT_GE(common_anchors(excerpt, whole), 1U) << "seed " << seed;
    }
}

TEST(Fingerprint, ATextPastTheLimitIsJudgedByItsBeginning) {
    const std::string text = prose(1, static_cast<int>(words_max));
    const auto whole = take("", text + prose(2, 500));
    EXPECT_EQ(whole.words, words_max + 500);
    EXPECT_EQ(whole.shingles, take("", text).shingles);
    const auto beginning = take("", text);
    EXPECT_THAT(whole.evidence(), ElementsAreArray(beginning.evidence()));
    EXPECT_THAT(whole.evidence(), SizeIs(evidence_max));
}

TEST(Fingerprint, NamesAreCapitalsInsideSentences) {
    const auto f = take("", "The visitor met Angela Merkel. Nobody met Örjan there. \"Yes,\" said Кирилл.");
    EXPECT_THAT(f.names, SizeIs(4));
    EXPECT_THAT(take("", "Nobody came. \"Nothing,\" he said. (Something.)").names, IsEmpty());
}

TEST(Fingerprint, NumbersComeFromTitleAndText) {
    EXPECT_THAT(take("Won by 3", "A score of 21 to 18, and 21 again").numbers, SizeIs(3));
}

TEST(Likeness, ComparingATextWithItselfFindsAllOfIt) {
    const auto a = take("", prose(1, 300));
    const comparison c = compare(a, a);
    EXPECT_DOUBLE_EQ(c.resemblance, 1);
    EXPECT_DOUBLE_EQ(c.containment, 1);
    EXPECT_DOUBLE_EQ(c.length_ratio, 1);
}

TEST(Likeness, ContainmentIsTheSameWhicheverOfTheTwoIsStored) {
    const std::string whole = prose(3, 600);
    const auto longer = take("", whole);
    const auto shorter = take("", whole.substr(0, 700));
    const comparison one = compare(longer, shorter);
    const comparison other = compare(shorter, longer);
    EXPECT_GE(one.containment, 0.95);
    EXPECT_GE(other.containment, 0.95);
    EXPECT_NEAR(one.length_ratio, other.length_ratio, 1e-9);
    EXPECT_EQ(judge(one)->how, likeness::excerpt);
    EXPECT_EQ(judge(other)->how, likeness::excerpt);
}

TEST(Likeness, UnrelatedTextsHaveNearlyNothingInCommon) {
    const comparison c = compare(take("", prose(4, 400)), take("", prose(5, 400)));
    EXPECT_LE(c.containment, 0.05);
    EXPECT_FALSE(judge(c));
}

TEST(Likeness, FewerThanThirtySixWordsProveACopyOnlyWhereAllOfThemAreThere) {
    const auto with_one_changed = [](int words) {
        const std::string text = prose(6, words);
        return judge(compare(take("", text), take("", "Other" + text.substr(text.find(' '))))).has_value();
    };
    EXPECT_FALSE(with_one_changed(35));
    EXPECT_TRUE(with_one_changed(36));
    const auto with_credit = [](int words) {
        const std::string text = prose(6, words);
        return judge(compare(take("", text), take("", text + "(QNS)"))).has_value();
    };
    EXPECT_FALSE(with_credit(19));
    EXPECT_TRUE(with_credit(20));
    EXPECT_FALSE(judge(compare(take("", prose(6, 30)), take("", prose(6, 36))))) << "more than a credit";
}

}  // namespace
}  // namespace feedwatch::dedup
