// skipHours and skipDays: when asking is useless.
#include "producers/schedule/hints.hpp"

#include <gtest/gtest.h>

#include "core/time.hpp"

namespace feedwatch::schedule {
namespace {

using namespace std::chrono_literals;

timestamp at(const char* text) {
    return parse_rfc3339(text).value();
}
using hours = std::vector<std::uint8_t>;
using days = std::vector<std::string>;

// 2026-11-25 is a Wednesday.
TEST(after_skips, waits_for_the_end_of_the_hours_that_are_skipped_and_keeps_the_minute) {
    const hours night{0, 1, 2, 3, 4, 5, 22, 23};
    EXPECT_EQ(after_skips(at("2026-11-25T21:59:59Z"), night, {}), at("2026-11-25T21:59:59Z"));
    EXPECT_EQ(after_skips(at("2026-11-25T22:00:00Z"), night, {}), at("2026-11-26T06:00:00Z"));
    EXPECT_EQ(after_skips(at("2026-11-25T23:17:05Z"), night, {}), at("2026-11-26T06:17:05Z"));
    EXPECT_EQ(after_skips(at("2026-11-26T05:59:59Z"), night, {}), at("2026-11-26T06:59:59Z"));
    EXPECT_EQ(after_skips(at("2026-11-26T06:00:00Z"), night, {}), at("2026-11-26T06:00:00Z"));
}
TEST(after_skips, waits_for_the_end_of_the_days_that_are_skipped) {
    const days weekend{"saturday", "sunday"};
    EXPECT_EQ(after_skips(at("2026-11-27T23:59:00Z"), {}, weekend), at("2026-11-27T23:59:00Z"));
    EXPECT_EQ(after_skips(at("2026-11-28T00:00:00Z"), {}, weekend), at("2026-11-30T00:00:00Z"));
    EXPECT_EQ(after_skips(at("2026-11-29T12:30:00Z"), {}, weekend), at("2026-11-30T00:30:00Z"));
    EXPECT_EQ(after_skips(at("2026-11-29T12:30:00Z"), {0, 1, 2}, weekend), at("2026-11-30T03:30:00Z"));
}
TEST(after_skips, does_not_believe_what_would_skip_more_than_three_days) {
    hours all;
    for (std::uint8_t h = 0; h < 24; ++h) all.push_back(h);
    const timestamp due = at("2026-11-25T12:00:00Z");
    EXPECT_EQ(after_skips(due, all, {}), due);
    EXPECT_EQ(after_skips(due, {}, {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}),
              due);
    EXPECT_EQ(after_skips(at("2026-11-25T00:00:00Z"), {}, {"wednesday", "thursday", "friday"}),
              at("2026-11-28T00:00:00Z"));
    EXPECT_EQ(after_skips(at("2026-11-25T00:00:00Z"), {}, {"wednesday", "thursday", "friday", "saturday"}),
              at("2026-11-25T00:00:00Z"));
}
TEST(after_skips, ignores_what_is_no_hour_and_no_day) {
    const timestamp due = at("2026-11-25T12:00:00Z");
    EXPECT_EQ(after_skips(due, {24, 255}, {"someday", ""}), due);
    EXPECT_EQ(after_skips(due, {}, {}), due);
}
TEST(after_skips, works_before_1970_and_far_in_the_future) {
    EXPECT_EQ(after_skips(at("1969-12-31T23:30:00Z"), {23}, {}), at("1970-01-01T00:30:00Z"));
    EXPECT_EQ(after_skips(at("9999-12-31T22:30:00Z"), {22}, {}), at("9999-12-31T23:30:00Z"));
}

}  // namespace
}  // namespace feedwatch::schedule
