// When hosts are asked, and what a wrong clock does to that.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

// fault 26
TEST_F(poller_test, a_host_that_asks_for_a_pause_gets_it_for_all_its_feeds) {
    feed a = make_feed("a"), b = make_feed("b");
    a.url = "https://host.example.org/a";
    b.url = "https://host.example.org/b";
    subscribe(a);
    tick();
    exchange_->answer(status(429, {{"retry-after", "7200"}}));
    tick();
    EXPECT_GE(checkpoint("a").next_due - now_, 2h);
    subscribe(b);
    tick();
    EXPECT_TRUE(exchange_->open.empty());
    now_ += 2h;
    tick();
    EXPECT_EQ(exchange_->open.size(), 1u);
}
// fault 32
TEST_F(poller_test, five_hundred_feeds_of_one_host_are_asked_two_at_a_time_and_all_in_turn) {
    for (int i = 0; i < 500; ++i) {
        feed f = make_feed("f" + std::to_string(i));
        f.url = "https://host.example.org/" + std::to_string(i);
        subscribe(f);
    }
    std::size_t answered = 0;
    for (int round = 0; round < 2000 && answered < 500; ++round) {
        tick();
        if (const auto next = poller_->next_tick(); next && exchange_->open.empty()) now_ = std::max(now_, *next);
        EXPECT_LE(exchange_->open.size(), 2u);
        while (!exchange_->open.empty()) {
            exchange_->answer(status(404));
            ++answered;
        }
    }
    tick();
    EXPECT_EQ(answered, 500u);
    EXPECT_EQ(stored_[topic::polls].size(), 500u);
}
// fault 33
TEST_F(poller_test, a_clock_set_back_stops_nothing_and_one_set_forward_spreads_what_is_overdue) {
    for (int i = 0; i < 100; ++i) subscribe(make_feed("f" + std::to_string(i)));
    tick();
    while (!exchange_->open.empty()) exchange_->answer(document(rss({{"1", "one"}})));
    for (int i = 0; i < 4; ++i) tick();
    const auto next = poller_->next_tick().value();
    EXPECT_GT(next, now_ + 14min);
    now_ -= 1h;
    tick();
    EXPECT_LE(poller_->next_tick().value(), now_ + 17min);
    now_ += 5h;
    tick();
    EXPECT_LT(exchange_->open.size(), 20u);
    const timestamp back = now_;
    while (const auto due = poller_->next_tick()) {
        now_ = std::max(now_, *due);
        tick();
    }
    EXPECT_EQ(exchange_->open.size(), 100u);
    EXPECT_LE(now_, back + 10min);
}

}  // namespace
}  // namespace feedwatch
