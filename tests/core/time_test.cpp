#include "core/time.hpp"

#include <gtest/gtest.h>

#include <random>

namespace feedwatch {
namespace {

using namespace std::chrono_literals;

TEST(rfc3339, reads_back_what_it_writes) {
    std::mt19937_64 random(5);
    const auto first = parse_rfc3339("0001-01-01T00:00:00Z").value().time_since_epoch().count();
    const auto last = parse_rfc3339("9999-12-31T23:59:59.999Z").value().time_since_epoch().count();
    for (int i = 0; i < 20000; ++i) {
        const timestamp t{duration{std::uniform_int_distribution<std::int64_t>(first, last)(random)}};
        ASSERT_EQ(parse_rfc3339(to_rfc3339(t)).value(), t) << to_rfc3339(t);
    }
}

TEST(rfc3339, writes_milliseconds_only_where_there_are_some) {
    const timestamp t = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 8h + 30min;
    EXPECT_EQ(to_rfc3339(t), "2024-02-29T08:30:00Z");
    EXPECT_EQ(to_rfc3339(t + 7ms), "2024-02-29T08:30:00.007Z");
    EXPECT_EQ(to_rfc3339(timestamp{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(rfc3339, clamps_years_that_it_cannot_write) {
    EXPECT_EQ(to_rfc3339(timestamp::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(timestamp::min()), "0001-01-01T00:00:00Z");
}

TEST(rfc3339, takes_any_offset_and_cuts_fractions) {
    const auto noon = parse_rfc3339("2026-11-25T12:00:00Z").value();
    for (const std::string_view text :
         {"2026-11-25T13:00:00+01:00", "2026-11-25T06:30:00-05:30", "2026-11-25t12:00:00z",
          "2026-11-25 12:00:00.0009999999999999999Z", "2026-11-26T11:59:00+23:59"})
        EXPECT_EQ(parse_rfc3339(text).value(), noon) << text;
    EXPECT_EQ(parse_rfc3339("2026-11-25T12:00:00.1239Z").value(), noon + 123ms);
    EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z").value(), parse_rfc3339("2017-01-01T00:00:00Z").value());
}

TEST(rfc3339, refuses_everything_else) {
    for (const std::string_view text :
         {"", "2026", "2026-11-25", "2026-11-25T12:00Z", "2026-11-25T12:00:00", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z", "2026-11-25T24:00:00Z", "2026-11-25T12:60:00Z",
          "2026-11-25T12:00:61Z", "26-11-25T12:00:00Z", "2026-11-25T12:00:00+24:00", "2026-11-25T12:00:00+0100",
          "2026-11-25T12:00:00Zx", " 2026-11-25T12:00:00Z", "2026-11-25T12:00:00+01:60", "+026-11-25T12:00:00Z",
          "Wed, 25 Nov 2026 12:00:00 GMT"})
        EXPECT_EQ(parse_rfc3339(text).error().code, make_error_code(errc::malformed)) << text;
}

TEST(durations, read_back_what_they_write) {
    std::mt19937_64 random(6);
    for (int i = 0; i < 20000; ++i) {
        const duration d{static_cast<std::int64_t>(random() >> (24 + random() % 40))};
        ASSERT_EQ(parse_duration(to_string(d)).value(), d) << to_string(d);
    }
}

TEST(durations, are_written_in_their_shortest_form) {
    EXPECT_EQ(to_string(0ms), "0s");
    EXPECT_EQ(to_string(90s), "1m30s");
    EXPECT_EQ(to_string(1500ms), "1s500ms");
    EXPECT_EQ(to_string(duration{24h * 30}), "30d");
    EXPECT_EQ(parse_duration("2w").value(), duration{24h * 14});
    EXPECT_EQ(parse_duration("1h30m").value(), duration{90min});
}

TEST(durations, refuse_what_has_no_unit_or_does_not_fit) {
    for (const std::string_view text : {"", "5", "m", "-5m", "5 m", "1.5h", "5M", "5min", "m5", "1h30", "9999999999s"})
        EXPECT_EQ(parse_duration(text).error().code, make_error_code(errc::malformed)) << text;
    std::string many;
    for (int i = 0; i < 100; ++i) many += "999999999w";
    EXPECT_FALSE(parse_duration(many));
}

}  // namespace
}  // namespace feedwatch
