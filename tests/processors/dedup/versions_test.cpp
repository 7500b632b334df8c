// Copies of what a story's head said before its last updates.
#include <gmock/gmock.h>

#include <string>

#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using kind = decision::kind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr timestamp day(int n) {
    return timestamp{std::chrono::days{20000 + n}};
}

class Versions : public ::testing::Test {
  protected:
    static sample head(std::uint64_t seed, timestamp at = day(0)) {
        return {.id = "a",
                .title = "T",
                .text = prose(seed, 120),
                .publisher = "p",
                .url = "https://p.example/a",
                .observed = at};
    }
    decision decide(const sample& s) { return index_.decide(to_item(s)); }
    decision copy(const std::string& id, const std::string& text, timestamp at = day(0)) {
        return decide({.id = id, .title = "Other", .text = text, .publisher = id, .observed = at});
    }
    std::vector<std::string> remembered() const {
        std::vector<std::string> ids;
        for (const slot s : index_.remembered()) ids.push_back(index_.record_of(s).item.str());
        return ids;
    }

    story_index index_{{}};
};

TEST_F(Versions, ACopyOfAnEarlierOneIsADuplicateOfTheHead) {
    decide(head(1));
    EXPECT_EQ(decide(head(2)).what, kind::update);
    const decision same = copy("b", prose(1, 120));
    EXPECT_EQ(same.what, kind::duplicate);
    EXPECT_EQ(same.how, likeness::same_text);
    EXPECT_EQ(same.story, story_id{"a"});
    EXPECT_EQ(same.of, item_id{"a"});
    EXPECT_EQ(same.revision, 2U);
    const decision near = copy("c", edited(prose(1, 120), 7, 5));
    EXPECT_EQ(near.what, kind::duplicate);
    EXPECT_EQ(near.how, likeness::near);
    EXPECT_EQ(near.of, item_id{"a"});
    EXPECT_EQ(copy("d", prose(2, 120)).of, item_id{"a"});
}

TEST_F(Versions, AreRememberedUnderTheHeadsIdOnlyWhereTheNewOneDoesNotStandForThem) {
    decide(head(1));
    sample typo = head(1);
    typo.text.replace(0, 4, "typo");
    EXPECT_EQ(decide(typo).what, kind::update);
    EXPECT_THAT(remembered(), ElementsAre("a"));
    sample longer = typo;
    longer.text += " " + prose(3, 30);
    EXPECT_EQ(decide(longer).what, kind::update);
    EXPECT_THAT(remembered(), ElementsAre("a"));
    sample title = longer;
    title.title = "Another";
    EXPECT_EQ(decide(title).what, kind::update);
    EXPECT_THAT(remembered(), ElementsAre("a"));
    longer.text += " " + prose(4, 150);
    EXPECT_EQ(decide(longer).what, kind::update);
    EXPECT_THAT(remembered(), UnorderedElementsAre("a#1", "a"));
    EXPECT_EQ(decide(head(5)).what, kind::update);
    EXPECT_THAT(remembered(), UnorderedElementsAre("a#2", "a"));
}

TEST_F(Versions, TooShortToProveACopyAreNotRemembered) {
    sample s = head(1);
    for (const int words : {19, 20}) {
        s.text = prose(1, words);
        s.id = "short" + std::to_string(words);
        s.url.clear();
        decide(s);
        s.text = prose(2, words);
        EXPECT_EQ(decide(s).what, kind::update);
        EXPECT_EQ(index_.remembered().size(), words == 20 ? 2U : 1U) << words;
    }
}

TEST_F(Versions, AreThreeAtMostTheLastOnes) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) decide(head(seed));
    EXPECT_EQ(index_.size(), 4U);
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const decision d = copy("copy" + std::to_string(seed), prose(seed, 120));
        EXPECT_EQ(d.what, seed <= 2 ? kind::new_story : kind::duplicate) << seed;
    }
}

TEST_F(Versions, AreForgottenWithTheirHead) {
    decide(head(1));
    decide(head(2, day(1)));
    decide(head(3, day(2)));
    copy("z", prose(9, 120), day(40));
    EXPECT_THAT(index_.forgotten(), UnorderedElementsAre("a", "a#1", "a#2"));
    EXPECT_EQ(index_.size(), 1U);
}

