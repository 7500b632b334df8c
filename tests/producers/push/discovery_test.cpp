#include "producers/push/discovery.hpp"

#include <gmock/gmock.h>

namespace feedwatch::push {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* url = "https://news.example/feed";

using headers = std::vector<std::pair<std::string, std::string>>;

TEST(link_header, is_read_with_all_its_spellings) {
    EXPECT_THAT(read_link_header(R"(<https://hub.example/>; rel="hub", <https://a.example/feed>; rel=self)"),
                ElementsAre(web_link{"https://hub.example/", {"hub"}}, web_link{"https://a.example/feed", {"self"}}));
    EXPECT_THAT(read_link_header(R"(<x>; title="a, b; rel=self \" <y>"; REL = "Next  HUB")"),
                ElementsAre(web_link{"x", {"next", "hub"}}));
    EXPECT_THAT(read_link_header("<x>;rel=hub;rel=self"), ElementsAre(web_link{"x", {"hub"}}));
    EXPECT_THAT(read_link_header("< x >"), ElementsAre(web_link{"x", {}}));
}
TEST(link_header, without_links_gives_none_whatever_it_holds) {
    for (const char* text : {"", "nothing", "<", "<x", "x>; rel=hub", ";;;,,,", "\"<x>", "\\"})
        for (const web_link& l : read_link_header(text)) EXPECT_THAT(l.relations, IsEmpty()) << text;
    EXPECT_THAT(read_link_header("<x>; rel=\"hub"), ElementsAre(web_link{"x", {"\"hub"}}));
}
TEST(link_header, is_read_up_to_a_limit) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "<x>; rel=hub, ";
    EXPECT_EQ(read_link_header(many).size(), links_max);
}

TEST(discovery, takes_headers_before_the_document) {
    const headers with{{"link", "<https://hub.example/a>; rel=hub"}, {"x", "y"}, {"link", "</topic>; rel=\"self\""}};
    const advertised seen = discover(with, {{"https://other.example/"}, "https://other.example/self"}, url);
    EXPECT_THAT(seen.hubs, ElementsAre("https://hub.example/a"));
    EXPECT_EQ(seen.topic, "https://news.example/topic");
}
TEST(discovery, takes_the_document_where_no_header_names_a_hub) {
    const advertised seen =
        discover({{"link", "<https://news.example/>; rel=alternate"}},
                 {{"http://plain.example/", "https://hub.example/"}, "https://news.example/self"}, url);
    EXPECT_THAT(seen.hubs, ElementsAre("https://hub.example/", "http://plain.example/")) << "https first";
    EXPECT_EQ(seen.topic, "https://news.example/self");
}
TEST(discovery, without_a_name_of_its_own_the_feed_is_known_by_its_url) {
    EXPECT_EQ(discover({}, {{"https://hub.example/"}, ""}, url).topic, url);
    EXPECT_EQ(discover({}, {{"https://hub.example/"}, "mailto:x"}, url).topic, url);
}
TEST(discovery, keeps_a_topic_byte_by_byte) {
    for (const char* self :
         {"https://news.example", "HTTP://News.Example:80/%7Ea/../b?x=%C3%BC&y", "https://a.example/?"})
        EXPECT_EQ(discover({}, {{"https://hub.example/"}, self}, url).topic, self);
}
TEST(discovery, leaves_out_hubs_that_cannot_be_asked) {
    const std::string lengthy = "https://hub.example/" + std::string(url_bytes_max, 'a');
    EXPECT_EQ(
        discover({}, {{"ftp://hub.example/", "javascript:x", "", "https://user:pw@hub.example/", lengthy}, url}, url),
        advertised{});
    EXPECT_EQ(discover({{"link", "<ftp://x/>; rel=hub"}}, {}, url), advertised{});
}
TEST(discovery, resolves_what_only_looks_like_a_scheme) {
    EXPECT_THAT(discover({{"link", "<http>; rel=hub"}}, {}, url).hubs, ElementsAre("https://news.example/http"));
    EXPECT_THAT(discover({{"link", "<https:hub>; rel=hub"}}, {}, url).hubs, testing::Each(testing::HasSubstr("://")));
}
TEST(discovery, names_no_hub_twice_and_no_more_than_sixteen) {
    embedded_links many;
    for (int i = 0; i < 40; ++i) many.hubs.push_back("https://hub.example/" + std::to_string(i / 2));
    EXPECT_EQ(discover({}, many, url).hubs.size(), 16U);
    EXPECT_EQ(discover({}, many, url).hubs[1], "https://hub.example/1");
}

}  // namespace
}  // namespace feedwatch::push
