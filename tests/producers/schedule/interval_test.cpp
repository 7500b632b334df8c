#include "producers/schedule/interval.hpp"

#include <gtest/gtest.h>

#include "producers/schedule/hints.hpp"
#include "producers/schedule/http_date.hpp"

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

const poll_interval limits{1min, 15min, 6h};

TEST(next_interval, follows_the_share_of_known_items) {
    struct row {
        duration current;
        yield seen;
        duration expected;
        const char* why;
    };
    for (const row& r : {
             row{10min, {30, 30, false}, 15min, "all known: longer"},
             row{10min, {30, 21, false}, 15min, "above two thirds: longer"},
             row{10min, {30, 20, false}, 10min, "exactly two thirds: as it is"},
             row{10min, {30, 10, false}, 10min, "exactly one third: as it is"},
             row{10min, {30, 9, false}, 5min, "below one third: shorter"},
             row{10min, {30, 0, false}, 5min, "all new: shorter"},
             row{10min, {30, 0, true}, 10min, "a first fetch says nothing"},
             row{10min, {0, 0, false}, 10min, "an empty document says nothing"},
             row{0min, {30, 0, true}, 15min, "never polled: the start"},
             row{5h, {3, 3, false}, 6h, "not past the maximum"},
             row{1min, {3, 0, false}, 1min, "not under the minimum"},
             row{9h, {30, 15, false}, 6h, "a maximum lowered since"},
         })
        EXPECT_EQ(next_interval(r.current, r.seen, limits), r.expected) << r.why;
}
TEST(within_hint, waits_as_long_as_the_feed_asks_but_not_past_the_maximum) {
    EXPECT_EQ(within_hint(10min, std::nullopt, limits), 10min);
    EXPECT_EQ(within_hint(10min, 5min, limits), 10min);
    EXPECT_EQ(within_hint(10min, 30min, limits), 30min);
    EXPECT_EQ(within_hint(10min, 24h * 365, limits), 6h);
    EXPECT_EQ(within_hint(10min, 0min, limits), 10min);
}
TEST(failure_delay, grows_linearly_to_its_cap_and_never_ends) {
    EXPECT_EQ(failure_delay(15min, {1, false, std::nullopt}, limits), 15min);
    EXPECT_EQ(failure_delay(15min, {2, false, std::nullopt}, limits), 30min);
    EXPECT_EQ(failure_delay(15min, {3, false, std::nullopt}, limits), 45min);
    EXPECT_EQ(failure_delay(15min, {24, false, std::nullopt}, limits), 6h);
    EXPECT_EQ(failure_delay(15min, {4'000'000'000U, false, std::nullopt}, limits), 6h);
    EXPECT_EQ(failure_delay(0min, {1, false, std::nullopt}, limits), 15min);
}
// fault 25
TEST(failure_delay, what_is_gone_is_asked_once_a_day) {
    EXPECT_EQ(failure_delay(15min, {1, true, std::nullopt}, limits), 24h);
    EXPECT_EQ(failure_delay(15min, {50, true, std::nullopt}, limits), 24h);
}
// fault 26
TEST(failure_delay, retry_after_is_a_lower_bound) {
    EXPECT_EQ(failure_delay(15min, {1, false, 2h}, limits), 2h);
    EXPECT_EQ(failure_delay(15min, {1, false, 1s}, limits), 15min);
    EXPECT_EQ(failure_delay(15min, {1, false, 24h}, limits), 24h);
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

const timestamp now = parse_rfc3339("2026-11-25T12:00:00Z").value();

// fault 26
TEST(retry_after, reads_seconds_and_dates_and_caps_them) {
    EXPECT_EQ(retry_after("120", now), 2min);
    EXPECT_EQ(retry_after(" 0 ", now), 0s);
    EXPECT_EQ(retry_after("Wed, 25 Nov 2026 12:05:00 GMT", now), 5min);
    EXPECT_EQ(retry_after("Wed, 25 Nov 2026 11:05:00 GMT", now), 0s);
    EXPECT_EQ(retry_after("Wed, 25 Nov 2036 11:05:00 GMT", now), 24h);
    EXPECT_EQ(retry_after("315360000", now), 24h);
    EXPECT_EQ(retry_after("99999999999999999999999", now), 24h);
    for (const char* none : {"", "soon", "-5", "1.5", "1h", "Wed, 25 Nov 2026"})
        EXPECT_EQ(retry_after(none, now), std::nullopt) << none;
}
TEST(fresh_for, prefers_max_age_and_falls_back_to_expires) {
    EXPECT_EQ(fresh_for({"public, max-age=600", "", "", ""}, now), 10min);
    EXPECT_EQ(fresh_for({"Max-Age=\"600\"", "100", "", ""}, now), 500s);
    EXPECT_EQ(fresh_for({"max-age=60", "100", "", ""}, now), 0s);
    EXPECT_EQ(fresh_for({"no-cache, max-age=600", "", "", ""}, now), 0s);
    EXPECT_EQ(fresh_for({"max-age=x", "", "Wed, 25 Nov 2026 12:30:00 GMT", ""}, now), 30min);
    EXPECT_EQ(fresh_for({"", "", "Wed, 25 Nov 2026 12:30:00 GMT", "Wed, 25 Nov 2026 12:20:00 GMT"}, now), 10min);
    EXPECT_EQ(fresh_for({"", "", "Wed, 25 Nov 2020 12:30:00 GMT", ""}, now), 0s);
    EXPECT_EQ(fresh_for({"private", "", "0", ""}, now), std::nullopt);
    EXPECT_EQ(fresh_for({"", "", "", ""}, now), std::nullopt);
}
TEST(parse_http_date, reads_all_three_forms) {
    const timestamp expected = parse_rfc3339("1994-11-06T08:49:37Z").value();
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
    for (const char* none : {"", "0", "-1", "1994-11-06", "Sun, 06 Nov 1994 08:49:37 CET"})
        EXPECT_FALSE(parse_http_date(none)) << none;
}

}  // namespace
}  // namespace feedwatch::schedule
