#include "processors/dedup/story_index.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using kind = decision::kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr timestamp hour(int n) {
    return timestamp{std::chrono::days{20000}} + std::chrono::hours{n};
}

class StoryIndex : public ::testing::Test {
  protected:
    decision decide(const sample& s) { return index_.decide(to_item(s)); }
    story_index index_{{}};
};

TEST_F(StoryIndex, TheFirstItemStartsAStoryThatHasItsId) {
    const decision d = decide({.id = "a", .title = "T", .text = prose(1, 100)});
    EXPECT_EQ(d.what, kind::new_story);
    EXPECT_EQ(d.story, story_id{"a"});
    EXPECT_EQ(d.revision, 1U);
}

TEST_F(StoryIndex, TheSameItemAgainIsADuplicateOfItself) {
    const sample s{.id = "a", .title = "T", .text = prose(1, 100)};
    decide(s);
    const decision d = decide(s);
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_id);
    EXPECT_EQ(d.of, item_id{"a"});
    EXPECT_DOUBLE_EQ(d.similarity, 1);
}

TEST_F(StoryIndex, PunctuationAndCaseAreNoUpdate) {
    decide({.id = "a", .title = "One title", .text = "Some words here."});
    EXPECT_EQ(decide({.id = "a", .title = "One Title", .text = "some words here"}).what, kind::duplicate);
}

TEST_F(StoryIndex, ChangedTextOrTitleOfTheHeadIsAnUpdateWithTheNextRevision) {
    decide({.id = "a", .title = "T", .text = prose(1, 100)});
    const decision text = decide({.id = "a", .title = "T", .text = prose(1, 110)});
    EXPECT_EQ(text.what, kind::update);
    EXPECT_EQ(text.revision, 2U);
    const decision title = decide({.id = "a", .title = "Another", .text = prose(1, 110)});
    EXPECT_EQ(title.what, kind::update);
    EXPECT_EQ(title.revision, 3U);
    EXPECT_EQ(title.story, story_id{"a"});
}

TEST_F(StoryIndex, AnUpdateSaysWhatChangedAndHowMuch) {
    const std::string text = prose(1, 100);
    EXPECT_FALSE(decide({.id = "a", .title = "T", .text = text}).changed);
    const auto title = decide({.id = "a", .title = "Another", .text = text}).changed;
    EXPECT_EQ(title, (change{.title = true, .text = false, .similarity = 1, .words_before = 100, .words = 100}));
    const auto longer = decide({.id = "a", .title = "Another", .text = prose(1, 125)}).changed;
    ASSERT_TRUE(longer);
    EXPECT_FALSE(longer->title);
    EXPECT_TRUE(longer->text);
    EXPECT_NEAR(longer->similarity, 0.8, 0.03);  // 98 of 123 sequences of three words
    EXPECT_EQ(longer->words_before, 100U);
    EXPECT_EQ(longer->words, 125U);
    const auto other = decide({.id = "a", .title = "Another", .text = prose(2, 125)}).changed;
    ASSERT_TRUE(other);
    EXPECT_NEAR(other->similarity, 0, 0.03);
}

TEST_F(StoryIndex, AChangedCopyIsStillADuplicate) {
    decide({.id = "a", .title = "T", .text = prose(1, 100), .publisher = "p"});
    decide({.id = "b", .title = "T", .text = prose(1, 100), .publisher = "q"});
    const decision d = decide({.id = "b", .title = "T", .text = edited(prose(1, 100), 1, 5), .publisher = "q"});
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_id);
    EXPECT_EQ(d.of, item_id{"a"});
    EXPECT_LT(d.similarity, 1);
    EXPECT_GT(d.similarity, 0.5);
}

TEST_F(StoryIndex, OneCanonicalUrlInTwoFeedsIsOneStory) {
    const std::string text = prose(1, 100);
    decide({.id = "a",
            .title = "T",
            .text = text,
            .publisher = "p",
            .feed = "1",
            .url = "https://p.example/x?utm_source=a"});
    const decision d = decide({.id = "b",
                               .title = "T2",
                               .text = edited(text, 1, 4),
                               .publisher = "p",
                               .feed = "2",
                               .url = "https://P.example/x"});
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_url);
}

TEST_F(StoryIndex, ATeaserUnderTheSameUrlFromAnotherSourceIsACopy) {
    decide(
        {.id = "a", .title = "T", .text = prose(1, 100), .publisher = "p", .feed = "1", .url = "https://p.example/x"});
    const decision d = decide(
        {.id = "b", .title = "Look", .text = "Read this", .publisher = "q", .feed = "2", .url = "https://p.example/x"});
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_url);
}

