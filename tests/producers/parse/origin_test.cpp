#include "producers/parse/origin.hpp"

#include <gtest/gtest.h>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

struct note {
    const char* html;
    const char* publisher;
    const char* url = "";
};

class a_note_of_origin : public testing::TestWithParam<note> {};

TEST_P(a_note_of_origin, names_publisher_and_link) {
    const named_origin found = origin_named_in(GetParam().html);
    EXPECT_EQ(found.publisher, GetParam().publisher) << GetParam().html;
    EXPECT_EQ(found.url, GetParam().url) << GetParam().html;
}

INSTANTIATE_TEST_SUITE_P(
    english, a_note_of_origin,
    testing::Values(
        note{"<p>Rain.</p><p>This article was originally published on <a "
             "href=\"https://theconversation.com/rain-1\">The "
             "Conversation</a>. Read the original.</p>",
             "The Conversation", "https://theconversation.com/rain-1"},
        note{"<p>This story was originally published by The Guardian and is reproduced here.</p>", "The Guardian"},
        note{"<p>This article first appeared in the Financial Times on Monday.</p>", "Financial Times"},
        note{"<p>Originally published at example.com.</p>", "example.com"},
        note{"<p>First published in The Atlantic, 3 May.</p>", "The Atlantic"},
        note{"<p><em>(This essay originally appeared on &ldquo;Nautilus&rdquo;.)</em></p>", "Nautilus"},
        note{"<p>The post <a href=\"https://a.example/x\">Rain</a> appeared first on <a href=\"https://a.example\">A "
             "Blog</a>.</p>",
             "A Blog", "https://a.example"},
        note{"<p>Rain.</p><p><a href=\"https://b.example/1\">Read full article on B News</a></p>", "B News",
             "https://b.example/1"},
        note{"<p>Read the full story at <a href=\"https://b.example/1\">B News »</a></p>", "B News",
             "https://b.example/1"},
        note{"<p>Republished from <a href=\"https://b.example/1\">B News</a></p>", "B News", "https://b.example/1"},
        note{"<p>Originally published by the University of Leeds.</p>", "University of Leeds"}));

INSTANTIATE_TEST_SUITE_P(
    other_languages, a_note_of_origin,
    testing::Values(note{"<p>Der Beitrag <a href=\"https://c.example/1\">Regen</a> erschien zuerst auf <a "
                         "href=\"https://c.example\">C-Blatt</a>.</p>",
                         "C-Blatt", "https://c.example"},
                    note{"<p>Dieser Artikel ist zuerst erschienen in der Frankfurter Rundschau.</p>",
                         "Frankfurter Rundschau"},
                    note{"<p>Cet article est republié à partir de <a href=\"https://theconversation.com/pluie\">The "
                         "Conversation</a> sous licence.</p>",
                         "The Conversation", "https://theconversation.com/pluie"},
                    note{"<p>Cet article a été initialement publié sur Le Monde.</p>", "Le Monde"},
                    note{"<p>L’article Pluie est apparu en premier sur D Info.</p>", "D Info"},
                    note{"<p>La entrada Lluvia se publicó primero en El Faro.</p>", "El Faro"},
                    note{"<p>Este artículo fue publicado originalmente en El País.</p>", "El País"},
                    note{"<p>O artigo Chuva apareceu primeiro em Folha Nova.</p>", "Folha Nova"},
                    note{"<p>L'articolo Pioggia proviene da Il Post.</p>", "Il Post"},
                    note{"<p>Het bericht Regen verscheen eerst op De Krant.</p>", "De Krant"},
                    note{"<p>Artykuł został pierwotnie opublikowany w Gazecie Wyborczej.</p>", "Gazecie Wyborczej"},
                    note{"<p>Статья впервые опубликована на Медузе.</p>", "Медузе"},
                    note{"<p>下雨。</p><p>本文首发于《南方周末》。</p>", "南方周末"},
                    note{"<p>转载自：澎湃新闻，有删改。</p>", "澎湃新闻"}));

INSTANTIATE_TEST_SUITE_P(
    nothing, a_note_of_origin,
    testing::Values(note{"", ""}, note{"<p>Rain fell on Monday.</p>", ""},
                    note{"<p>Her novel was originally published by Penguin.</p>", ""},
                    note{"<p>A version of this post originally appeared in Google bathrooms worldwide.</p>", ""},
                    note{"<p>The band first appeared in London.</p>", ""},
                    note{"<p>This article was originally published in January 2020.</p>", ""},
                    note{"<p>This post was originally published in&nbsp;September&nbsp;2015.</p>", ""},
                    note{"<p>This article was originally published in English.</p>", ""},
                    note{"<p>This article was originally published on Monday.</p>", ""},
                    note{"<p>This article was first published yesterday.</p>", ""},
                    note{"<p>This article was originally published on a farm.</p>", ""},
                    note{"<p>This article was originally published on", ""},
                    note{"<p>This article was originally published on ", ""}, note{"originally published", ""},
                    note{"<a href=\"", ""}, note{"<", ""}, note{"本文首发于", ""}));

