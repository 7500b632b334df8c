#include "producers/parse/date.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

struct case_of {
    const char* text;
    const char* expected;
    bool exact = true;
};

class feed_dates : public testing::TestWithParam<case_of> {};

TEST_P(feed_dates, are_read) {
    const auto date = parse_feed_date(GetParam().text);
    ASSERT_TRUE(date) << GetParam().text;
    EXPECT_EQ(to_rfc3339(date->when), GetParam().expected) << GetParam().text;
    EXPECT_EQ(date->exact, GetParam().exact) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(rfc_822, feed_dates,
                         testing::Values(case_of{"Wed, 25 Nov 2026 08:30:00 GMT", "2026-11-25T08:30:00Z"},
                                         case_of{"Wed, 25 Nov 2026 08:30:00 +0100", "2026-11-25T07:30:00Z"},
                                         case_of{"25 Nov 2026 08:30 EST", "2026-11-25T13:30:00Z"},
                                         case_of{"Wed, 25 Nov 26 08:30:00 PDT", "2026-11-25T15:30:00Z"},
                                         case_of{"Thu, 31 Dec 98 23:59:60 UT", "1999-01-01T00:00:00Z"},
                                         case_of{"Fri, 1 Jan 49 00:00:00 Z", "2049-01-01T00:00:00Z"},
                                         case_of{"Fri, 1 Jan 50 00:00:00 Z", "1950-01-01T00:00:00Z"},
                                         case_of{"Mon, 24 Dec 2001 24:00:00 GMT", "2001-12-25T00:00:00Z"},
                                         case_of{"Sun, 19 May 2002 15:21:36 GMT+02:00", "2002-05-19T13:21:36Z"},
                                         case_of{"Tue,10 Jun 2003 04:00:00 CEST", "2003-06-10T02:00:00Z"},
                                         case_of{"Tuesday, 10 June 2003 04:00:00 -0330", "2003-06-10T07:30:00Z"},
                                         case_of{"10-Jun-2003 04:00:00 GMT", "2003-06-10T04:00:00Z"},
                                         case_of{"03 Apr 02 1500 GMT", "2002-04-03T15:00:00Z"},
                                         case_of{"Sat, 1 Jan 102 00:00:00 GMT", "2002-01-01T00:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(without_zone_or_time, feed_dates,
                         testing::Values(case_of{"Wed, 25 Nov 2026 08:30:00", "2026-11-25T08:30:00Z", false},
                                         case_of{"Wed, 25 Nov 2026", "2026-11-25T00:00:00Z", false},
                                         case_of{"2026-11-25T08:30:00", "2026-11-25T08:30:00Z", false},
                                         case_of{"Wed, 25 Nov 2026 08:30:00 XYZT", "2026-11-25T08:30:00Z", false}));

INSTANTIATE_TEST_SUITE_P(w3c, feed_dates,
                         testing::Values(case_of{"2026-11-25T08:30:00Z", "2026-11-25T08:30:00Z"},
                                         case_of{"2026-11-25T08:30:00.125+05:30", "2026-11-25T03:00:00.125Z"},
                                         case_of{"2026-11-25 08:30:00 +0000", "2026-11-25T08:30:00Z"},
                                         case_of{"2026-11-25T08:30Z", "2026-11-25T08:30:00Z"},
                                         case_of{"2026-11-25", "2026-11-25T00:00:00Z", false},
                                         case_of{"2026-11", "2026-11-01T00:00:00Z", false},
                                         case_of{"2026", "2026-01-01T00:00:00Z", false},
                                         case_of{"20261125T083000Z", "2026-11-25T08:30:00Z"},
                                         case_of{"20261125", "2026-11-25T00:00:00Z", false},
                                         case_of{"2026/11/25 08:30", "2026-11-25T08:30:00Z", false},
                                         case_of{"2026-11-25T24:00:00Z", "2026-11-26T00:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(others, feed_dates,
                         testing::Values(case_of{"Wed Nov 25 08:30:00 2026", "2026-11-25T08:30:00Z", false},
                                         case_of{"Wed Nov 25 08:30:00 UTC 2026", "2026-11-25T08:30:00Z"},
                                         case_of{"November 25, 2026 8:30 PM EST", "2026-11-26T01:30:00Z"},
                                         case_of{"25.11.2026 08:30", "2026-11-25T08:30:00Z", false},
                                         case_of{"11/25/2026 8:30:00 AM", "2026-11-25T08:30:00Z", false},
                                         case_of{"25/11/2026 12:30 am", "2026-11-25T00:30:00Z", false},
                                         case_of{"Mi, 25 Dez 2026 08:30:00 +0100", "2026-12-25T07:30:00Z"},
                                         case_of{"mar., 12 août 2025 08:30:00 +0200", "2025-08-12T06:30:00Z"},
                                         case_of{"1518478934", "2018-02-12T23:42:14Z"},
                                         case_of{"1518478934125", "2018-02-12T23:42:14.125Z"},
                                         case_of{"  \n Wed, 25 Nov 2026 08:30:00 GMT \t", "2026-11-25T08:30:00Z"}));

// The years that databases and protocols of our own cannot hold.
INSTANTIATE_TEST_SUITE_P(years_out_of_range, feed_dates,
                         testing::Values(case_of{"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", false},
                                         case_of{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
                                         case_of{"9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.999Z"},
                                         case_of{"300000-01-01T00:00:00Z", "9999-01-01T00:00:00Z", false},
                                         case_of{"Mon, 01 Jan 0001 00:00:00 +0500", "0001-01-01T00:00:00Z"}));

TEST(texts_as_dates, that_are_none_are_not_guessed) {
    for (const char* text : {"", " ", "today", "soon", "2026-13-01", "2026-02-30", "Wed, 32 Nov 2026", "25:61", "Nov",
                             "12", "Wed, 25 Nov 2026 25:00:00 GMT", "-1", "\xff\xfe"})
        EXPECT_FALSE(parse_feed_date(text)) << text;
    EXPECT_FALSE(parse_feed_date(std::string(1000000, '1')));
}

}  // namespace

}  // namespace feedwatch
