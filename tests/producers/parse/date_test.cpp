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

INSTANTIATE_TEST_SUITE_P(iso_8601, feed_dates,
                         testing::Values(case_of{"2026-W48-5", "2026-11-27T00:00:00Z", false},
                                         case_of{"2026W485T10:00Z", "2026-11-27T10:00:00Z"},
                                         case_of{"2026-W01", "2025-12-29T00:00:00Z", false},
                                         case_of{"2026-331", "2026-11-27T00:00:00Z", false},
                                         case_of{"2026331", "2026-11-27T00:00:00Z", false},
                                         case_of{"2024-366T10:00:00Z", "2024-12-31T10:00:00Z"},
                                         case_of{"26-11-27", "2026-11-27T00:00:00Z", false},
                                         case_of{"261127", "2026-11-27T00:00:00Z", false},
                                         case_of{"2026-012-31T10:14:55Z", "2026-12-31T10:14:55Z"}));

INSTANTIATE_TEST_SUITE_P(month_and_day_swapped, feed_dates,
                         testing::Values(case_of{"2026-27-11T10:00:00Z", "2026-11-27T10:00:00Z"},
                                         case_of{"2026/27/11", "2026-11-27T00:00:00Z", false}));

INSTANTIATE_TEST_SUITE_P(zone_before_year, feed_dates,
                         testing::Values(case_of{"Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z"},
                                         case_of{"Fri Nov 27 10:00:00 GMT+01:00 2026", "2026-11-27T09:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(american_zones_without_season, feed_dates,
                         testing::Values(case_of{"Mon, 26 January 2004 16:31:00 AT", "2004-01-26T20:31:00Z"},
                                         case_of{"Mon, 26 January 2004 16:31:00 CT", "2004-01-26T22:31:00Z"},
                                         case_of{"Mon, 26 January 2004 16:31:00 pt", "2004-01-27T00:31:00Z"}));

INSTANTIATE_TEST_SUITE_P(east_asian, feed_dates,
                         testing::Values(case_of{"2026年11月27日 10:00", "2026-11-27T10:00:00Z", false},
                                         case_of{"2026年11月27日 下午 1:05", "2026-11-27T13:05:00Z", false},
                                         case_of{"2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z", false},
                                         case_of{"2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z", false},
                                         case_of{"2026. 11. 27. 10:00", "2026-11-27T10:00:00Z", false},
                                         case_of{"27 Nov 2026 1:05 p.m. EST", "2026-11-27T18:05:00Z"}));

INSTANTIATE_TEST_SUITE_P(month_names, feed_dates,
                         testing::Values(case_of{"27 novembre 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27 de noviembre de 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27. Dezember 2026", "2026-12-27T00:00:00Z", false},
                                         case_of{"27 gennaio 2026", "2026-01-27T00:00:00Z", false},
                                         case_of{"27 de março de 2026", "2026-03-27T00:00:00Z", false},
                                         case_of{"27 mei 2026", "2026-05-27T00:00:00Z", false},
                                         case_of{"27 desember 2026", "2026-12-27T00:00:00Z", false},
                                         case_of{"27 marraskuuta 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27 listopada 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27. července 2026", "2026-07-27T00:00:00Z", false},
                                         case_of{"27. června 2026", "2026-06-27T00:00:00Z", false},
                                         case_of{"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"},
                                         case_of{"27 Kasım 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27 Mart 2026", "2026-03-27T00:00:00Z", false},
                                         case_of{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
                                         case_of{"Пт, 27 НОЯБРЯ 2026 10:00:00 +0300", "2026-11-27T07:00:00Z"},
                                         case_of{"27 листопада 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"27 липня 2026", "2026-07-27T00:00:00Z", false},
                                         case_of{"٢٧ نوفمبر ٢٠٢٦", "2026-11-27T00:00:00Z", false},
                                         case_of{"27 नवंबर 2026", "2026-11-27T00:00:00Z", false},
                                         case_of{"martes, 27 oct 2026 10:00:00 +0000", "2026-10-27T10:00:00Z"}));

// The years that databases and protocols of our own cannot hold.
INSTANTIATE_TEST_SUITE_P(years_out_of_range, feed_dates,
                         testing::Values(case_of{"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", false},
                                         case_of{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
                                         case_of{"9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.999Z"},
                                         case_of{"300000-01-01T00:00:00Z", "9999-01-01T00:00:00Z", false},
                                         case_of{"Mon, 01 Jan 0001 00:00:00 +0500", "0001-01-01T00:00:00Z"}));

TEST(texts_as_dates, that_are_none_are_not_guessed) {
    for (const char* text :
         {"", " ", "today", "soon", "2026-13-13", "2026-02-30", "2026-W54-1", "2026-366", "2026-xx-27", "22013",
          "Wed, 32 Nov 2026", "25:61", "Nov", "12", "Wed, 25 Nov 2026 25:00:00 GMT", "-1", "\xff\xfe"})
        EXPECT_FALSE(parse_feed_date(text)) << text;
    EXPECT_FALSE(parse_feed_date(std::string(1000000, '1')));
}

}  // namespace

}  // namespace feedwatch
