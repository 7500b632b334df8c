#include "producers/extract/sanitise.hpp"

#include <gtest/gtest.h>

namespace feedwatch {
namespace {

constexpr const char* base = "https://example.com/dir/page";

TEST(sanitise_html, keeps_what_articles_are_made_of) {
    EXPECT_EQ(sanitise_html("<p>a <b>b</b> &amp; <a href='x.html' title=\"t\">c</a></p>", base),
              "<p>a <b>b</b> &amp; <a href=\"https://example.com/dir/x.html\" title=\"t\">c</a></p>");
    EXPECT_EQ(sanitise_html("<img src=/i.png alt='a \"b\"'><br/>", base),
              "<img src=\"https://example.com/i.png\" alt=\"a &quot;b&quot;\"><br>");
}

TEST(sanitise_html, drops_all_that_runs_or_embeds) {
    EXPECT_EQ(
        sanitise_html(
            "a<script>alert(1)</script><style>x</style><iframe src=x></iframe><object data=x>y</object><embed src=x>b",
            base),
        "ab");
    EXPECT_EQ(sanitise_html("<p onclick=alert(1) style='x' class=y>a</p>", base), "<p>a</p>");
    EXPECT_EQ(sanitise_html("<img src=x onerror=alert(1)>", base), "<img src=\"https://example.com/dir/x\">");
    EXPECT_EQ(sanitise_html("<svg onload=alert(1)><a href=x>y</a></svg>", base), "");
    EXPECT_EQ(sanitise_html("<form action=x><input name=y>text</form>", base), "text");
}

TEST(sanitise_html, drops_links_that_are_no_links) {
    for (const char* link :
         {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "&#106;avascript:alert(1)",
          " javascript:x", "data:text/html,x", "vbscript:x", "\x01javascript:x"})
        EXPECT_EQ(sanitise_html("<a href=\"" + std::string(link) + "\">x</a>", base), "<a>x</a>") << link;
    EXPECT_EQ(sanitise_html("<a href='mailto:a@b.c'>x</a>", base), "<a href=\"mailto:a@b.c\">x</a>");
    EXPECT_EQ(sanitise_html("<img src='data:image/png;base64,x'>", base), "");
}

TEST(sanitise_html, closes_what_is_open_and_ignores_what_closes_nothing) {
    EXPECT_EQ(sanitise_html("<p><b>x", base), "<p><b>x</b></p>");
    EXPECT_EQ(sanitise_html("</div>x</p>", base), "x");
    EXPECT_EQ(sanitise_html("<b><i>x</b>y</i>", base), "<b><i>x</i></b>y");
    EXPECT_EQ(sanitise_html("<p/>x", base), "<p></p>x");
}

TEST(sanitise_html, escapes_text_that_looks_like_markup) {
    EXPECT_EQ(sanitise_html("&lt;script&gt;alert(1)&lt;/script&gt; 1 < 2", base),
              "&lt;script&gt;alert(1)&lt;/script&gt; 1 &lt; 2");
    EXPECT_EQ(sanitise_html("<![CDATA[<script>]]>", base), "&lt;script&gt;");
    EXPECT_EQ(sanitise_html("<a title=\"&quot;&gt;&lt;script&gt;\">x</a>", base),
              "<a title=\"&quot;&gt;&lt;script&gt;\">x</a>");
}

TEST(sanitise_html, means_the_same_when_done_again) {
    for (const char* html : {"<p>a <b>b</i> &amp;amp; <a href=x>", "<table><td>x<tr>", "<x-y>z</x-y>",
                             "<p title='<b>'>x</p>", "&lt;b&gt;"}) {
        const std::string once = sanitise_html(html, base);
        EXPECT_EQ(sanitise_html(once, base), once) << html;
    }
}

TEST(sanitise_html, limits_depth_and_stays_linear) {
    std::string deep;
    for (int i = 0; i < 200000; ++i) deep += "<div>";
    for (int i = 0; i < 200000; ++i) deep += "</b>";
    const std::string out = sanitise_html(deep, base);
    EXPECT_LT(out.size(), 200U * 12U);
}

}  // namespace
}  // namespace feedwatch
