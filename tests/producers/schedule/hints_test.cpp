#include "producers/schedule/hints.hpp"

#include <gtest/gtest.h>

#include "producers/schedule/http_date.hpp"

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

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
