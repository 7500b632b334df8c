#include "core/ascii.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

TEST(ascii_lower, changes_capital_letters_and_nothing_else) {
    EXPECT_EQ(ascii_lower("@AZ[`az{ 09"), "@az[`az{ 09");
    EXPECT_EQ(ascii_lower("\xC3\x89t\xC3\xA9 \xFF"), "\xC3\x89t\xC3\xA9 \xFF");
}

TEST(equal_ignoring_case, compares_whole_texts) {
    EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
    EXPECT_TRUE(equal_ignoring_case("", ""));
    EXPECT_FALSE(equal_ignoring_case("content", "content-type"));
    EXPECT_FALSE(equal_ignoring_case("@", "`"));
    EXPECT_FALSE(equal_ignoring_case("\xC3\x89", "\xC3\xA9"));
}

TEST(ascii_trimmed, takes_blanks_and_control_characters_from_both_ends) {
    EXPECT_EQ(ascii_trimmed(" \t\r\n\x01 a \n b \x1f\n"), "a \n b");
    EXPECT_EQ(ascii_trimmed(" \n"), "");
    EXPECT_EQ(ascii_trimmed("\xC2\xA0\x7F"), "\xC2\xA0\x7F");
}

}  // namespace
}  // namespace feedwatch
