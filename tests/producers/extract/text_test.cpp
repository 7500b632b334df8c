#include "producers/extract/text.hpp"

#include <gtest/gtest.h>

#include "core/utf8.hpp"

namespace feedwatch {
namespace {

TEST(html_to_text, separates_paragraphs_and_collapses_blanks) {
    EXPECT_EQ(html_to_text("<p>One\n  two&nbsp;&#8195;three</p><p>Four</p>five"), "One two three\n\nFour\n\nfive");
    EXPECT_EQ(html_to_text("a<br>b<br><br>c"), "a\nb\n\nc");
    EXPECT_EQ(html_to_text("<ul><li>a<li>b</ul>"), "a\n\nb");
    EXPECT_EQ(html_to_text("<b>bo</b>ld <i>it</i>"), "bold it");
    EXPECT_EQ(html_to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a b\n\nc");
    EXPECT_EQ(html_to_text("<pre>x\n  y</pre>"), "x\ny");
}

TEST(html_to_text, drops_what_is_not_read) {
    EXPECT_EQ(html_to_text("a<style>b{}</style><script>c</script><iframe>d</iframe><!-- e -->f"), "af");
}

TEST(html_to_text, drops_zero_width_characters_and_soft_hyphens) {
    EXPECT_EQ(html_to_text("hy&shy;phen zero\u200Bwidth\uFEFF"), "hyphen zerowidth");
}

TEST(html_to_text, gives_valid_utf8_without_nul_for_any_bytes) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    const std::string text = html_to_text(bytes + bytes);
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST(html_to_blocks, knows_how_much_of_a_block_is_links) {
    const text_blocks blocks = html_to_blocks("<p>see <a href=x>this page</a></p><p>none</p>");
    ASSERT_EQ(blocks.blocks.size(), 2U);
    EXPECT_EQ(blocks.blocks[0].link_bytes, 9U);
    EXPECT_EQ(blocks.view(blocks.blocks[0]), "see this page");
    EXPECT_EQ(blocks.blocks[1].link_bytes, 0U);
}

TEST(title_text, strips_markup_and_keeps_what_is_none) {
    EXPECT_EQ(title_text("<b>Bold</b> &amp; <i>it</i>"), "Bold & it");
    EXPECT_EQ(title_text("AT&T <3 you"), "AT&T <3 you");
    EXPECT_EQ(title_text("vector<int> in C++"), "vector<int> in C++");
    EXPECT_EQ(title_text("a\n\t b\r\n"), "a b");
    EXPECT_EQ(title_text("<script>alert(1)</script>"), "");
    EXPECT_EQ(title_text("safe<object data=\"x\"> words<frameset rows=*><frame src=x></frameset>"), "safe words");
    EXPECT_EQ(title_text("the <head> element"), "the <head> element");
    EXPECT_EQ(title_text("<img src=x onerror=alert(1) alt='A &amp; B'>"), "A & B");
    EXPECT_EQ(title_text("<img src=x alt=picture> of it"), "of it");
    EXPECT_EQ(title_text("The <script> tag is old"), "The tag is old");
    EXPECT_EQ(title_text("x\x1b[31mred\x07"), "x [31mred");
}

TEST(html_to_text, keeps_every_word_that_a_reader_would_see) {
    EXPECT_EQ(html_to_text("if <math><mi>a</mi><mo>+</mo><mi>b</mi></math> then"), "if a+b then");
    EXPECT_EQ(html_to_text("about <title> and <iframe src=x> <b>more</b>"), "about and more");
    EXPECT_EQ(html_to_text("code <script> never closed"), "code");
}

// A factor of ten more input must not take a hundred times longer: counted by what a second pass over the doubled input
// costs would be flaky, so inputs are big enough that quadratic time would not end within the test's limit.
TEST(html_to_text, takes_linear_time_on_hostile_input) {
    const std::size_t size = 4U << 20U;
    for (const std::string piece : {"<", "<a", "<!--", "<svg>", "<script>", "</", "&", "&#", "&amp", "<![CDATA[",
                                    "<a b='", "<svg><math><select>", "<p ", "<!", "</p", "<a href=\"x\"", "<?"}) {
        std::string input;
        while (input.size() < size) input += piece;
        EXPECT_LE(html_to_text(input).size(), 2 * size + 16) << piece;
    }
}

}  // namespace
}  // namespace feedwatch
