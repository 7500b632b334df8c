// Transactions that abort, processes that crash or are told to end.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(poller_test, an_aborted_batch_is_worked_through_again_without_asking_twice) {
    subscribe(make_feed());
    tick();
    exchange_->answer(document(rss({{"2", "two"}, {"1", "one"}}), {{"etag", "\"e1\""}}));
    for (int i = 0; i < 3; ++i) {
        begin();
        poller_->tick(now_, *this);
        EXPECT_EQ(pending_.size(), 3u);
        rollback();
        EXPECT_THAT(items_, IsEmpty());
        EXPECT_LE(poller_->next_tick().value(), now_);
    }
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
    EXPECT_TRUE(exchange_->open.empty());
    poll_once(status(304));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(poller_test, two_open_batches_are_undone_newest_first) {
    feed f = make_feed();
    f.interval = {1s, 1s, 1s};
    subscribe(f);
    tick();
    exchange_->answer(document(rss({{"1", "one"}})));
    begin();
    poller_->tick(now_, *this);
    const std::uint64_t first = batch_;
    now_ = std::max(now_, poller_->next_tick().value());
    begin();
    poller_->tick(now_, *this);
    exchange_->answer(document(rss({{"2", "two"}, {"1", "one"}})));
    poller_->tick(now_, *this);
    batch_ = first;
    rollback();
    batch_ = first + 2;
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, an_aborted_subscription_comes_again_and_an_aborted_removal_is_undone) {
    const feed f = make_feed();
    const std::string json = to_json(f);
    begin();
    ASSERT_TRUE(poller_->process(view(topic::feeds, "news", json), now_, *this));
    rollback();
    EXPECT_FALSE(poller_->next_tick());
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    begin();
    ASSERT_TRUE(poller_->process(view(topic::feeds, "news", std::nullopt), now_, *this));
    rollback();
    poll_once(document(rss({{"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, a_crash_between_answer_and_commit_asks_again) {
    subscribe(make_feed());
    tick();
    exchange_->answer(document(rss({{"1", "one"}})));
    begin();
    poller_->tick(now_, *this);  // never committed
    pending_.clear();
    start();
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
TEST_F(poller_test, draining_starts_nothing_and_does_not_wait_for_ever) {
    subscribe(make_feed("a"));
    tick();
    poller_->drain();
    subscribe(make_feed("b"));
    tick();
    EXPECT_EQ(exchange_->open.size(), 1u);
    EXPECT_FALSE(poller_->drained());
    now_ = poller_->next_tick().value();
    tick();
    EXPECT_TRUE(poller_->drained());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, draining_works_through_what_arrives_in_time) {
    subscribe(make_feed());
    tick();
    poller_->drain();
    exchange_->answer(document(rss({{"1", "one"}})));
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one"));
    EXPECT_TRUE(poller_->drained());
}

}  // namespace
}  // namespace feedwatch
