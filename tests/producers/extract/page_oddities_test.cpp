// Pages by their oddity: each is as small as shows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "producers/extract/page.hpp"

namespace feedwatch {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* one =
    "The harbour office said on Tuesday that the northern basin would be dredged before winter, at the city's cost.";
constexpr const char* two =
    "Skippers had asked for that since spring, when two barges ran aground in one week, and nobody was hurt.";
constexpr const char* three =
    "Work starts in October, the office said, and ends before the first ice, if the weather allows it at all.";

std::string p(const std::string& text) {
    return "<p>" + text + "</p>";
}
std::string story() {
    return p(one) + p(two) + p(three);
}
std::string page(const std::string& body, const std::string& head = "") {
    return "<!doctype html><html><head>" + head + "</head><body>" + body + "</body></html>";
}
std::string text_of(const std::string& html) {
    const auto text = extract_page(html, "https://news.example.org/story");
    return text ? *text : "no text: " + text.error().message();
}

auto has_story() {
    return AllOf(HasSubstr(one), HasSubstr(two), HasSubstr(three));
}
auto lacks(const std::string& text) {
    return Not(HasSubstr(text));
}

TEST(page_oddities, an_article_in_a_soup_of_divs_without_names) {
    std::string soup;
    for (const char* text : {one, two, three}) soup += "<div><div><div>" + std::string(text) + "</div></div></div>";
    EXPECT_THAT(text_of(page("<div><div><a href=/a>Home</a> <a href=/b>Sport</a></div><div>" + soup + "</div></div>")),
                AllOf(has_story(), lacks("Sport")));
}

TEST(page_oddities, lines_parted_by_br_alone) {
    EXPECT_THAT(text_of(page(std::string("<div>") + one + "<br><br>" + two + "<br>" + three + "</div>")), has_story());
}

TEST(page_oddities, a_title_a_byline_and_a_date_stand_before_the_text) {
    EXPECT_THAT(
        text_of(page("<article><h1>Basin to be dredged</h1><p class=byline>By Ada Quay</p><div>12 May 2024</div>" +
                     story() + "</article>")),
        AllOf(has_story(), lacks("Basin"), lacks("Ada"), lacks("2024")));
}

TEST(page_oddities, a_title_in_a_heading_of_the_second_level) {
    EXPECT_THAT(text_of(page("<article><h2>Basin to be dredged</h2>" + story() + "<h2>What comes next</h2>" + p(two) +
                                 "</article>",
                             "<title>Basin to be dredged | The Quay</title>")),
                AllOf(has_story(), lacks("Basin to be dredged"), HasSubstr("What comes next")));
}

TEST(page_oddities, sub_headings_stay_and_those_over_nothing_go) {
    EXPECT_THAT(
        text_of(page("<article>" + p(one) + "<h2>The barges</h2>" + p(two) + p(three) +
                     "<h2>More from the port</h2><ul><li><a href=/1>Ferry late again after storm</a></ul></article>")),
        AllOf(has_story(), HasSubstr("The barges"), lacks("More from"), lacks("Ferry")));
}

TEST(page_oddities, a_thread_of_comments_longer_than_the_article) {
    std::string comments;
    for (int i = 0; i < 40; ++i)
        comments +=
            "<div class=comment>" + p("I do not agree, since the port was fine as it was, and costs less.") + "</div>";
    EXPECT_THAT(
        text_of(page("<article>" + story() + story() + "</article><section id=comments>" + comments + "</section>")),
        AllOf(has_story(), lacks("agree")));
}

TEST(page_oddities, a_cookie_banner_with_more_words_than_the_page) {
    std::string terms;
    for (int i = 0; i < 60; ++i)
        terms += p("We and our partners store data on your device, and read it, for purposes of measurement.");
    EXPECT_THAT(text_of(page("<div class='cookie-consent'>" + terms + "</div><main>" + story() + "</main>")),
                AllOf(has_story(), lacks("partners")));
}

TEST(page_oddities, related_links_inside_the_article) {
    EXPECT_THAT(
        text_of(
            page("<article>" + p(one) + "<p><a href=/2>READ ALSO: The quiet end of the old ferry</a></p>" + p(two) +
                 "<div class=related-stories><a href=/3>Ferry</a> <p>A teaser, with a sentence of its own.</p></div>" +
                 p(three) + "</article>")),
        AllOf(has_story(), lacks("READ ALSO"), lacks("teaser")));
}

TEST(page_oddities, a_box_of_links_that_only_its_heading_gives_away) {
    EXPECT_THAT(
        text_of(page("<article>" + story() + "<div><h3>Mehr zum Thema</h3>" +
                     p("Die Fähre kam im Sturm nicht an, und niemand wusste, warum das so war.") + "</div></article>")),
        AllOf(has_story(), lacks("Mehr zum"), lacks("Sturm")));
}

TEST(page_oddities, share_bars_newsletter_pleas_and_the_authors_portrait) {
    EXPECT_THAT(text_of(page("<article><div class=social-share>Share on Birdsite</div>" + story() +
                             "<div class=newsletter-signup>Get our mail every morning, it is free.</div>"
                             "<div class=author-bio>Ada Quay writes about ports, and lives near one.</div></article>")),
                AllOf(has_story(), lacks("Birdsite"), lacks("mail"), lacks("lives")));
}

TEST(page_oddities, captions_and_credits_of_pictures) {
    EXPECT_THAT(text_of(page("<article>" + p(one) +
                             "<figure><img src=x><figcaption>A barge in the basin.</figcaption></figure>"
                             "<p class=wp-caption-text>Another barge.</p>" +
                             p(two) + p(three) + "</article>")),
                AllOf(has_story(), lacks("A barge"), lacks("Another")));
}

TEST(page_oddities, a_name_does_not_condemn_what_holds_the_article) {
    for (const char* name : {"sidebar-layout", "content-widget", "share-enabled", "comments-open", "promo-wide"})
        EXPECT_THAT(text_of(page("<div class='" + std::string(name) + "'>" + story() + "</div><p>Imprint</p>")),
                    has_story())
            << name;
}

TEST(page_oddities, an_article_whose_names_are_of_a_paywall_above_comments_that_say_they_are_articles) {
    std::string comments;
    for (int i = 0; i < 8; ++i)
        comments += "<article class=comment-body>" + p("I read it, and I do not agree.") + p(two) + "</article>";
    const std::string text =
        text_of(page("<main><article class='post has-paywall'><div class='entry-content paywall-container'>" + story() +
                     story() + "</div></article><div class=comments>" + comments + "</div></main>"));
    EXPECT_THAT(text, AllOf(has_story(), lacks("agree")));
}

TEST(page_oddities, a_wrapper_named_after_its_advertisements_with_a_sidebar_of_more_words_inside) {
    std::string posts;
    for (int i = 0; i < 14; ++i) posts += p("The minister leaves the hall, and nobody has seen her since.");
    EXPECT_THAT(text_of(page("<div class=ad-portal><div><div>" + story() + story() +
                             "</div><aside class=sidebar><div class=live>" + posts + "</div></aside></div></div>")),
                AllOf(has_story(), lacks("minister")));
}

TEST(page_oddities, a_gallery_with_more_words_than_the_article_around_it) {
    std::string slides;
    for (int i = 0; i < 40; ++i)
        slides +=
            "<li><h2>" + std::to_string(i) + "/40</h2>" + p("A slide shows the ferry, as it was before.") + "</li>";
    std::string text;
    for (int i = 0; i < 6; ++i) text += story();
    EXPECT_THAT(text_of(page("<article><div class=text>" + text + "<div class='full-gallery'><ul>" + slides + slides +
                             slides + "</ul></div></div></article>")),
                AllOf(has_story(), lacks("slide")));
}

TEST(page_oddities, an_id_made_from_a_heading_is_no_name) {
    EXPECT_THAT(text_of(page("<article>" + p(one) + "<section id=sharing-with-a-single-developer>" + p(two) +
                             "</section>" + p(three) + "</article>")),
                has_story());
}

TEST(page_oddities, tables_lists_quotes_and_code_are_text) {
    const std::string text = text_of(
        page("<article>" + story() +
             "<ul><li>one rope</li><li>two anchors</li></ul><table><tr><td>Depth</td><td>4 m</td></tr>"
             "</table><blockquote><p>It was time,</p><blockquote><p>said the pilot.</p></blockquote></blockquote>"
             "<pre><code>if (tide) {\n  wait();\n}</code></pre>" +
             p(three) + "</article>"));
    EXPECT_THAT(text, AllOf(has_story(), HasSubstr("one rope\n\ntwo anchors"), HasSubstr("Depth 4 m"),
                            HasSubstr("said the pilot."), HasSubstr("if (tide) {\nwait();\n}")));
}

TEST(page_oddities, an_article_in_several_parts_of_one_kind) {
    EXPECT_THAT(text_of(page("<main><div><div class='story-body part-1'>" + p(one) + p(two) +
                             "</div></div><div class=ad>Buy</div>"
                             "<div><div class='story-body part-2'>" +
                             p(three) + "</div></div></main>")),
                has_story());
}

TEST(page_oddities, a_live_blog_of_many_posts) {
    std::string posts;
    for (int i = 0; i < 12; ++i)
        posts += "<article class=live-post><h3>1" + std::to_string(i % 10) + ":00</h3>" + p(i % 2 == 0 ? one : two) +
                 "</article>";
    EXPECT_THAT(text_of(page("<div class=live>" + posts + p(three) + "</div>")), has_story());
}

TEST(page_oddities, a_forum_whose_posts_are_named_comments) {
    std::string posts;
    for (int i = 0; i < 9; ++i) posts += "<div class=comment>" + p(one) + p(two) + "</div>";
    EXPECT_THAT(text_of(page("<div class=thread>" + posts + p(three) + "</div>")), has_story());
}

TEST(page_oddities, a_stub_before_a_paywall) {
    EXPECT_THAT(
        text_of(page("<article>" + p(one) +
                     "<div class=paywall><p>Subscribe now, and read on for one coin a week.</p></div></article>")),
        AllOf(HasSubstr(one), lacks("coin")));
}

TEST(page_oddities, a_text_for_readers_without_scripts_only) {
    EXPECT_THAT(text_of(page("<div id=app></div><noscript>" + story() + "</noscript>")), has_story());
    EXPECT_THAT(text_of(page("<article>" + story() +
                             "</article><noscript><p>Please switch JavaScript on, thank you.</p></noscript>")),
                AllOf(has_story(), lacks("JavaScript")));
}

TEST(page_oddities, a_page_that_stays_hidden_until_its_script_has_run) {
    EXPECT_THAT(text_of(page("<div style='visibility: hidden'><main>" + story() + "</main></div><p>Loading</p>")),
                has_story());
}

TEST(page_oddities, a_text_that_stands_in_linked_data_alone) {
    const std::string body = std::string(one) + "\\n\\n" + two + "\\n\\n" + three;
    const auto with = [&](const std::string& json) {
        return page("<div id=app>Loading</div>", "<script type='application/ld+json'>" + json + "</script>");
    };
    EXPECT_THAT(text_of(with("{\"@graph\":[{\"@type\":\"NewsArticle\",\"articleBody\":\"" + body + "\"}]}")),
                has_story());
    EXPECT_EQ(text_of(with("{\"articleBody\":\"" + body)), "Loading") << "broken JSON";
    EXPECT_EQ(text_of(with("{\"articleBody\":[1,2]}")), "Loading");
    EXPECT_EQ(text_of(with(std::string(100000, '['))), "Loading") << "depth";
}

TEST(page_oddities, scripts_without_latin_letters) {
    const std::string japanese =
        "港湾局は火曜日、北側の水域を冬の前に浚渫すると発表した。船長たちは春から、それを求めていた。作業は十月に始まり"
        "、初氷の前に終わる予定である。";
    const std::string arabic =
        "قال مكتب الميناء يوم الثلاثاء إن الحوض الشمالي سيُجرف قبل الشتاء، على نفقة المدينة. وكان الربابنة قد طالبوا "
        "بذلك منذ الربيع.";
    for (const std::string& text : {japanese, arabic})
        EXPECT_THAT(text_of(page("<div><a href=/1>ホーム</a></div><div>" + p(text) + p(text) +
                                 "</div><div><a href=/2>終わり</a></div>")),
                    AllOf(HasSubstr(text), lacks("ホーム")));
}

TEST(page_oddities, an_amp_page) {
    EXPECT_THAT(
        text_of("<!doctype html><html amp><head><style amp-boilerplate>body{visibility:hidden}</style></head><body>"
                "<amp-sidebar><p>Ports, tides, ships, and more.</p></amp-sidebar><article class=amp-wp-article>" +
                story() + "<amp-ad>Buy ropes, now.</amp-ad></article></body></html>"),
        AllOf(has_story()));
}

TEST(page_oddities, a_list_of_articles_is_none_and_that_is_said) {
    std::string list;
    for (int i = 0; i < 20; ++i)
        list += "<li><a href=/" + std::to_string(i) + ">A headline of some length, number " + std::to_string(i) +
                "</a></li>";
    EXPECT_THAT(text_of(page("<ul>" + list + "</ul>")),
                HasSubstr("no article in the page https://news.example.org/story"));
}

TEST(page_oddities, a_page_of_two_words) {
    EXPECT_EQ(text_of(page("Not here")), "Not here");
    EXPECT_EQ(text_of(page("<h1>Gone</h1>")), "Gone");
}

// A tree of n elements, of a shape that some step could look through again for every element.
TEST(page_oddities, hostile_shapes_are_read_in_linear_time) {
    const std::string names = "<div class='story-body related share comment'>";
    std::string wide, nested;
    for (int i = 0; i < 60000; ++i) wide += names + "<b></b></div>";
    for (int i = 0; i < 120; ++i) {
        for (int k = 0; k < 400; ++k) nested += names;
        nested += std::string(one);
        for (int k = 0; k < 400; ++k) nested += "</div>";
    }
    EXPECT_THAT(text_of(page(wide + story())), HasSubstr(one));
    EXPECT_THAT(text_of(page(nested)), HasSubstr(one));
}

}  // namespace
}  // namespace feedwatch
