#include "producers/extract/page_head.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

constexpr const char* here = "https://news.example.org/2024/story?utm_source=x";

TEST(page_head, the_canonical_link_is_resolved_against_the_page_or_its_base) {
    EXPECT_EQ(page_canonical("<head><link rel='shortlink canonical' href=' /a?b=1&amp;c=2 '></head>", here),
              "https://news.example.org/a?b=1&c=2");
    EXPECT_EQ(page_canonical("<base href='https://other.example/x/'><LINK HREF=y REL=Canonical>", here),
              "https://other.example/x/y");
}

TEST(page_head, what_is_no_canonical_link_says_nothing) {
    for (const char* html : {"", "<link rel=alternate href=/a>", "<link rel=canonical>", "<link rel=canonical href=''>",
                             "<link rel=canonical href='javascript:alert(1)'>", "<!-- <link rel=canonical href=/a> -->",
                             "<script>'<link rel=canonical href=/a>'</script>",
                             "<body><p>A comment: <link rel=canonical href=/a></p></body>"})
        EXPECT_EQ(page_canonical(html, here), "") << html;
}

TEST(page_head, the_charset_that_a_page_declares) {
    EXPECT_EQ(page_charset("<meta charset=\"Shift_JIS\">"), "shift_jis");
    EXPECT_EQ(page_charset("<META http-equiv=Content-Type content='text/html; charset=iso-8859-2'>"), "iso-8859-2");
    EXPECT_EQ(page_charset("<meta charset=koi8-r/>"), "koi8-r");
    EXPECT_EQ(page_charset("<meta name=charset><p>charset=x</p>"), "");
    EXPECT_EQ(page_charset(std::string(2000, ' ') + "<meta charset=koi8-r>"), "");
}

}  // namespace
}  // namespace feedwatch
