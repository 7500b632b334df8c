#include "producers/schedule/due_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const timestamp t0{1'000'000s};
constexpr handle a = 0, b = 1, c = 2;

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
TEST(due_queue, everything_has_one_place) {
    due_queue q;
    q.set(a, t0 + 3s);
    q.set(a, t0 + 1s);
    EXPECT_EQ(q.size(), 1u);
    EXPECT_EQ(q.due_of(a), t0 + 1s);
    q.erase(a);
    q.erase(a);
    q.erase(99);
    EXPECT_EQ(q.next(), std::nullopt);
    EXPECT_EQ(q.due_of(a), std::nullopt);
    EXPECT_EQ(q.due_of(99), std::nullopt);
}
TEST(due_queue, ties_come_in_the_order_of_handles) {
    due_queue q;
    for (const handle h : {5, 3, 9, 1, 7, 0, 8, 2, 6, 4}) q.set(h, t0);
    for (handle h = 0; h < 10; ++h) EXPECT_EQ(q.pop(t0), h);
}
TEST(due_queue, moves_whole_when_the_clock_is_set) {
    due_queue q;
    q.set(a, t0 + 3s);
    q.set(b, t0 + 1s);
    q.shift(-1h);
    EXPECT_EQ(q.next(), t0 + 1s - 1h);
    EXPECT_EQ(q.due_of(a), t0 + 3s - 1h);
}
TEST(due_queue, does_what_a_sorted_set_does) {
    due_queue q;
    std::set<std::pair<timestamp, handle>> sorted;
    std::map<handle, timestamp> due;
    std::mt19937 random(7);
    for (int step = 0; step < 200'000; ++step) {
        const auto h = static_cast<handle>(random() % 500);
        switch (random() % 4) {
            case 0:
            case 1: {
                const timestamp t = t0 + std::chrono::seconds{random() % 300};
                if (const auto found = due.find(h); found != due.end()) sorted.erase({found->second, h});
                sorted.emplace(t, h);
                due[h] = t;
                q.set(h, t);
                break;
            }
            case 2: {
                if (const auto found = due.find(h); found != due.end()) {
                    sorted.erase({found->second, h});
                    due.erase(found);
                }
                q.erase(h);
                break;
            }
            default: {
                const timestamp now = t0 + std::chrono::seconds{random() % 300};
                std::optional<handle> expected;
                if (!sorted.empty() && sorted.begin()->first <= now) {
                    expected = sorted.begin()->second;
                    sorted.erase(sorted.begin());
                    due.erase(*expected);
                }
                ASSERT_EQ(q.pop(now), expected);
            }
        }
        ASSERT_EQ(q.size(), sorted.size());
        ASSERT_EQ(q.next(), sorted.empty() ? std::nullopt : std::optional(sorted.begin()->first));
    }
}
TEST(due_queue, a_million_take_no_more_than_forty_megabytes) {
    due_queue q;
    for (handle h = 0; h < 1'000'000; ++h) q.set(h, t0 + std::chrono::milliseconds{h * 7919ULL % 1'000'003});
    EXPECT_LE(q.bytes(), 40'000'000u);
}

}  // namespace
}  // namespace feedwatch::schedule
