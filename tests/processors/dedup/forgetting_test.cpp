#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using kind = decision::kind;
using by = forget_request::by;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr timestamp hour(int n) {
    return timestamp{std::chrono::days{20000}} + std::chrono::hours{n};
}

forget_request url(const std::string& url) {
    return {by::url, {}, hash64(canonical_url(url))};
}

class Forgetting : public ::testing::Test {
  protected:
    decision decide(const sample& s) { return index_.decide(to_item(s)); }
    kind what(const sample& s) { return decide(s).what; }
    std::string take_down(const forget_request& r, timestamp asked = hour(0)) {
        const auto story = index_.take_down(r, {}, asked);
        return story ? *story : story.error().detail;
    }
    // "a", the same text by another publisher, and a piece that has nothing to do with them.
    void publish() {
        EXPECT_EQ(what(a_), kind::new_story);
        EXPECT_EQ(decide(copy_).story, story_id{"a"});
        EXPECT_EQ(what(other_), kind::new_story);
    }
    [[nodiscard]] story_index restarted() const {
        story_index fresh{options_};
        for (const auto& [key, s] : seen_) EXPECT_TRUE(key[0] == 'i' ? fresh.restore(s) : fresh.restore_marker(s));
        return fresh;
    }
    // What the changelog holds, compacted.
    void keep_changes() {
        for (const std::string& id : index_.forgotten()) seen_.erase("id:" + id);
        for (const std::string& id : index_.unmarked()) seen_.erase("forgotten:" + id);
        for (const std::string& id : index_.marked()) seen_["forgotten:" + id] = index_.marker_of(id);
        for (const slot s : index_.remembered()) {
            const seen record = index_.record_of(s);
            seen_["id:" + record.item.str()] = record;
        }
    }

    const sample a_{"a", "A title", prose(1, 100), "p", "f", "https://p.example/1", hour(0)};
    const sample copy_{"b", "A headline of theirs", prose(1, 100), "q", "g", "https://q.example/9", hour(1)};
    const sample other_{"c", "Another", prose(2, 100), "p", "f", "https://p.example/2", hour(1)};
    index_options options_;
    story_index index_{options_};
    std::map<std::string, seen> seen_;
};

TEST_F(Forgetting, DropsEveryMemberOfTheStoryAndLeavesMarkers) {
    publish();
    EXPECT_EQ(take_down({by::story, "a", 0}), "a");
    EXPECT_THAT(index_.forgotten(), UnorderedElementsAre("a", "b"));
    EXPECT_THAT(index_.marked(), ElementsAre("a", "b"));
    EXPECT_EQ(index_.size(), 1U);
}

TEST_F(Forgetting, TakesWhatTheHeadSaidBeforeWithIt) {
    publish();
    sample update = a_;
    for (const std::uint64_t text : {21, 22, 23}) {
        update.text = prose(text, 100);
        EXPECT_EQ(what(update), kind::update);
    }
    const std::size_t before = index_.size();
    EXPECT_GT(before, 3U) << "there are earlier versions";
    take_down({by::story, "a", 0});
    EXPECT_EQ(index_.size(), 1U);
    EXPECT_THAT(index_.forgotten(), ::testing::SizeIs(before - 1));
    EXPECT_EQ(std::set(index_.forgotten().begin(), index_.forgotten().end()).size(), before - 1) << "each once";
    for (const std::uint64_t text : {22, 23}) {
        sample copy = copy_;
        copy.id = "copy of " + std::to_string(text);
        copy.url = "https://q.example/" + std::to_string(text);
        copy.text = prose(text, 100);
        EXPECT_EQ(what(copy), kind::forgotten) << text;
    }
}

TEST_F(Forgetting, MarkersHoldHashesAndNothingOfTheWords) {
    publish();
    take_down({by::story, "a", 0});
    const seen m = index_.marker_of("a");
    EXPECT_EQ(m.item, item_id{"a"});
    EXPECT_EQ(m.story, story_id{"a"});
    EXPECT_FALSE(m.url_hash.empty());
    EXPECT_FALSE(m.text_hash.empty());
    EXPECT_THAT(m.fingerprint, IsEmpty());
    EXPECT_THAT(m.evidence, IsEmpty());
    EXPECT_THAT(m.names, IsEmpty());
    EXPECT_THAT(m.numbers, IsEmpty());
}