TEST(may_name_origin, is_true_of_every_text_with_a_note) {
    EXPECT_TRUE(may_name_origin("Originally published by A."));
    EXPECT_TRUE(may_name_origin("Regen.\n\nDer Beitrag ist URSPRüNGLICH erschienen in A"));
    EXPECT_TRUE(may_name_origin("下雨。本文首发于《南方周末》。"));
    const std::string words(3000, 'a');
    EXPECT_TRUE(may_name_origin("Republished from A. " + words));
    EXPECT_TRUE(may_name_origin(words + " Republished from A."));
    EXPECT_FALSE(may_name_origin(words + " Republished from A. " + words));
    EXPECT_FALSE(may_name_origin("Rain fell in the north. They republished nothing."));
    EXPECT_FALSE(may_name_origin(""));
}

TEST(a_note_of_origin, is_looked_for_at_both_ends_of_a_long_piece_only) {
    std::string words;
    while (words.size() < 5000) words += "<p>Rain fell again.</p>";
    const std::string said = "<p>Originally published by The Guardian.</p>";
    EXPECT_EQ(origin_named_in(said + words + words).publisher, "The Guardian");
    EXPECT_EQ(origin_named_in(words + words + said).publisher, "The Guardian");
    EXPECT_EQ(origin_named_in(words + said + words).publisher, "");
    EXPECT_EQ(origin_named_in(words + words).publisher, "");
}

item item_of(const std::string& xml, const std::string& title = "Example News") {
    const parsed_feed feed =
        parsed("<rss version='2.0'><channel><title>" + title + "</title><item><title>Rain</title>" +
               "<link>https://www.example.org/rain</link>" + xml + "</item></channel></rss>");
    return feed.items.empty() ? item{} : feed.items.front();
}

TEST(origin_of_an_item, is_what_the_note_links_to) {
    const item i = item_of(
        "<description>&lt;p>This article was originally published on &lt;a "
        "href='https://theconversation.com/rain-1'>The "
        "Conversation&lt;/a>.&lt;/p></description><source url='https://wire.example/rss'>Wire</source>");
    EXPECT_EQ(i.origin_url, "https://theconversation.com/rain-1");
    EXPECT_EQ(i.origin_publisher, "theconversation.com");
    EXPECT_EQ(i.source, "Wire");
}

TEST(origin_of_an_item, is_the_source_that_the_feed_names) {
    const item with_url = item_of("<source url='https://www.reuters.com'>Reuters</source>");
    EXPECT_EQ(with_url.origin_publisher, "reuters.com");
    EXPECT_EQ(with_url.origin_url, "");
    EXPECT_EQ(item_of("<source>The Herald</source>").origin_publisher, "The Herald");
    const item own = item_of("<source url='https://example.org/feed'>Example</source>");
    EXPECT_EQ(own.origin_publisher, "");
}

TEST(origin_of_an_item, is_the_name_where_there_is_no_link) {
    EXPECT_EQ(item_of("<description>Rain. This story was originally published by The Guardian.</description>")
                  .origin_publisher,
              "The Guardian");
}

TEST(origin_of_an_item, is_not_the_feed_itself) {
    for (const char* name :
         {"Example News", "example.org", "Example", "&lt;a href='https://m.example.org/'>Here&lt;/a>"}) {
        const item i = item_of("<description>&lt;p>The post Rain appeared first on " + std::string(name) +
                               ".&lt;/p></description>");
        EXPECT_EQ(i.origin_publisher, "") << name;
        EXPECT_EQ(i.origin_url, "") << name;
    }
}

TEST(origin_of_an_item, is_no_wire_of_a_dateline_and_no_publisher_of_dublin_core) {
    EXPECT_EQ(item_of("<description>LONDON (Reuters) - Rain.</description>").origin_publisher, "");
    const parsed_feed feed = parsed(
        "<rss version='2.0' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><title>Rain</title><dc:publisher>"
        "Example</dc:publisher></item></channel></rss>");
    EXPECT_EQ(feed.items.at(0).source, "Example");
    EXPECT_EQ(feed.items.at(0).origin_publisher, "");
}

TEST(origin_of_an_item, is_the_site_of_an_atom_source) {
    const parsed_feed feed = parsed(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Planet</title><entry><title>Rain</title><id>1</id>"
        "<link href='https://planet.example/rain'/><source><title>Jane</title><link rel='self' "
        "href='https://x.example/f'/>"
        "<link href='https://jane.example/'/></source></entry></feed>");
    EXPECT_EQ(feed.items.at(0).origin_publisher, "jane.example");
}

}  // namespace
}  // namespace feedwatch