// A version may be seen last some hours after its head, and be alive when the head's time is up.
TEST_F(Versions, AreForgottenWhenTheirHeadComesBackAfterItsTime) {
    using std::chrono::hours;
    decide(head(1));
    decide(head(2));
    for (int n = 0; n < 80; ++n)
        copy("older" + std::to_string(n), prose(100 + static_cast<std::uint64_t>(n), 60), day(1));
    copy("b", prose(1, 120), day(19) + hours{12});
    decide(head(2, day(20)));
    copy("b2", prose(1, 120), day(20) + hours{14});
    EXPECT_EQ(decide(head(5, day(50) + hours{8})).what, kind::new_story);
    EXPECT_THAT(index_.forgotten(), Contains("a#1"));
    EXPECT_NE(copy("c", prose(1, 120), day(50) + hours{8}).story, story_id{"a"});
}

TEST_F(Versions, StayAliveByTheirCopies) {
    decide(head(1));
    decide(head(2));
    EXPECT_EQ(copy("b", prose(1, 120), day(20)).what, kind::duplicate);
    EXPECT_EQ(copy("c", prose(1, 120), day(40)).what, kind::duplicate);
}

TEST_F(Versions, MakeRoomForAnItemThatHasTheirName) {
    decide(head(1));
    decide(head(2));
    const decision d = copy("a#1", prose(8, 120));
    EXPECT_EQ(d.what, kind::new_story);
    EXPECT_EQ(d.story, story_id{"a#1"});
    decide(head(3));  // "a#2" is free
    EXPECT_THAT(remembered(), UnorderedElementsAre("a#2", "a"));
    EXPECT_EQ(copy("a#1", prose(8, 120)).how, likeness::same_id);
}

TEST_F(Versions, OfAnItemsNameAreNoVersions) {
    copy("a#1", prose(8, 120));
    copy("a#2", prose(8, 120));
    copy("a#3", prose(8, 120));
    decide(head(1));
    decide(head(2));
    EXPECT_THAT(remembered(), ElementsAre("a"));
    EXPECT_EQ(copy("a#1", prose(8, 120)).how, likeness::same_id);
}

TEST_F(Versions, ComeBackAfterARestart) {
    story_index after({});
    const auto carry_over = [&] {
        for (const slot s : index_.remembered()) {
            const auto record = seen_from_json(to_json(index_.record_of(s)));
            ASSERT_TRUE(record);
            ASSERT_TRUE(after.restore(*record));
        }
    };
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        decide(head(seed));
        carry_over();
    }
    EXPECT_EQ(after.size(), index_.size());
    EXPECT_EQ(after.bytes(), index_.bytes());
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const item i = to_item({.id = "copy" + std::to_string(seed), .text = prose(seed, 120), .publisher = "q"});
        EXPECT_EQ(after.decide(i), index_.decide(i)) << seed;
    }
    const item update = to_item(head(7));
    EXPECT_EQ(after.decide(update), index_.decide(update));
    EXPECT_EQ(after.bytes(), index_.bytes());
}

TEST_F(Versions, OfARolledBackBatchAreGone) {
    decide(head(1));
    const std::size_t bytes = index_.bytes();
    index_.begin_batch(1);
    decide(head(2));
    index_.rollback_batch(1);
    EXPECT_EQ(index_.size(), 1U);
    EXPECT_EQ(index_.bytes(), bytes);
    EXPECT_EQ(copy("b", prose(2, 120)).what, kind::new_story);
}

TEST_F(Versions, CountAgainstTheBudgetWhichForgetsThemWithTheirHead) {
    story_index small({.documents_max = 2});
    static_cast<void>(small.decide(to_item(head(1))));
    static_cast<void>(small.decide(to_item(head(2, day(1)))));
    EXPECT_EQ(small.size(), 2U);
    static_cast<void>(small.decide(to_item({.id = "z", .text = prose(9, 120), .observed = day(2)})));
    EXPECT_THAT(small.forgotten(), Contains("a#1"));
    EXPECT_EQ(small.evicted(), small.forgotten().size());
    EXPECT_LE(small.size(), 2U);
}

}  // namespace
}  // namespace feedwatch::dedup
