#include "producers/schedule/spread.hpp"

#include <gtest/gtest.h>

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const timestamp t0{1'000'000s};

std::string host(int n) {
    return "host" + std::to_string(n);
}

TEST(start_spread, a_few_feeds_are_asked_at_once) {
    start_spread s;
    for (int n = 0; n < 256; ++n) EXPECT_EQ(s.place(host(n), t0), t0);
    start_spread one;
    for (int n = 0; n < 32; ++n) EXPECT_EQ(one.place("same", t0), t0);
}
TEST(start_spread, what_comes_after_the_burst_stands_in_a_row) {
    start_spread s({.burst = 2, .apart = 10ms, .host_burst = 100, .host_apart = 1s});
    EXPECT_EQ(s.place(host(1), t0), t0);
    EXPECT_EQ(s.place(host(2), t0), t0);
    EXPECT_EQ(s.place(host(3), t0), t0 + 10ms);
    EXPECT_EQ(s.place(host(4), t0), t0 + 20ms);
    EXPECT_EQ(s.place(host(5), t0 + 1h), t0 + 1h) << "long after, it is a few again";
}
TEST(start_spread, each_host_has_a_row_of_its_own) {
    start_spread s({.burst = 1000, .apart = 1ms, .host_burst = 2, .host_apart = 1s});
    EXPECT_EQ(s.place("h", t0), t0);
    EXPECT_EQ(s.place("h", t0), t0);
    EXPECT_EQ(s.place("h", t0), t0 + 1s);
    EXPECT_EQ(s.place("other", t0), t0);
    EXPECT_EQ(s.place("h", t0), t0 + 2s);
}
TEST(start_spread, a_hundred_thousand_are_asked_within_ten_minutes) {
    start_spread s;
    timestamp last{};
    for (int n = 0; n < 100'000; ++n) last = std::max(last, s.place(host(n), t0));
    EXPECT_GT(last, t0 + 8min);
    EXPECT_LT(last, t0 + 10min);
    EXPECT_EQ(s.hosts(), 100'000u);
    s.forget_past(t0 + 10min);
    EXPECT_EQ(s.hosts(), 0u);
}
TEST(start_spread, moves_whole_when_the_clock_is_set) {
    start_spread s({.burst = 1, .apart = 10ms, .host_burst = 1, .host_apart = 1s});
    EXPECT_EQ(s.place("h", t0), t0);
    s.shift(-1h);
    EXPECT_EQ(s.place("h", t0 - 1h), t0 - 1h + 1s);
}

}  // namespace
}  // namespace feedwatch::schedule
