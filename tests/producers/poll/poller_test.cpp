// What a poll publishes and what it remembers.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(poller_test, publishes_what_is_new_oldest_first_and_never_again) {
    subscribe(make_feed());
    poll_once(document(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one", "two", "three"));
    poll_once(document(rss({{"4", "four"}, {"3", "three"}, {"2", "two"}})));
    EXPECT_THAT(take_titles(), ElementsAre("four"));
    poll_once(document(rss({{"4", "four"}, {"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(checkpoint().items_known, 4u);
}
TEST_F(poller_test, an_item_carries_what_is_known_of_its_feed) {
    feed f = make_feed();
    f.tags = {"x", "y"};
    f.url = "https://user:hunter2@www.news.example.co.uk/feed?a=1";
    subscribe(f);
    poll_once(document(rss({{"1", "one", "https://news.example.org/1", "Wed, 25 Nov 2026 11:00:00 GMT"}})));
    ASSERT_EQ(items_.size(), 1u);
    const item& i = items_[0];
    EXPECT_EQ(i.feed, feed_id("news"));
    EXPECT_EQ(i.publisher, "example.co.uk");
    EXPECT_THAT(i.tags, ElementsAre("x", "y"));
    EXPECT_EQ(i.observed, now_);
    EXPECT_EQ(i.origin, origin::live);
    EXPECT_FALSE(i.id.empty());
    EXPECT_EQ(i.published, parse_rfc3339("2026-11-25T11:00:00Z").value());
    // fault 42
    EXPECT_EQ(exchange_->last.what.basic_auth, "user:hunter2");
    EXPECT_EQ(exchange_->last.what.url, "https://www.news.example.co.uk/feed?a=1");
    EXPECT_EQ(checkpoint().url, "https://www.news.example.co.uk/feed?a=1");
    EXPECT_THAT(stored_[topic::polls]["news"], testing::Not(HasSubstr("hunter2")));
}
TEST_F(poller_test, the_duration_of_every_answered_fetch_is_counted_however_short) {
    subscribe(make_feed());
    http::response quick = document(rss({{"1", "one"}}));
    quick.elapsed = 400us;
    poll_once(quick);
    quick.elapsed = 0us;
    poll_once(quick);
    poll_once(error(errc::timeout, "no answer"));
    EXPECT_THAT(counts_.observed("feedwatch_feed_fetch_duration_seconds"), ElementsAre(0.0004, 0));
}
TEST_F(poller_test, a_changed_item_is_published_again_with_its_id) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
    const auto first = items_.at(1);
    take_titles();
    poll_once(document(rss({{"1", "one, corrected"}, {"2", "two"}})));
    ASSERT_EQ(items_.size(), 1u);
    EXPECT_EQ(items_[0].id, first.id);
    EXPECT_EQ(items_[0].title, "one, corrected");
    EXPECT_EQ(checkpoint().items_updated, 1u);
    EXPECT_FALSE(checkpoint().possibly_missed);
}
TEST_F(poller_test, a_feed_without_any_known_item_may_have_lost_some) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
    EXPECT_FALSE(checkpoint().possibly_missed);
    poll_once(document(rss({{"8", "eight"}, {"9", "nine"}})));
    EXPECT_TRUE(checkpoint().possibly_missed);
    poll_once(document(rss({{"8", "eight"}, {"9", "nine"}, {"10", "ten"}})));
    EXPECT_FALSE(checkpoint().possibly_missed);
}
TEST_F(poller_test, a_restart_goes_on_from_the_checkpoint) {
    subscribe(make_feed());
    poll_once(document(rss({{"2", "two"}, {"1", "one"}}), {{"etag", "\"e1\""}}));
    take_titles();
    const timestamp due = checkpoint().next_due;
    start();
    EXPECT_EQ(poller_->next_tick(), due);
    poll_once(document(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_THAT(take_titles(), ElementsAre("three"));
}
TEST_F(poller_test, a_removed_feed_is_forgotten_with_its_checkpoint) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}})));
    take_titles();
    now_ = poller_->next_tick().value();
    tick();  // asks
    unsubscribe("news");
    EXPECT_EQ(tombstones_, 1);
    EXPECT_FALSE(stored_[topic::polls].contains("news"));
    exchange_->answer(document(rss({{"2", "two"}})));
    tick();
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, a_partition_that_is_taken_away_takes_its_feeds_along) {
    subscribe(make_feed());
    tick();
    poller_->revoked(0);
    exchange_->answer(document(rss({{"1", "one"}})));
    tick();
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, a_paused_feed_is_not_asked_until_it_goes_on) {
    feed f = make_feed();
    f.paused = true;
    subscribe(f);
    EXPECT_FALSE(poller_->next_tick());
    f.paused = false;
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
TEST_F(poller_test, a_new_url_is_asked_at_once_without_the_old_ones_validators) {
    feed f = make_feed();
    subscribe(f);
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}}));
    f.url = "https://moved.example.org/feed";
    subscribe(f);
    EXPECT_LE(poller_->next_tick().value(), now_);
    poll_once(document(rss({{"2", "two"}, {"1", "one", "https://news.example.org/1"}})));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "");
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, credentials_come_by_reference_and_a_missing_one_is_a_failure_in_words) {
    options_.authorize = [](std::string_view reference) -> result<credentials> {
        if (reference == "env:TOKEN") return credentials{secret{}, "X-Api-Key", secret{"s3cret"}};
        return error(errc::not_found, "no such variable");
    };
    start();
    feed f = make_feed();
    f.credentials = "env:TOKEN";
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(exchange_->last.what.origin_headers, ElementsAre(testing::Pair("X-Api-Key", "s3cret")));
    EXPECT_EQ(exchange_->last.header("X-Api-Key"), "");
    poll_once(error(http::errc::tls, "certificate"));
    for (const auto& [at, records] : stored_) {
        for (const auto& [key, json] : records) EXPECT_THAT(json, testing::Not(HasSubstr("s3cret")));
    }
    for (const item& i : items_) EXPECT_THAT(to_json(i), testing::Not(HasSubstr("s3cret")));
    f.credentials = "env:OTHER";
    subscribe(f);
    now_ = poller_->next_tick().value();
    tick();
    tick();
    EXPECT_EQ(checkpoint().outcome, "credentials");
    EXPECT_EQ(checkpoint().detail, "no such variable");
    EXPECT_TRUE(exchange_->open.empty());
}
TEST_F(poller_test, a_record_that_is_no_feed_is_an_error_and_changes_nothing) {
    begin();
    EXPECT_FALSE(poller_->process(view(topic::feeds, "x", "{"), now_, *this));
    EXPECT_FALSE(poller_->process(view(topic::feeds, "x", to_json(make_feed("y"))), now_, *this));
    commit();
    EXPECT_FALSE(poller_->next_tick());
}

}  // namespace
}  // namespace feedwatch