TEST_F(Forgetting, AMemberOrItsUrlNamesTheStory) {
    publish();
    EXPECT_EQ(take_down({by::item, "b", 0}), "a");
    EXPECT_EQ(what({"a", "Other words", prose(7, 90), "p", "f", "https://p.example/1", hour(2)}), kind::forgotten);
}

TEST_F(Forgetting, AUrlNamesTheStory) {
    publish();
    EXPECT_EQ(take_down(url("http://www.q.example/9?utm_source=feed")), "a");
    EXPECT_EQ(index_.size(), 1U);
}

TEST_F(Forgetting, TheItemItsEditAndItsCopiesStayAway) {
    publish();
    take_down({by::story, "a", 0});
    EXPECT_EQ(decide(a_).what, kind::forgotten);
    EXPECT_EQ(decide(a_).story, story_id{"a"});
    EXPECT_EQ(what({"a", "Another title", prose(3, 50), "p", "f", "https://p.example/1", hour(2)}), kind::forgotten)
        << "edited";
    EXPECT_EQ(what({"a2", "A title", prose(4, 50), "p", "f", "https://p.example/1?utm_medium=rss", hour(2)}),
              kind::forgotten)
        << "under another id";
    EXPECT_EQ(what({"d", "Whatever", prose(1, 100), "r", "h", "https://r.example/7", hour(2)}), kind::forgotten)
        << "the same text elsewhere";
    EXPECT_EQ(index_.size(), 1U);
    EXPECT_EQ(what({"c", "Another, edited", prose(2, 100), "p", "f", "https://p.example/2", hour(3)}), kind::update)
        << "the other story goes on";
    EXPECT_EQ(what({"e", "New", prose(5, 100), "p", "f", "https://p.example/3", hour(3)}), kind::new_story);
}

TEST_F(Forgetting, WhatIsHeldBackIsKnownByItsOwnIdFromThenOn) {
    publish();
    take_down({by::story, "a", 0});
    EXPECT_EQ(what({"d", "Whatever", prose(1, 100), "r", "h", "https://r.example/7", hour(2)}), kind::forgotten);
    EXPECT_THAT(index_.marked(), ElementsAre("a", "d")) << "the one that held it back is renewed";
    EXPECT_EQ(what({"d", "Whatever", prose(6, 100), "r", "h", "https://r.example/7", hour(3)}), kind::forgotten);
}

TEST_F(Forgetting, FewWordsProveNothing) {
    const sample teaser{"a", "A title", prose(1, 7), "p", "f", "", hour(0)};
    decide(teaser);
    take_down({by::story, "a", 0});
    EXPECT_EQ(what({"b", "A title", prose(1, 7), "q", "g", "", hour(1)}), kind::new_story);
    decide({"c", "Of p", prose(2, 19), "p", "f", "", hour(1)});
    take_down({by::story, "c", 0});
    EXPECT_EQ(what({"d", "Of q", prose(2, 19), "q", "g", "", hour(1)}), kind::new_story);
    decide({"e", "Of p", prose(3, 79), "p", "f", "", hour(1)});
    take_down({by::story, "e", 0});
    EXPECT_EQ(what({"e2", "A series of p", prose(3, 79), "p", "f", "", hour(1)}), kind::new_story);
    decide({"g", "Of p", prose(4, 80), "p", "f", "", hour(1)});
    take_down({by::story, "g", 0});
    EXPECT_EQ(what({"g2", "A series of p", prose(4, 80), "p", "f", "", hour(1)}), kind::forgotten);
}

// Some feeds give all of their items one link: to take one of them down must not silence the feed.
TEST_F(Forgetting, ALinkThatOtherStoriesHaveIsNotHeldAgainstAnybody) {
    decide({"a", "One", prose(1, 100), "p", "f", "https://p.example/live", hour(0)});
    decide({"b", "Two", prose(2, 100), "p", "f", "https://p.example/live", hour(0)});
    EXPECT_EQ(take_down(url("https://p.example/live")), "several stories have the URL that is to be forgotten");
    EXPECT_EQ(index_.size(), 2U);
    EXPECT_EQ(take_down({by::story, "a", 0}), "a");
    EXPECT_EQ(what({"c", "Three", prose(3, 100), "p", "f", "https://p.example/live", hour(1)}), kind::new_story);
}

