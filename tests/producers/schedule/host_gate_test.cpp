#include "producers/schedule/host_gate.hpp"

#include <gtest/gtest.h>

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const timestamp t0{1'000'000s};
constexpr handle a = 0, b = 1, c = 2, d = 3;

// fault 32
TEST(host_gate, lets_so_many_through_at_once_and_lines_up_the_rest) {
    host_gate g({.at_once = 2, .spacing = 0s});
    EXPECT_TRUE(g.enter("h", a, t0));
    EXPECT_TRUE(g.enter("h", b, t0));
    EXPECT_FALSE(g.enter("h", c, t0));
    EXPECT_FALSE(g.enter("h", d, t0));
    EXPECT_FALSE(g.next()) << "the host is full";
    EXPECT_TRUE(g.enter("other", c, t0));
    g.leave("h");
    ASSERT_EQ(g.next(), t0);
    const auto turn = g.pop(t0);
    ASSERT_TRUE(turn);
    EXPECT_EQ(turn->feed, c);
    EXPECT_EQ(turn->host, "h");
    EXPECT_FALSE(g.pop(t0)) << "full again";
    g.leave("h");
    EXPECT_EQ(g.pop(t0)->feed, d);
}
TEST(host_gate, keeps_requests_apart) {
    host_gate g({.at_once = 2, .spacing = 5s});
    EXPECT_TRUE(g.enter("h", a, t0));
    EXPECT_FALSE(g.enter("h", b, t0 + 1s));
    EXPECT_EQ(g.next(), t0 + 5s);
    EXPECT_FALSE(g.pop(t0 + 4s));
    EXPECT_EQ(g.pop(t0 + 5s)->feed, b);
}
TEST(host_gate, nobody_passes_those_that_wait) {
    host_gate g({.at_once = 2, .spacing = 5s});
    EXPECT_TRUE(g.enter("h", a, t0));
    EXPECT_FALSE(g.enter("h", b, t0 + 1s));
    EXPECT_FALSE(g.enter("h", c, t0 + 6s));
    EXPECT_EQ(g.pop(t0 + 6s)->feed, b);
    EXPECT_EQ(g.next(), std::nullopt);
    g.leave("h");
    EXPECT_EQ(g.next(), t0 + 11s);
    EXPECT_EQ(g.pop(t0 + 11s)->feed, c);
}
TEST(host_gate, holds_a_host_that_asked_for_a_pause) {
    host_gate g({.at_once = 2, .spacing = 0s});
    g.hold("h", t0 + 1min);
    g.hold("h", t0 + 1s);  // does not shorten it
    EXPECT_FALSE(g.enter("h", a, t0));
    EXPECT_EQ(g.next(), t0 + 1min);
    EXPECT_FALSE(g.pop(t0 + 59s));
    EXPECT_EQ(g.pop(t0 + 1min)->feed, a);
}
TEST(host_gate, a_busy_host_is_asked_one_at_a_time_and_further_apart) {
    host_gate g({});
    EXPECT_TRUE(g.enter("h", a, t0));
    EXPECT_EQ(g.learn("h", lesson::busy, t0), pace_first);
    g.leave("h");
    EXPECT_FALSE(g.enter("h", b, t0 + 1s));
    EXPECT_FALSE(g.enter("h", c, t0 + 1s));
    EXPECT_EQ(g.pop(t0 + 2s)->feed, b);
    EXPECT_FALSE(g.pop(t0 + 10s)) << "one at a time";
    EXPECT_EQ(g.learn("h", lesson::busy, t0 + 10s), 2 * pace_first);
    g.leave("h");
    EXPECT_EQ(g.next(), t0 + 14s);
    EXPECT_TRUE(g.enter("other", d, t0)) << "others are not";
}
TEST(host_gate, answers_to_what_was_asked_before_slow_a_host_once) {
    host_gate g({});
    EXPECT_EQ(g.learn("h", lesson::busy, t0), 2s);
    EXPECT_EQ(g.learn("h", lesson::busy, t0 + 100ms), 2s);
    EXPECT_EQ(g.learn("h", lesson::busy, t0 + 2s), 4s);
}
TEST(host_gate, recovers_slowly_with_good_answers_and_with_time) {
    host_gate g({});
    for (int n = 0; n < 20; ++n) (void)g.learn("h", lesson::busy, t0 + n * 1h);
    const timestamp t = t0 + 20h;
    EXPECT_EQ(g.pace_of("h", t), pace_max) << "never longer: nothing is given up";
    EXPECT_EQ(g.pace_of("h", t + 24h), pace_max / 2);
    int good = 0;
    while (g.learn("h", lesson::good, t) > 0ms) ++good;
    EXPECT_GT(good, 100);
    EXPECT_LT(good, 400);
}
TEST(host_gate, takes_up_what_was_learned_before_the_latest_counts) {
    host_gate g({});
    g.recall("h", 8s, t0 - 1h);
    g.recall("h", 30s, t0 - 2h);
    EXPECT_EQ(g.pace_of("h", t0), 8s);
    g.recall("h", 0s, t0 - 1min);
    EXPECT_EQ(g.pace_of("h", t0), 0s) << "it has recovered since";
    g.recall("old", 8s, t0 - 24h * 30);
    EXPECT_EQ(g.pace_of("old", t0), 0s);
    g.recall("wild", 24h * 365, t0 - 1h);
    EXPECT_EQ(g.pace_of("wild", t0), pace_max);
    g.recall("plain", 0s, t0);
    EXPECT_EQ(g.hosts(), 3u) << "a host without a lesson takes no room";
}
TEST(host_gate, moves_whole_when_the_clock_is_set) {
    host_gate g({.at_once = 1, .spacing = 5s});
    EXPECT_TRUE(g.enter("h", a, t0));
    EXPECT_FALSE(g.enter("h", b, t0));
    g.leave("h");
    g.shift(-1h);
    EXPECT_EQ(g.next(), t0 + 5s - 1h);
    EXPECT_EQ(g.pop(t0 + 5s - 1h)->feed, b);
}
TEST(host_gate, forgets_hosts_without_work_and_pace) {
    host_gate g({.at_once = 2, .spacing = 1s});
    EXPECT_TRUE(g.enter("h", a, t0));
    (void)g.learn("paced", lesson::busy, t0);
    g.forget_idle(t0 + 1h);
    EXPECT_EQ(g.hosts(), 2u);
    g.leave("h");
    g.forget_idle(t0 + 1h);
    EXPECT_EQ(g.hosts(), 1u);
    g.forget_idle(t0 + 24h * 7);
    EXPECT_EQ(g.hosts(), 0u);
    EXPECT_TRUE(g.enter("h", a, t0 + 24h * 7));
}

TEST(taught, slows_down_at_once_and_recovers_slowly) {
    EXPECT_EQ(taught(0s, lesson::busy), 2s);
    EXPECT_EQ(taught(10s, lesson::busy), 20s);
    EXPECT_EQ(taught(9min, lesson::busy), pace_max);
    EXPECT_EQ(taught(0s, lesson::trouble), 1s);
    EXPECT_EQ(taught(10s, lesson::trouble), 15s);
    EXPECT_EQ(taught(32s, lesson::good), 31s);
    EXPECT_EQ(taught(pace_least, lesson::good), 0s);
    EXPECT_EQ(taught(0s, lesson::good), 0s);
    EXPECT_EQ(taught(10s, lesson::none), 10s);
}

}  // namespace
}  // namespace feedwatch::schedule
