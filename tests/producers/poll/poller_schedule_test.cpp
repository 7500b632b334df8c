// When the poller asks, and what it keeps about it across a restart.
#include <gtest/gtest.h>

#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

class poller_schedule_test : public poller_test {
  protected:
    feed on_host(const std::string& id, const std::string& host = "host.example.org") {
        feed f = make_feed(id);
        f.url = "https://" + host + "/" + id;
        return f;
    }
    void answer_all(const http::response& with) {
        while (!exchange_->open.empty()) exchange_->answer(with);
        tick();
    }
    std::size_t open() const { return exchange_->open.size(); }
};

TEST_F(poller_schedule_test, a_few_new_feeds_are_asked_at_once) {
    for (int n = 0; n < 30; ++n) subscribe(on_host("f" + std::to_string(n), "h" + std::to_string(n)));
    tick();
    EXPECT_EQ(open(), 30u);
}
TEST_F(poller_schedule_test, a_herd_of_new_feeds_is_spread_and_never_more_at_once_than_allowed) {
    options_.limits.in_flight_max = 64;
    start();
    for (int n = 0; n < 3000; ++n) subscribe(on_host("f" + std::to_string(n), "h" + std::to_string(n)));
    std::size_t asked = 0;
    const timestamp begun = now_;
    std::map<std::int64_t, std::size_t> by_second;
    while (asked < 3000) {
        tick();
        EXPECT_LE(open(), 64u);
        by_second[(now_ - begun) / 1s] += open();
        asked += open();
        if (open() > 0) {
            answer_all(status(404));
            continue;
        }
        ASSERT_TRUE(poller_->next_tick());
        ASSERT_LT(*poller_->next_tick(), begun + 1h) << "after " << asked;
        now_ = std::max(now_, *poller_->next_tick());
    }
    EXPECT_LE(by_second[0], 256u + 200u);
    for (const auto& [second, n] : by_second) EXPECT_LE(n, second == 0 ? 456u : 201u) << second;
}
TEST_F(poller_schedule_test, what_is_overdue_at_a_restart_is_spread_too) {
    for (int n = 0; n < 400; ++n) {
        feed f = on_host("f" + std::to_string(n), "h" + std::to_string(n));
        f.interval = {1h, 1h, 1h};
        subscribe(f);
    }
    for (int round = 0; round < 40; ++round) {
        tick();
        answer_all(document(rss({{"1", "one"}})));
        now_ += 100ms;
    }
    ASSERT_EQ(stored_[topic::polls].size(), 400u);
    now_ += 24h;
    start();
    tick();
    EXPECT_EQ(open(), 256u);
    EXPECT_FALSE(poller_->next_tick()) << "no more than that at a time";
}
TEST_F(poller_schedule_test, a_host_that_says_429_is_asked_further_apart_by_all_its_feeds) {
    for (const char* id : {"a", "b", "c", "d"}) subscribe(on_host(id));
    tick();
    EXPECT_EQ(open(), 2u);
    exchange_->answer(status(429));
    exchange_->answer(document(rss({{"1", "one"}})));
    tick();
    EXPECT_EQ(open(), 0u);
    EXPECT_EQ(checkpoint("a").host_pace, 2s);
    now_ += 2s;
    tick();
    EXPECT_EQ(open(), 1u) << "one at a time";
    answer_all(document(rss({{"1", "one"}})));
    EXPECT_EQ(open(), 0u);
    ASSERT_TRUE(poller_->next_tick());
    EXPECT_GT(*poller_->next_tick(), now_ + 1s);
}
TEST_F(poller_schedule_test, a_restart_begins_with_the_pace_that_was_learned) {
    for (const char* id : {"a", "b", "c"}) {
        feed f = on_host(id);
        f.interval = {1min, 1min, 1min};
        subscribe(f);
    }
    for (int n = 0; n < 3; ++n) {
        tick();
        answer_all(status(429));
        now_ += 2min;
    }
    const duration learned = checkpoint("c").host_pace;
    EXPECT_GE(learned, 4s);
    now_ += 1h;
    start();
    tick();
    EXPECT_EQ(open(), 1u);
    answer_all(document(rss({{"1", "one"}})));
    EXPECT_EQ(open(), 0u);
    EXPECT_GT(*poller_->next_tick(), now_ + learned / 2);
}
TEST_F(poller_schedule_test, a_403_where_the_feed_used_to_be_read_and_a_time_out_teach_less) {
    subscribe(on_host("a"));
    poll_once(status(403));
    EXPECT_EQ(checkpoint("a").host_pace, 0s) << "it may always be forbidden";
    poll_once(document(rss({{"1", "one"}})));
    poll_once(status(403));
    EXPECT_EQ(checkpoint("a").host_pace, 1s);
    poll_once(status(403));
    EXPECT_EQ(checkpoint("a").host_pace, 1s) << "told once";
    poll_once(error(http::errc::timeout));
    EXPECT_EQ(checkpoint("a").host_pace, 1500ms);
    poll_once(status(404));
    EXPECT_EQ(checkpoint("a").host_pace, 1500ms);
    poll_once(status(429));
    EXPECT_EQ(checkpoint("a").host_pace, 3s);
}
TEST_F(poller_schedule_test, one_feeds_long_pause_holds_the_host_no_longer_than_a_quarter_of_an_hour) {
    subscribe(on_host("a"));
    tick();
    answer_all(status(429, {{"retry-after", "36000"}}));
    EXPECT_GE(checkpoint("a").next_due - now_, 10h);
    subscribe(on_host("b"));
    now_ += 14min;
    tick();
    EXPECT_EQ(open(), 0u);
    now_ += 1min;
    tick();
    EXPECT_EQ(open(), 1u);
}
TEST_F(poller_schedule_test, the_gap_comes_from_the_first_documents_dates_and_then_from_what_comes) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "a", "", "Wed, 25 Nov 2026 08:00:00 GMT"},
                            {"2", "b", "", "Wed, 25 Nov 2026 10:00:00 GMT"},
                            {"3", "c", "", "Wed, 25 Nov 2026 11:00:00 GMT"},
                            {"4", "d", "", "Wed, 25 Nov 2026 11:30:00 GMT"}}),
                       {{"etag", "\"e1\""}}));
    EXPECT_EQ(checkpoint().gap, 1h);
    EXPECT_EQ(checkpoint().interval, 15min);
    for (int n = 0; n < 20; ++n) poll_once(status(304));
    EXPECT_GT(checkpoint().gap, 1h + 30min);
    EXPECT_GT(checkpoint().interval, 18min);
    const duration gap = checkpoint().gap;
    start();
    poll_once(status(304));
    EXPECT_GT(checkpoint().gap, gap) << "a restart goes on where it was";
    EXPECT_LT(checkpoint().gap, gap + 1h);
}
TEST_F(poller_schedule_test, feeds_that_rest_keep_what_is_known_of_them) {
    subscribe(on_host("a", "one.example.org"));
    subscribe(on_host("b", "two.example.org"));
    tick();
    answer_all(document(rss({{"1", "one"}, {"2", "two"}}), {{"etag", "\"e1\""}}));
    EXPECT_EQ(take_titles().size(), 4u);
    now_ = *poller_->next_tick() + 2min;
    tick();
    ASSERT_EQ(open(), 2u);
    EXPECT_EQ(exchange_->open[0].header("If-None-Match"), "\"e1\"");
    EXPECT_THAT((std::vector{exchange_->open[0].what.url, exchange_->open[1].what.url}),
                testing::UnorderedElementsAre("https://one.example.org/a", "https://two.example.org/b"));
    answer_all(document(rss({{"1", "one"}, {"2", "two"}, {"3", "three"}})));
    EXPECT_EQ(take_titles().size(), 2u);
}

}  // namespace
}  // namespace feedwatch