TEST_F(StoryIndex, ItemsOfAFeedThatHaveOneLinkAreNotJoined) {
    for (int i = 0; i < 40; ++i) {
        const std::string n = std::to_string(i);
        const decision d = decide({.id = n,
                                   .title = "Notice " + n,
                                   .text = prose(static_cast<std::uint64_t>(i), i % 2 == 0 ? 60 : 10),
                                   .publisher = "p",
                                   .feed = "1",
                                   .url = "https://p.example/news"});
        ASSERT_EQ(d.what, kind::new_story) << n;
    }
}

TEST_F(StoryIndex, AFeedThatReissuesItsItemUnderAnotherIdUpdatesTheStory) {
    const std::string text = prose(1, 100);
    decide({.id = "a", .title = "T", .text = text, .publisher = "p", .feed = "1", .url = "https://p.example/x"});
    const decision first = decide({.id = "b",
                                   .title = "T",
                                   .text = edited(text, 1, 5),
                                   .publisher = "p",
                                   .feed = "1",
                                   .url = "https://p.example/x"});
    EXPECT_EQ(first.what, kind::update);
    EXPECT_EQ(first.story, story_id{"a"});
    EXPECT_EQ(first.revision, 2U);
    const decision second = decide({.id = "b",
                                    .title = "T",
                                    .text = edited(text, 2, 5),
                                    .publisher = "p",
                                    .feed = "1",
                                    .url = "https://p.example/x"});
    EXPECT_EQ(second.what, kind::update);
    EXPECT_EQ(second.revision, 3U);
}

TEST_F(StoryIndex, EqualTextsOfTwoPublishersAreOneStoryWhateverTheTitle) {
    decide({.id = "a", .title = "One headline", .text = prose(1, 20), .publisher = "p"});
    const decision d = decide({.id = "b", .title = "Quite another", .text = prose(1, 20), .publisher = "q"});
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_text);
    EXPECT_EQ(d.of, item_id{"a"});
}

TEST_F(StoryIndex, ShortEqualTextsNeedTheSameTitle) {
    decide({.id = "a", .title = "Results", .text = prose(1, 10), .publisher = "p"});
    EXPECT_EQ(decide({.id = "b", .title = "Other", .text = prose(1, 10), .publisher = "q"}).what, kind::new_story);
    EXPECT_EQ(decide({.id = "c", .title = "Results", .text = prose(1, 10), .publisher = "r"}).what, kind::duplicate);
}

TEST_F(StoryIndex, TitlesAloneJoinNothing) {
    decide({.id = "a", .title = "The same rather long headline of two papers in town", .publisher = "p"});
    EXPECT_EQ(
        decide({.id = "b", .title = "The same rather long headline of two papers in town", .publisher = "q"}).what,
        kind::new_story);
}

TEST_F(StoryIndex, ALightlyEditedCopyOfAnotherPublisherIsNear) {
    decide({.id = "a", .text = prose(1, 300), .publisher = "p"});
    const decision d = decide({.id = "b", .text = edited(prose(1, 300), 1, 8), .publisher = "q"});
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::near);
    EXPECT_EQ(d.story, story_id{"a"});
}

TEST_F(StoryIndex, LikenessInsideOnePublisherProvesNothing) {
    decide({.id = "a", .text = prose(1, 300), .publisher = "p"});
    EXPECT_EQ(decide({.id = "b", .text = edited(prose(1, 300), 1, 3), .publisher = "p"}).what, kind::new_story);
}

TEST_F(StoryIndex, AnExcerptJoinsWhicheverCameFirst) {
    const std::string whole = prose(1, 500);
    const std::string beginning = whole.substr(0, 450);
    decide({.id = "a", .text = whole, .publisher = "p"});
    EXPECT_EQ(decide({.id = "b", .text = beginning, .publisher = "q"}).how, likeness::excerpt);

    story_index reversed{{}};
    reversed.decide(to_item({.id = "b", .text = beginning, .publisher = "q"}));
    const decision d = reversed.decide(to_item({.id = "a", .text = whole, .publisher = "p"}));
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::excerpt);
    EXPECT_EQ(d.story, story_id{"b"});
    // The whole is remembered too: an excerpt from elsewhere in it belongs to the story.
    const decision end = reversed.decide(to_item({.id = "c", .text = whole.substr(1500, 500), .publisher = "r"}));
    EXPECT_EQ(end.what, kind::duplicate);
    EXPECT_EQ(end.story, story_id{"b"});
}

