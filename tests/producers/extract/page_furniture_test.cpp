// What stands around an article on many sites, told by its structure, its roles or its words: each page has one kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/text/lower.hpp"
#include "producers/extract/notices.hpp"
#include "producers/extract/page.hpp"
#include "producers/extract/pleas.hpp"

namespace feedwatch {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* one =
    "The orchard society said on Friday that it would graft the old pear again, on the slope above the mill.";
constexpr const char* two =
    "Nobody knows who planted it, but a map of 1791 shows a tree there, and two letters speak of its fruit.";
constexpr const char* three =
    "Cuttings were taken in February, the chair said, and will be given to schools, if the frost spares them.";

std::string p(const std::string& text) {
    return "<p>" + text + "</p>";
}
std::string story() {
    return p(one) + p(two) + p(three);
}
std::string text_of(const std::string& body) {
    const auto text = extract_page("<!doctype html><html><body>" + body + "</body></html>", "https://example.org/1");
    return text ? *text : "no text: " + text.error().message();
}
auto has_story() {
    return AllOf(HasSubstr(one), HasSubstr(two), HasSubstr(three));
}
auto lacks(const std::string& text) {
    return Not(HasSubstr(text));
}

// A teaser of another article, without a name that says so.
std::string card(const std::string& tag, int number, const std::string& href) {
    return "<" + tag + " class=x" + std::to_string(number) + "><h3><a href='" + href +
           "'>A headline about weather and fields</a></h3><p>Rain fell in the valley for a week, and the hay was lost "
           "to it, farmers in three villages said.</p></" +
           tag + ">";
}
std::string cards(const std::string& tag, int count, const std::string& href = "/other") {
    std::string out;
    for (int i = 0; i < count; ++i) out += card(tag, i, href);
    return out;
}

TEST(page_cards, go_from_a_column_in_which_they_outweigh_the_story) {
    for (const char* tag : {"li", "div", "article", "section"})
        EXPECT_THAT(text_of("<div><div>" + story() + story() + "</div><div>" + cards(tag, 12) + "</div></div>"),
                    AllOf(has_story(), lacks("Rain fell")))
            << tag;
}

TEST(page_cards, go_from_between_the_paragraphs) {
    EXPECT_THAT(text_of("<div>" + p(one) + p(two) + "<div>" + cards("div", 3) + "</div>" + p(three) + "</div>"),
                AllOf(has_story(), lacks("Rain fell")));
}

TEST(page_cards, go_though_an_advertisement_stands_among_them) {
    EXPECT_THAT(
        text_of("<div>" + story() + "<ul>" + cards("li", 2) + "<li>Buy rope</li>" + cards("li", 2) + "</ul></div>"),
        AllOf(has_story(), lacks("Rain fell")));
}

TEST(page_cards, are_more_than_two) {
    EXPECT_THAT(text_of("<div>" + story() + "<div>" + cards("div", 2) + "</div></div>"), HasSubstr("Rain fell"));
}

TEST(page_cards, stay_where_they_are_what_the_page_is_about) {
    EXPECT_THAT(text_of("<div>" + p("Four") + cards("div", 12) + "</div>"), HasSubstr("Rain fell"));
    EXPECT_THAT(text_of("<div class=entry-content>" + story() + "<div>" + cards("div", 12) + "</div></div>"),
                HasSubstr("Rain fell"))
        << "an author's collection";
}

TEST(page_cards, are_no_chapters_with_links_to_themselves) {
    EXPECT_THAT(text_of("<div>" + story() + "<div>" + cards("section", 4, "/1#chapter") + "</div></div>"),
                HasSubstr("Rain fell"));
}

TEST(page_cards, have_no_links_in_their_prose_and_are_short) {
    const std::string long_text = p(std::string(one) + two + three + one + two + three + one + two);
    const std::string linked =
        p("The society, <a href=/c>founded by the miller</a>, grafts pears and apples, and lends its ladders to all.");
    for (const std::string& text : {long_text, linked}) {
        std::string chapters;
        for (int i = 0; i < 4; ++i) chapters += "<div><h3><a href=/v>The society's own site</a></h3>" + text + "</div>";
        EXPECT_THAT(text_of("<div>" + story() + "<div>" + chapters + "</div></div>"), HasSubstr("own site"));
    }
}

TEST(page_furniture, is_told_by_an_aria_label) {
    EXPECT_THAT(text_of("<article>" + story() +
                        "<section aria-label='Related articles'><p>Plums, too, are back, it "
                        "was said in spring, and so are quinces.</p></section></article>"),
                AllOf(has_story(), lacks("Plums")));
    EXPECT_THAT(text_of("<div aria-label='Article text'>" + story() + "</div>"), has_story());
}

TEST(page_furniture, is_told_by_the_types_of_schema_org) {
    for (const char* type : {"https://schema.org/WPSideBar", "http://schema.org/WPFooter", "WPAdBlock"})
        EXPECT_THAT(
            text_of("<article>" + story() + "<div itemscope itemtype='" + std::string(type) +
                    "'><p>Plums, too, are back, it was said in spring, and so are quinces.</p></div></article>"),
            AllOf(has_story(), lacks("Plums")))
            << type;
    EXPECT_THAT(text_of("<article itemtype='https://schema.org/NewsArticle'>" + story() +
                        "<div itemprop=author>Ada Quay, who writes about trees, since she was nine.</div></article>"),
                AllOf(has_story(), lacks("Ada")));
}

TEST(page_furniture, is_told_by_a_links_relation) {
    EXPECT_THAT(text_of("<article>" + story() + "<p>In <a rel=tag href=/t>pomology of old kinds</a></p></article>"),
                AllOf(has_story(), lacks("pomology")));
}

TEST(page_furniture, is_what_its_author_would_not_print) {
    for (const char* name : {"noprint", "no-print", "d-print-none", "hidden-print"})
        EXPECT_THAT(text_of("<article>" + story() + "<div class=" + name +
                            "><p>Plums, too, are back, it was said in spring, and so are quinces.</p></div></article>"),
                    AllOf(has_story(), lacks("Plums")))
            << name;
}

TEST(page_furniture, captions_and_graphics_go) {
    for (const char* name : {"thumbcaption", "imgCaption", "infographic", "interactive-embedded", "video-player"})
        EXPECT_THAT(text_of("<article>" + story() + story() + "<div class=" + name +
                            "><p>The pear, on a map of the year 1791.</p></div>" + story() + "</article>"),
                    AllOf(has_story(), lacks("of the year")))
            << name;
}

TEST(page_furniture, a_players_name_is_no_player) {
    EXPECT_THAT(text_of("<article>" + story() +
                        "<p>Then <span class=player-name>Rosa Quince</span> threw, and won.</p></article>"),
                HasSubstr("Rosa Quince"));
}

TEST(page_furniture, links_under_a_heading_without_a_box_go) {
    const std::string links =
        "<p><a href=/1>Plums are back in the valley</a> It was said in spring.</p><p><a href=/2>Quinces, too, are "
        "back again</a> Nobody knew.</p>";
    EXPECT_THAT(text_of("<article>" + p(one) + "<h3>Čtěte také</h3>" + links + "<h3>The map</h3>" + p(two) + p(three) +
                        "</article>"),
                AllOf(has_story(), HasSubstr("The map"), lacks("Plums"), lacks("také")));
    EXPECT_THAT(text_of("<article>" + p(one) + "<h2>Related work</h2>" + p(two) + p(three) + "</article>"),
                AllOf(has_story(), HasSubstr("Related work")));
}

TEST(page_furniture, a_heading_over_links_that_are_gone_goes_too) {
    EXPECT_THAT(text_of("<article>" + p(one) + "<h3>Related</h3><ul><li><a href=/1>Plums are back</a><li><a href=/2>" +
                        "So are quinces</a></ul>" + p(two) + p(three) + "</article>"),
                AllOf(has_story(), lacks("Related"), lacks("Plums")));
}

TEST(page_furniture, notices_and_share_bars_between_paragraphs_go) {
    EXPECT_THAT(
        text_of("<div>" + p(one) + p("Please enable JavaScript to see the map.") + p(two) +
                "<div><span>Facebook</span> <span>Twitter</span> <span>E-Mail</span> 12</div>" + p(three) + "</div>"),
        AllOf(has_story(), lacks("JavaScript"), lacks("Facebook")));
}

TEST(plea_headings, are_known_in_capitals_of_other_alphabets) {
    for (const char* heading : {"Читайте также", "À LIRE AUSSI", "ÄHNLICHE ARTIKEL", "Čtěte také", "ΣΧΕΤΙΚΆ ΆΡΘΡΑ",
                                "Baca juga", "こちらもおすすめ", "קראו גם"})
        EXPECT_TRUE(is_plea_heading(heading)) << heading;
    for (const char* heading : {"The pear", "Die Karte", "Über den Wolken", "Карта"})
        EXPECT_FALSE(is_plea_heading(heading)) << heading;
}

TEST(lower_case, is_of_the_same_length_and_leaves_what_it_does_not_know) {
    EXPECT_EQ(lower_of("ÀÉÞ×ß ŁŽŹŠČĶ ΑΩ АЯЁЇ Ab"), "àéþ×ß łžźščķ αω аяёї ab");
    EXPECT_EQ(lower_of("İĸŉŸſ日本"), "İĸŉŸſ日本");
    EXPECT_EQ(lower_of("\xC3"), "\xC3");
    EXPECT_EQ(lower_of("\xC3\x41\xD0"), "\xC3\x61\xD0");
}

TEST(notices, begin_with_what_programs_say_and_are_short) {
    EXPECT_TRUE(is_notice("WE USE COOKIES to make this better."));
    EXPECT_TRUE(is_notice("Wir verwenden Cookies."));
    EXPECT_FALSE(is_notice("Bakers use cookies to train."));
    EXPECT_FALSE(is_notice("We use cookies" + std::string(240, '.')));
}

TEST(share_bars, are_names_of_networks_and_nothing_else) {
    EXPECT_TRUE(is_share_bar("Share on Facebook"));
    EXPECT_TRUE(is_share_bar("Facebook | Twitter | WhatsApp (12)"));
    EXPECT_FALSE(is_share_bar("Facebook"));
    EXPECT_FALSE(is_share_bar("Print e-mail link")) << "no network";
    EXPECT_FALSE(is_share_bar("Facebook on Twitter.")) << "a sentence";
    EXPECT_FALSE(is_share_bar("Facebook sued Twitter"));
    EXPECT_FALSE(is_share_bar("Facebook Twitter" + std::string(150, ' ')));
    EXPECT_FALSE(is_share_bar(""));
}

// Many siblings, and many levels of the same title: each is looked at once.
TEST(page_cards, are_found_in_linear_time) {
    std::string nested;
    for (int i = 0; i < 200; ++i) nested += "<div><section>";
    nested += cards("li", 20000);
    std::string enough;
    for (int i = 0; i < 10; ++i) enough += story();
    EXPECT_THAT(text_of("<div>" + enough + "</div>" + nested), AllOf(has_story(), lacks("Rain fell")));
}

}  // namespace
}  // namespace feedwatch
