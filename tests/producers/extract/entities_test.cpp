#include "producers/extract/entities.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

std::string decoded(std::string_view text, entity_rules rules = entity_rules::text) {
    std::string out;
    decode_entities(text, rules, out);
    return out;
}

TEST(character_references, by_name_and_by_number) {
    EXPECT_EQ(decoded("&amp;&lt;&gt;&quot;&apos;&nbsp;&eacute;&euro;&hellip;"), "&<>\"'\u00A0é€…");
    EXPECT_EQ(decoded("&#65;&#x42;&#X43;&#8364;&#x1F600;"), "ABC€😀");
    EXPECT_EQ(decoded("&CounterClockwiseContourIntegral;&NotEqualTilde;"), "∳≂̸");
    EXPECT_EQ(decoded("&AElig;&zwnj;&Aacute;&aacute;"), "Æ\u200CÁá");
}

TEST(character_references, of_windows_1252_mean_what_their_authors_meant) {
    EXPECT_EQ(decoded("&#145;&#150;&#133;"), "‘–…");
}

TEST(character_references, that_name_no_character_are_replaced) {
    EXPECT_EQ(decoded("&#0;&#xD800;&#x110000;&#99999999999999999999;"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(character_references, without_semicolon_work_in_text_and_not_in_links) {
    EXPECT_EQ(decoded("&copy 2024 &notit; &ampamp;"), "© 2024 ¬it; &amp;");
    EXPECT_EQ(decoded("?a=1&copy=2&reg", entity_rules::attribute), "?a=1&copy=2®");
    EXPECT_EQ(decoded("a&copy b &#65 &amp;", entity_rules::xml), "a&copy b &#65 &");
}

TEST(character_references, that_are_none_stay) {
    EXPECT_EQ(decoded("AT&T & &; &# &#; &#x; &unknown; &"), "AT&T & &; &# &#; &#x; &unknown; &");
}

}  // namespace
}  // namespace feedwatch