TEST_F(StoryIndex, LagIsMeasuredFromTheHeadByWhenItemsWereObserved) {
    decide({.id = "a", .text = prose(1, 100), .publisher = "p", .observed = hour(1)});
    decide({.id = "b", .text = prose(1, 100), .publisher = "q", .observed = hour(2)});
    EXPECT_DOUBLE_EQ(decide({.id = "c", .text = prose(1, 100), .publisher = "r", .observed = hour(4)}).lag_seconds,
                     3 * 3600.0);
    // One that was observed before the head but came later is not ahead of it.
    EXPECT_DOUBLE_EQ(decide({.id = "d", .text = prose(1, 100), .publisher = "s", .observed = hour(0)}).lag_seconds, 0);
}

TEST_F(StoryIndex, WhatWasNotSeenForTheWindowIsForgotten) {
    index_ = story_index({.window = std::chrono::days{30}, .bytes_max = 1U << 30U});
    decide({.id = "a", .text = prose(1, 100), .publisher = "p", .observed = hour(0)});
    decide({.id = "x", .text = prose(2, 100), .publisher = "p", .observed = hour(30 * 24)});
    EXPECT_THAT(index_.forgotten(), IsEmpty());
    decide({.id = "y", .text = prose(3, 100), .publisher = "p", .observed = hour(30 * 24 + 1)});
    EXPECT_THAT(index_.forgotten(), ElementsAre("a"));
    EXPECT_EQ(decide({.id = "b", .text = prose(1, 100), .publisher = "q", .observed = hour(30 * 24 + 2)}).what,
              kind::new_story);
}

TEST_F(StoryIndex, CopiesKeepTheirStoryAlive) {
    for (int day = 0; day <= 100; day += 20) {
        const std::string n = std::to_string(day);
        const decision d = decide({.id = n, .text = prose(1, 100), .publisher = n, .observed = hour(day * 24)});
        EXPECT_EQ(d.story, story_id{"0"});
        EXPECT_EQ(d.what, day == 0 ? kind::new_story : kind::duplicate) << day;
    }
}

