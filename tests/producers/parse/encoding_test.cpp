#include "producers/parse/encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/utf8.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct outcome {
    std::string text;
    std::vector<std::string> warnings;
};
outcome decode(std::string_view bytes, std::string_view content_type = {}) {
    outcome out;
    std::string storage;
    out.text = decode_document(bytes, content_type, storage, out.warnings);
    return out;
}

std::string utf16(std::string_view ascii, bool big, bool mark) {
    std::string out;
    if (mark) out += big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : ascii) {
        if (big) out += '\0';
        out += c;
        if (!big) out += '\0';
    }
    return out;
}

TEST(encoding, utf8_needs_no_declaration) {
    const outcome o = decode("\xEF\xBB\xBF<rss>\u00e9</rss>");
    EXPECT_EQ(o.text, "<rss>\u00e9</rss>");
    EXPECT_THAT(o.warnings, IsEmpty());
}

TEST(encoding, declared_latin1_is_windows_1252) {
    EXPECT_EQ(decode("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\xE9\x93").text,
              "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>é“");
    EXPECT_EQ(decode("<rss>\xE9</rss>", "text/xml; charset=\"windows-1252\"").text, "<rss>é</rss>");
    EXPECT_EQ(decode("<?xml version='1.0' encoding='koi8-r'?>\xC1").text, "<?xml version='1.0' encoding='koi8-r'?>а");
    EXPECT_EQ(decode("<?xml version='1.0' encoding='Shift_JIS'?>\x82\xA0").text,
              "<?xml version='1.0' encoding='Shift_JIS'?>あ");
    EXPECT_EQ(decode("<?xml version='1.0' encoding='GB2312'?>\xC4\xE3").text,
              "<?xml version='1.0' encoding='GB2312'?>你");
}

TEST(encoding, http_goes_before_the_document) {
    EXPECT_EQ(decode("<?xml version='1.0' encoding='koi8-r'?>\xE9", "text/xml; charset=iso-8859-1").text,
              "<?xml version='1.0' encoding='koi8-r'?>é");
}

TEST(encoding, utf8_bytes_are_utf8_whatever_is_declared) {
    const outcome o = decode("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\u20ac", "text/xml; charset=iso-8859-1");
    EXPECT_THAT(o.text, testing::EndsWith("\u20ac"));
    EXPECT_THAT(o.warnings, SizeIs(1));
}

TEST(encoding, latin1_bytes_declared_as_utf8_are_read_all_the_same) {
    const outcome o = decode("<?xml version=\"1.0\" encoding=\"utf-8\"?>caf\xE9 na\xEFve");
    EXPECT_THAT(o.text, testing::EndsWith("café naïve"));
    EXPECT_THAT(o.warnings, SizeIs(1));
}

TEST(encoding, undeclared_ones_of_other_scripts_are_told_by_their_statistics) {
    const auto russian = decode(
        "<rss><item><title>\xcf\xf0\xe5\xe7\xe8\xe4\xe5\xed\xf2 "
        "\xef\xee\xe4\xef\xe8\xf1\xe0\xeb \xed\xee\xe2\xfb\xe9 "
        "\xe7\xe0\xea\xee\xed</title></item></rss>");
    EXPECT_THAT(russian.text, HasSubstr("Президент подписал новый закон"));
    EXPECT_THAT(russian.warnings, ElementsAre("no encoding is declared; read as windows-1251"));
    const auto japanese = decode(
        "<?xml version='1.0' encoding='utf-8'?><title>\x8e\xf1\x91\x8a\x82\xaa\x90\x56"
        "\x82\xb5\x82\xa2\x97\x5c\x8e\x5a\x88\xc4\x82\xf0\x94\xad\x95\x5c</title>");
    EXPECT_THAT(japanese.text, HasSubstr("首相が新しい予算案を発表"));
    EXPECT_THAT(japanese.warnings, ElementsAre("the document says it is UTF-8, but it is not; read as windows-31j"));
}

TEST(encoding, stray_bytes_among_utf8_are_read_by_themselves) {
    const auto o = decode("<a>caf\xE9 caf\xC3\xA9 na\xC3\xAFve \x93q\x94 \xC3\xBC\xC3\xB6</a>");
    EXPECT_EQ(o.text, "<a>café café naïve “q” üö</a>");
    EXPECT_THAT(o.warnings, ElementsAre("invalid UTF-8 among valid, read as windows-1252"));
}

TEST(encoding, utf16_with_and_without_mark) {
    for (const bool big : {true, false})
        for (const bool mark : {true, false}) {
            const outcome o = decode(utf16("<?xml version=\"1.0\" encoding=\"utf-16\"?><rss/>", big, mark));
            EXPECT_EQ(o.text, "<?xml version=\"1.0\" encoding=\"utf-16\"?><rss/>");
            EXPECT_THAT(o.warnings, IsEmpty());
        }
}

TEST(encoding, an_unknown_or_impossible_one_is_guessed_with_a_warning) {
    EXPECT_THAT(decode("<?xml encoding=\"x-klingon\"?>\xE9.").text, testing::EndsWith("é."));
    EXPECT_THAT(decode("<?xml encoding=\"x-klingon\"?>\xE9.").warnings, SizeIs(1));
    EXPECT_THAT(decode("<?xml encoding=\"utf-16\"?>x").warnings, SizeIs(1));
    EXPECT_EQ(decode("<?xml encoding=\"utf-16\"?>\u00e9").text, "<?xml encoding=\"utf-16\"?>\u00e9");
}

TEST(encoding, overlong_forms_and_surrogates_are_replaced) {
    const outcome o = decode("<a>\xC0\x80 \xED\xA0\x80 \u00e9</a>");
    EXPECT_TRUE(is_valid_utf8(o.text));
    EXPECT_THAT(o.text, testing::HasSubstr("\uFFFD"));
    EXPECT_THAT(o.text, testing::HasSubstr("\u00e9"));
    EXPECT_THAT(o.warnings, SizeIs(1));
}

TEST(encoding, nul_goes_and_any_bytes_give_valid_utf8) {
    EXPECT_EQ(decode(std::string("ab\0c\xC3\xA9", 6)).text, "abcé");
    std::string bytes;
    for (int i = 255; i >= 0; --i) bytes += static_cast<char>(i);
    for (const char* type :
         {"", "x; charset=utf-8", "x; charset=utf-16", "x; charset=big5", "x; charset=iso-2022-jp", "x; charset="})
        EXPECT_TRUE(is_valid_utf8(decode(bytes, type).text)) << type;
}

TEST(encoding, a_pages_own_declaration_counts_where_the_server_says_nothing) {
    const std::string page =
        "<meta charset=iso-8859-2><p>\xB3\xF3"
        "d\xBC</p>";
    EXPECT_EQ(decode_page(page, ""), "<meta charset=iso-8859-2><p>\u0142\u00F3d\u017A</p>");
    EXPECT_EQ(decode_page(page, "text/html"), decode_page(page, ""));
    EXPECT_EQ(decode_page("<meta charset=iso-8859-2><p>\xE9</p>", "text/html; charset=iso-8859-1"),
              "<meta charset=iso-8859-2><p>\u00E9</p>");
    EXPECT_EQ(decode_page("<meta charset=iso-8859-2><p>\u00E9</p>", ""), "<meta charset=iso-8859-2><p>\u00E9</p>");
}

}  // namespace
}  // namespace feedwatch
