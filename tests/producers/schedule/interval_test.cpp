#include "producers/schedule/interval.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const poll_interval limits{1min, 15min, 6h};
const timestamp now = parse_rfc3339("2026-11-25T12:00:00Z").value();

TEST(gap_of_dates, is_the_mean_time_between_items_silence_since_the_newest_included) {
    EXPECT_EQ(gap_of_dates(std::vector{now - 3h, now - 1h, now - 2h}, now), 1h);
    EXPECT_EQ(gap_of_dates(std::vector{now - 30h, now - 29h, now - 28h}, now), 10h);
    EXPECT_EQ(gap_of_dates(std::vector{now - 3h, now - 1h}, now), std::nullopt) << "two say little";
    EXPECT_EQ(gap_of_dates(std::vector{now - 3h, now - 1h, now - 2h, now + 5h}, now), 1h) << "the future says nothing";
    EXPECT_EQ(gap_of_dates(std::vector{now - 3h, now - 1h, now - 2h, timestamp{}}, now), 1h) << "nor does 1970";
    EXPECT_EQ(gap_of_dates(std::vector{now, now, now}, now), std::nullopt) << "all dated when they were asked for";
    EXPECT_EQ(gap_of_dates({}, now), std::nullopt);
}

TEST(learned_gap, follows_what_comes_and_forgets_what_was) {
    duration gap = 1h;
    for (int polls = 0; polls < 100; ++polls) gap = learned_gap(gap, {30, 29, false, 10min});
    EXPECT_NEAR(static_cast<double>(gap / 1s), 600, 60) << "six an hour now";
    for (int polls = 0; polls < 1000; ++polls) gap = learned_gap(gap, {30, 30, false, 1h});
    EXPECT_GT(gap, 24h * 4) << "nothing for six weeks";
    for (int polls = 0; polls < 100'000; ++polls) gap = learned_gap(gap, {30, 30, false, 6h});
    EXPECT_LE(gap, gap_max);
    for (int polls = 0; polls < 4; ++polls) gap = learned_gap(gap, {30, 24, false, 6h});
    EXPECT_LT(gap, 24h) << "an item an hour for a day: it is back";
}
TEST(learned_gap, one_item_does_not_make_a_slow_feed_quick) {
    EXPECT_GT(learned_gap(24h * 7, {30, 29, false, 1h}), 24h * 4);
    EXPECT_LT(learned_gap(24h * 7, {30, 29, false, 1h}), 24h * 7);
}
TEST(learned_gap, learns_nothing_from_a_first_document_or_no_time) {
    EXPECT_EQ(learned_gap(2h, {30, 0, true, 0ms}), 2h);
    EXPECT_EQ(learned_gap(2h, {30, 0, false, 0ms}), 2h);
    EXPECT_EQ(learned_gap(2h, {30, 0, false, -1h}), 2h) << "the clock was set back";
}
TEST(learned_gap, of_a_feed_without_dates_begins_with_an_hour) {
    EXPECT_GT(learned_gap(0ms, {30, 30, false, 15min}), 1h);
    EXPECT_LT(learned_gap(0ms, {30, 30, false, 15min}), 2h);
}

TEST(next_interval, grows_with_the_root_of_the_gap_within_the_limits) {
    const yield quiet{30, 30, false, 15min};
    EXPECT_EQ(next_interval(15min, 1h, quiet, limits), 15min);
    EXPECT_EQ(next_interval(15min, 4h, quiet, limits), 30min);
    EXPECT_EQ(next_interval(15min, 15min, quiet, limits), 7min + 30s);
    EXPECT_EQ(next_interval(15min, gap_max, quiet, limits), 6h);
    EXPECT_EQ(next_interval(15min, 1s, quiet, limits), 1min);
    EXPECT_EQ(next_interval(0ms, 0ms, {30, 0, true, 0ms}, limits), 15min) << "nothing is known: the start";
    EXPECT_EQ(next_interval(9h, 0ms, {30, 0, true, 0ms}, limits), 6h) << "a maximum lowered since";
}
// fault: a window shorter than the interval loses items
TEST(next_interval, is_no_longer_than_half_of_the_document_takes_to_be_replaced) {
    const poll_interval wide{1s, 15min, 6h};
    EXPECT_EQ(next_interval(15min, 1min, {2, 2, false, 1min}, wide), 1min);
    EXPECT_EQ(next_interval(15min, 1min, {20, 20, false, 1min}, wide), 116'189ms);
    EXPECT_EQ(next_interval(15min, 1min, {0, 0, false, 1min}, wide), 116'189ms) << "an empty document holds nothing";
}
TEST(next_interval, is_halved_at_once_where_less_than_a_third_was_known) {
    EXPECT_EQ(next_interval(20min, 4h, {30, 9, false, 20min}, limits), 10min);
    EXPECT_EQ(next_interval(20min, 4h, {30, 10, false, 20min}, limits), 30min) << "exactly a third";
    EXPECT_EQ(next_interval(20min, 4h, {30, 0, true, 0ms}, limits), 30min) << "a first document says nothing";
    EXPECT_EQ(next_interval(1min, 4h, {30, 0, false, 1min}, limits), 1min) << "not under the minimum";
}

TEST(within_hint, waits_as_long_as_the_feed_asks_but_not_past_the_maximum) {
    const yield seen{30, 30, false, 15min};
    EXPECT_EQ(within_hint(10min, std::nullopt, 24h, seen, limits), 10min);
    EXPECT_EQ(within_hint(10min, 5min, 24h, seen, limits), 10min);
    EXPECT_EQ(within_hint(10min, 30min, 24h, seen, limits), 30min);
    EXPECT_EQ(within_hint(10min, 24h * 365, 24h, seen, limits), 6h);
    EXPECT_EQ(within_hint(10min, 0min, 24h, seen, limits), 10min);
    EXPECT_EQ(within_hint(10min, 30min, 0ms, seen, limits), 30min) << "nothing is known that could contradict it";
}
TEST(within_hint, believes_what_the_feed_does_before_what_it_says) {
    EXPECT_EQ(within_hint(5min, 24h, 10min, {30, 30, false, 5min}, limits), 80min) << "eight items";
    EXPECT_EQ(within_hint(5min, 24h, 10min, {10, 10, false, 5min}, limits), 50min) << "half of the document";
    EXPECT_EQ(within_hint(5min, 1h, 10min, {30, 30, false, 5min}, limits), 1h) << "not contradicted yet";
}
TEST(failure_delay, grows_linearly_to_its_cap_and_never_ends) {
    EXPECT_EQ(failure_delay(15min, {1, false, false}, limits), 15min);
    EXPECT_EQ(failure_delay(15min, {2, false, false}, limits), 30min);
    EXPECT_EQ(failure_delay(15min, {3, false, false}, limits), 45min);
    EXPECT_EQ(failure_delay(15min, {24, false, false}, limits), 6h);
    EXPECT_EQ(failure_delay(15min, {4'000'000'000U, false, false}, limits), 6h);
    EXPECT_EQ(failure_delay(0min, {1, false, false}, limits), 15min);
}
// fault 25
TEST(failure_delay, what_is_gone_is_asked_once_a_day) {
    EXPECT_EQ(failure_delay(15min, {1, true, false}, limits), 24h);
    EXPECT_EQ(failure_delay(15min, {50, true, false}, limits), 24h);
}
TEST(failure_delay, of_a_busy_host_has_a_cap_of_its_own) {
    EXPECT_EQ(failure_delay(15min, {1, false, true}, limits), 15min);
    EXPECT_EQ(failure_delay(15min, {2, false, true}, limits), 30min);
    EXPECT_EQ(failure_delay(15min, {100, false, true}, limits), 1h);
    EXPECT_EQ(failure_delay(3h, {100, false, true}, limits), 3h) << "not more often than it was asked";
}
// fault 26
TEST(failure_wait, is_no_shorter_than_what_the_server_asks_for) {
    for (const std::uint64_t seed : {0ULL, 1ULL, 512ULL, 1023ULL}) {
        EXPECT_GE(failure_wait(15min, {}, 2h, limits, seed), 2h);
        EXPECT_LE(failure_wait(15min, {}, 2h, limits, seed), 2h + 12min);
        EXPECT_GE(failure_wait(15min, {}, 1s, limits, seed), 15min);
        EXPECT_GE(failure_wait(15min, {100, false, true}, 5h, limits, seed), 5h);
        EXPECT_LE(failure_wait(15min, {}, std::nullopt, limits, seed), 22min + 30s);
    }
}
TEST(with_wide_jitter, is_repeatable_and_at_most_a_half_longer) {
    duration least = 1h, most = 0h;
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        const duration d = with_wide_jitter(10min, seed);
        EXPECT_EQ(d, with_wide_jitter(10min, seed));
        least = std::min(least, d);
        most = std::max(most, d);
    }
    EXPECT_EQ(least, 10min);
    EXPECT_GT(most, 14min + 55s);
    EXPECT_LE(most, 15min);
}
TEST(with_jitter, is_repeatable_and_at_most_a_tenth_longer) {
    duration least = 1h, most = 0h;
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        const duration d = with_jitter(10min, seed);
        EXPECT_EQ(d, with_jitter(10min, seed));
        least = std::min(least, d);
        most = std::max(most, d);
    }
    EXPECT_EQ(least, 10min);
    EXPECT_GT(most, 10min + 59s);
    EXPECT_LE(most, 11min);
}

}  // namespace
}  // namespace feedwatch::schedule