TEST_F(StoryIndex, PastTheBudgetThoseSeenLongestAgoAreForgottenAndCounted) {
    story_index small({.window = std::chrono::days{30}, .bytes_max = 5'500});
    std::size_t evicted = 0;
    std::size_t forgotten = 0;
    for (int i = 0; i < 50; ++i) {
        small.decide(
            to_item({.id = std::to_string(i), .text = prose(static_cast<std::uint64_t>(i), 200), .observed = hour(i)}));
        EXPECT_LE(small.bytes(), 5'500U);
        evicted += small.evicted();
        forgotten += small.forgotten().size();
    }
    EXPECT_GT(evicted, 30U);
    EXPECT_EQ(evicted, forgotten);
    EXPECT_EQ(small.size() + evicted, 50U);
    EXPECT_EQ(small.decide(to_item({.id = "0", .text = prose(0, 200), .observed = hour(60)})).what, kind::new_story);
}

TEST_F(StoryIndex, PastTheMostDocumentsThoseSeenLongestAgoAreForgottenAndCounted) {
    story_index small({.documents_max = 10});
    std::size_t evicted = 0;
    for (int i = 0; i < 50; ++i) {
        small.decide(
            to_item({.id = std::to_string(i), .text = prose(static_cast<std::uint64_t>(i), 200), .observed = hour(i)}));
        EXPECT_LE(small.size(), 10U);
        evicted += small.evicted();
    }
    EXPECT_EQ(evicted, 40U);
    EXPECT_EQ(small.decide(to_item({.id = "49", .text = prose(49, 200), .observed = hour(60)})).what, kind::duplicate);
    EXPECT_EQ(small.decide(to_item({.id = "0", .text = prose(0, 200), .observed = hour(60)})).what, kind::new_story);
}

TEST_F(StoryIndex, PlantedCopiesAreFoundAndNothingElseIsJoined) {
    constexpr int stories = 500;
    int found = 0;
    int copies = 0;
    for (int i = 0; i < stories; ++i) {
        const auto seed = static_cast<std::uint64_t>(i);
        const std::string n = std::to_string(i);
        ASSERT_EQ(decide({.id = n, .text = prose(seed, 300), .publisher = "p"}).what, kind::new_story);
        for (const int percent : {2, 6, 10}) {
            ++copies;
            const decision d = decide({.id = n + "/" + std::to_string(percent),
                                       .text = edited(prose(seed, 300), seed, percent),
                                       .publisher = "q" + std::to_string(percent)});
            if (d.what != kind::duplicate) continue;
            EXPECT_EQ(d.story, story_id{n});
            ++found;
        }
    }
    EXPECT_GE(found, copies * 98 / 100);
    RecordProperty("found", found);
}

TEST_F(StoryIndex, HtmlStandsInForMissingText) {
    item a = to_item({.id = "a", .publisher = "p"});
    a.content_html = "<p>" + prose(1, 50) + "</p><script>var x = 1;</script>";
    index_.decide(a);
    EXPECT_EQ(decide({.id = "b", .text = prose(1, 50), .publisher = "q"}).how, likeness::same_text);
}

TEST(a_family_of_publishers, counts_as_one_source) {
    auto families = std::make_shared<publisher_families>();
    ASSERT_FALSE(families->add("Valley", "valley.example"));
    ASSERT_FALSE(families->add("Valley", "hill.example"));
    const std::string text = prose(1, 200);
    const auto decided = [&](const std::string& publisher, std::shared_ptr<const publisher_families> with) {
        story_index index({.families = std::move(with)});
        static_cast<void>(
            index.decide(to_item({.id = "a", .title = "T", .text = text, .publisher = "valley.example"})));
        return index.decide(to_item({.id = "b", .title = "U", .text = edited(text, 2, 3), .publisher = publisher}))
            .what;
    };
    // Inside one source, likeness alone proves nothing.
    EXPECT_EQ(decided("hill.example", nullptr), decision::kind::duplicate);
    EXPECT_EQ(decided("hill.example", families), decision::kind::new_story);
    EXPECT_EQ(decided("www.hill.example", families), decision::kind::new_story);
    EXPECT_EQ(decided("river.example", families), decision::kind::duplicate);
}
TEST(a_family_of_publishers, that_was_added_since_holds_for_what_was_remembered) {
    auto families = std::make_shared<publisher_families>();
    ASSERT_FALSE(families->add("Valley", "valley.example"));
    ASSERT_FALSE(families->add("Valley", "hill.example"));
    const std::string text = prose(1, 200);
    story_index before({});
    static_cast<void>(before.decide(to_item({.id = "a", .title = "T", .text = text, .publisher = "valley.example"})));
    story_index after({.families = families});
    for (const slot s : before.remembered()) ASSERT_TRUE(after.restore(before.record_of(s)));
    EXPECT_EQ(
        after.decide(to_item({.id = "b", .title = "U", .text = edited(text, 2, 3), .publisher = "hill.example"})).what,
        decision::kind::new_story);
}

// As a version that hashes words another way left it in the changelog.
TEST(StoryIndexOfOtherHashes, KnownItemsAreNoUpdatesAndTheirWordsAreLearntAnew) {
    const sample old{.id = "a", .title = "T", .text = prose(1, 200), .publisher = "hill.example"};
    story_index before({});
    static_cast<void>(before.decide(to_item(old)));
    seen record = before.record_of(before.remembered().at(0));
    EXPECT_EQ(record.hashes, hashes_now);
    record.hashes = hashes_now - 1;
    story_index after({});
    ASSERT_TRUE(after.restore(record));
    const sample copy{.id = "b", .title = "U", .text = edited(old.text, 2, 3), .publisher = "valley.example"};
    story_index unlearnt({});
    ASSERT_TRUE(unlearnt.restore(record));
    EXPECT_EQ(unlearnt.decide(to_item(copy)).what, kind::new_story);

    const decision d = after.decide(to_item(old));
    EXPECT_EQ(d.what, kind::duplicate);
    EXPECT_EQ(d.how, likeness::same_id);
    EXPECT_EQ(d.story, story_id{"a"});
    ASSERT_EQ(after.remembered().size(), 1U);
    EXPECT_EQ(after.record_of(after.remembered()[0]), before.record_of(before.remembered()[0]));
    EXPECT_EQ(after.decide(to_item(copy)).story, story_id{"a"});
    EXPECT_EQ(after.decide(to_item({.id = "a", .title = "T", .text = prose(2, 200)})).what, kind::update);
}

}  // namespace
}  // namespace feedwatch::dedup
