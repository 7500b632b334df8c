#include <gtest/gtest.h>

#include "producers/schedule/due_queue.hpp"
#include "producers/schedule/host_gate.hpp"

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const timestamp t0{1'000'000s};
const feed_id a("a"), b("b"), c("c");

TEST(due_queue, gives_the_earliest_that_is_due) {
    due_queue q;
    q.set(a, t0 + 3s);
    q.set(b, t0 + 1s);
    q.set(c, t0 + 2s);
    EXPECT_EQ(q.next(), t0 + 1s);
    EXPECT_EQ(q.pop(t0), std::nullopt);
    EXPECT_EQ(q.pop(t0 + 2s), b);
    EXPECT_EQ(q.pop(t0 + 2s), c);
    EXPECT_EQ(q.pop(t0 + 2s), std::nullopt);
    EXPECT_EQ(q.size(), 1u);
}
TEST(due_queue, a_feed_has_one_place) {
    due_queue q;
    q.set(a, t0 + 3s);
    q.set(a, t0 + 1s);
    EXPECT_EQ(q.size(), 1u);
    EXPECT_EQ(q.due_of(a), t0 + 1s);
    q.erase(a);
    q.erase(a);
    EXPECT_EQ(q.next(), std::nullopt);
}
TEST(due_queue, moves_whole_when_the_clock_is_set) {
    due_queue q;
    q.set(a, t0 + 3s);
    q.set(b, t0 + 1s);
    q.shift(-1h);
    EXPECT_EQ(q.next(), t0 + 1s - 1h);
    EXPECT_EQ(q.due_of(a), t0 + 3s - 1h);
}

// fault 32
TEST(host_gate, lets_so_many_through_at_once_and_lines_up_the_rest) {
    host_gate g({.at_once = 2, .spacing = 0s});
    EXPECT_TRUE(g.enter("h", a, t0).go);
    EXPECT_TRUE(g.enter("h", b, t0).go);
    const auto third = g.enter("h", c, t0);
    EXPECT_FALSE(third.go);
    EXPECT_FALSE(third.at);
    EXPECT_TRUE(g.enter("other", c, t0).go);
    g.leave("h");
    EXPECT_EQ(g.take_waiting("h"), c);
    EXPECT_EQ(g.take_waiting("h"), std::nullopt);
    EXPECT_TRUE(g.enter("h", c, t0).go);
}
TEST(host_gate, keeps_requests_apart) {
    host_gate g({.at_once = 2, .spacing = 5s});
    EXPECT_TRUE(g.enter("h", a, t0).go);
    EXPECT_EQ(g.enter("h", b, t0 + 1s).at, t0 + 5s);
    EXPECT_TRUE(g.enter("h", b, t0 + 5s).go);
}
TEST(host_gate, holds_a_host_that_asked_for_a_pause) {
    host_gate g({.at_once = 2, .spacing = 0s});
    g.hold("h", t0 + 1min);
    g.hold("h", t0 + 1s);  // does not shorten it
    EXPECT_EQ(g.enter("h", a, t0).at, t0 + 1min);
    EXPECT_TRUE(g.enter("h", a, t0 + 1min).go);
}
TEST(host_gate, forgets_hosts_without_work) {
    host_gate g({.at_once = 2, .spacing = 1s});
    EXPECT_TRUE(g.enter("h", a, t0).go);
    g.forget_idle(t0 + 1h);
    EXPECT_EQ(g.hosts(), 1u);
    g.leave("h");
    g.forget_idle(t0 + 1h);
    EXPECT_EQ(g.hosts(), 0u);
}

}  // namespace
}  // namespace feedwatch::schedule