TEST_F(Forgetting, ASitesFrontPageIsNoPiecesLink) {
    decide({"a", "One", prose(1, 100), "p", "f", "https://p.example/", hour(0)});
    take_down({by::story, "a", 0});
    EXPECT_EQ(what({"b", "Two", prose(2, 100), "p", "f", "http://www.p.example", hour(1)}), kind::new_story);
}

TEST_F(Forgetting, WhatIsNotRememberedIsHeldBackAllTheSame) {
    EXPECT_EQ(take_down({by::item, "x", 0}), "x");
    EXPECT_EQ(what({"x", "T", prose(1, 100), "p", "f", "", hour(1)}), kind::forgotten);
    EXPECT_EQ(take_down(url("https://p.example/7")), "") << "nobody knows which story";
    EXPECT_EQ(what({"y", "T", prose(2, 100), "p", "f", "https://p.example/7", hour(1)}), kind::forgotten);
    ASSERT_TRUE(index_.take_down({by::story, "s", 0}, {"m", "n"}, hour(1)));
    EXPECT_THAT(index_.marked(), ElementsAre("m", "n", "s"));
    EXPECT_EQ(decide({"n", "T", prose(3, 100), "p", "f", "", hour(1)}).story, story_id{"s"});
}

TEST_F(Forgetting, AskedAgainItIsTheSameStory) {
    publish();
    take_down({by::item, "b", 0});
    EXPECT_EQ(take_down({by::item, "b", 0}), "a");
    EXPECT_EQ(take_down(url(copy_.url)), "a");
    EXPECT_EQ(index_.size(), 1U);
}

TEST_F(Forgetting, AMarkerLastsForTheWindowAfterItLastHeldSomethingBack) {
    const int days = 24;
    publish();
    take_down({by::story, "a", 0}, hour(1));
    decide({"z", "Z", prose(20, 60), "z", "z", "", hour(29 * days)});
    EXPECT_EQ(what({"a", "A title", prose(1, 101), "p", "f", "https://p.example/1", hour(29 * days)}), kind::forgotten);
    EXPECT_THAT(index_.marked(), ElementsAre("a"));
    EXPECT_EQ(what({"a", "A title", prose(1, 102), "p", "f", "https://p.example/1", hour(58 * days)}), kind::forgotten);
    EXPECT_THAT(index_.unmarked(), ElementsAre("b")) << "nothing came of it";
    decide({"z", "Z", prose(21, 60), "z", "z", "", hour(58 * days + 30 * days + 1)});
    EXPECT_THAT(index_.unmarked(), ElementsAre("a"));
    EXPECT_EQ(what({"a", "A title", prose(1, 103), "p", "f", "https://p.example/1", hour(89 * days)}), kind::new_story);
}

// The changelog is all that a restart has, and documents that said how late it is are gone from it.
TEST_F(Forgetting, TheStreamsTimeIsItsClockAndARestartKnowsIt) {
    publish();
    decide({"late", "Late", prose(9, 60), "p", "f", "", hour(40 * 24)});
    take_down({by::story, "late", 0}, hour(1000 * 24));
    EXPECT_EQ(index_.marker_of("late").last_seen, hour(40 * 24));
    story_index fresh{options_};
    ASSERT_TRUE(fresh.restore_marker(index_.marker_of("late")));
    const sample old{"old", "Old", prose(10, 60), "p", "f", "", hour(0)};
    for (story_index* i : {&index_, &fresh}) {
        EXPECT_EQ(i->decide(to_item(old)).what, kind::new_story);
        EXPECT_EQ(i->decide(to_item(old)).what, kind::new_story) << "out of the window at once";
    }
    EXPECT_EQ(what({"late", "Late", prose(11, 60), "p", "f", "", hour(50 * 24)}), kind::forgotten);
    EXPECT_EQ(index_.marker_of("late").last_seen, hour(50 * 24));
}

TEST_F(Forgetting, WhereNothingHasBeenSeenTheTimeOfTheRequestCounts) {
    take_down({by::story, "a", 0}, hour(7));
    EXPECT_EQ(index_.marker_of("a").last_seen, hour(7));
}

