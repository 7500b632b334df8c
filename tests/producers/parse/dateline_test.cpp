#include "producers/parse/dateline.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

TEST(dateline, names_the_agency) {
    EXPECT_EQ(agency_of_dateline("WASHINGTON (AP) \u2014 The president said"), "AP");
    EXPECT_EQ(agency_of_dateline("(Reuters) - Shares fell"), "Reuters");
    EXPECT_EQ(agency_of_dateline("BERLIN, Nov 25 (Reuters) \u2013 Germany"), "Reuters");
    EXPECT_EQ(agency_of_dateline("PARIS (France) (AFP) - x"), "AFP");
}

TEST(dateline, is_not_seen_in_prose) {
    EXPECT_EQ(agency_of_dateline("The Associated Press (AP) said on Monday"), "");
    EXPECT_EQ(agency_of_dateline("He joined (NASA) - and left"), "");
    EXPECT_EQ(agency_of_dateline(""), "");
    EXPECT_EQ(agency_of_dateline("One line\n(AP) - another"), "");
}

}  // namespace
}  // namespace feedwatch
