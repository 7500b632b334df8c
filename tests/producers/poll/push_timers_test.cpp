#include "producers/poll/push_timers.hpp"

#include <gtest/gtest.h>

namespace feedwatch::polling {
namespace {

using namespace std::chrono_literals;

const timestamp noon{1'764'072'000'000ms};
const feed_id a{"a"}, b{"b"}, c{"c"};

TEST(push_timers_, what_is_due_comes_in_order_ties_by_id) {
    push_timers t;
    EXPECT_FALSE(t.next());
    t.set(b, noon);
    t.set(a, noon);
    t.set(c, noon - 1s);
    EXPECT_EQ(t.next(), noon - 1s);
    EXPECT_FALSE(t.pop(noon - 2s));
    EXPECT_EQ(t.pop(noon), c);
    EXPECT_EQ(t.pop(noon), a);
    EXPECT_EQ(t.pop(noon), b);
    EXPECT_FALSE(t.pop(noon));
}

TEST(push_timers_, a_timer_is_replaced_and_erased_whether_it_is_there_or_not) {
    push_timers t;
    t.set(a, noon);
    t.set(a, noon + 1h);
    EXPECT_EQ(t.due_of(a), noon + 1h);
    EXPECT_FALSE(t.pop(noon));
    t.erase(b);
    t.erase(a);
    EXPECT_FALSE(t.due_of(a));
    EXPECT_FALSE(t.next());
}

TEST(push_timers_, all_keep_their_distance_when_the_clock_is_set) {
    push_timers t;
    t.set(a, noon);
    t.set(b, noon + 1h);
    t.shift(-2h);
    EXPECT_EQ(t.next(), noon - 2h);
    EXPECT_EQ(t.due_of(b), noon - 1h);
    EXPECT_EQ(t.pop(noon - 2h), a);
    EXPECT_FALSE(t.pop(noon - 2h));
}

}  // namespace
}  // namespace feedwatch::polling