TEST_F(Forgetting, ARestartKnowsTheMarkers) {
    for (const sample& s : {a_, copy_, other_}) {
        decide(s);
        keep_changes();
    }
    take_down({by::story, "a", 0});
    keep_changes();
    EXPECT_EQ(seen_.size(), 3U);
    story_index fresh = restarted();
    EXPECT_EQ(fresh.size(), 1U);
    EXPECT_EQ(fresh.bytes(), index_.bytes());
    const sample elsewhere{"d", "Whatever", prose(1, 100), "r", "h", "https://r.example/7", hour(2)};
    for (const sample& s : {a_, elsewhere, other_}) EXPECT_EQ(fresh.decide(to_item(s)), decide(s));
    fresh.forget_marker("a");
    fresh.forget_marker("b");
    fresh.forget_marker("d");
    EXPECT_EQ(fresh.decide(to_item(elsewhere)).what, kind::new_story);
}

TEST_F(Forgetting, ARollBackBringsTheStoryBack) {
    publish();
    const std::size_t bytes = index_.bytes();
    index_.begin_batch(1);
    take_down({by::story, "a", 0});
    index_.begin_batch(2);
    EXPECT_EQ(what({"d", "Whatever", prose(1, 100), "r", "h", "https://r.example/7", hour(2)}), kind::forgotten);
    index_.rollback_batch(2);
    index_.rollback_batch(1);
    EXPECT_EQ(index_.bytes(), bytes);
    EXPECT_EQ(index_.size(), 3U);
    EXPECT_EQ(decide({"d", "Whatever", prose(1, 100), "r", "h", "https://r.example/7", hour(2)}).story, story_id{"a"});
}

TEST_F(Forgetting, ACommitKeepsTheMarkers) {
    publish();
    index_.begin_batch(1);
    take_down({by::story, "a", 0});
    index_.begin_batch(2);
    decide({"e", "New", prose(5, 100), "p", "f", "", hour(2)});
    index_.commit_batch(1);
    index_.rollback_batch(2);
    EXPECT_EQ(what(a_), kind::forgotten);
}

TEST_F(Forgetting, MarkersCountInTheBudget) {
    publish();
    const std::size_t before = index_.bytes();
    ASSERT_TRUE(index_.take_down({by::story, "x", 0}, {}, hour(1)));
    EXPECT_GT(index_.bytes(), before);
}

TEST_F(Forgetting, PastAQuarterOfTheBudgetARequestIsRefusedAndNothingIsChanged) {
    options_.bytes_max = 64U << 10U;
    index_ = story_index{options_};
    publish();
    int taken = 0;
    while (index_.take_down({by::story, "gone-" + std::to_string(taken), 0}, {}, hour(1))) ASSERT_LT(++taken, 1000);
    EXPECT_GT(taken, 5);
    const std::size_t bytes = index_.bytes();
    const auto refused = index_.take_down({by::story, "a", 0}, {}, hour(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::too_large);
    EXPECT_THAT(index_.forgotten(), IsEmpty());
    EXPECT_THAT(index_.marked(), IsEmpty());
    EXPECT_EQ(index_.bytes(), bytes);
    EXPECT_EQ(index_.size(), 3U);
    EXPECT_EQ(what({"gone-0", "T", prose(30, 90), "p", "f", "", hour(1)}), kind::forgotten) << "those before hold";
}

TEST_F(Forgetting, PastAQuarterOfTheBudgetWhatIsHeldBackGetsNoMarkerOfItsOwn) {
    options_.bytes_max = 64U << 10U;
    index_ = story_index{options_};
    publish();
    take_down({by::story, "a", 0});
    while (index_.take_down({by::story, "gone-" + std::to_string(index_.bytes()), 0}, {}, hour(1))) {
    }
    const std::size_t bytes = index_.bytes();
    EXPECT_EQ(what({"a-very-long-id-so-that-it-does-not-fit-where-the-others-did-not", "W", prose(1, 100), "r", "h", "",
                    hour(2)}),
              kind::forgotten);
    EXPECT_THAT(index_.marked(), ElementsAre("a"));
    EXPECT_EQ(index_.bytes(), bytes);
}

}  // namespace
}  // namespace feedwatch::dedup
