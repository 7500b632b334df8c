#include "producers/poll/content.hpp"
#include "producers/poll/identity.hpp"

#include <gmock/gmock.h>

#include "producers/poll/fetch_request.hpp"

namespace feedwatch::polling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const timestamp t0 = parse_rfc3339("2026-11-25T12:00:00Z").value();

item with(const std::string& guid, const std::string& link, const std::string& title) {
    item i;
    i.guid = guid;
    i.url = i.canonical_url = link;
    i.title = title;
    return i;
}

TEST(content_hash, sees_words_and_not_mark_up) {
    item a = with("1", "https://x.example/1", "Title");
    a.content_html = "<p class=\"a\">Hello  <b>world</b></p>";
    item b = a;
    b.content_html = "<p class=\"b\" data-t=\"99\">Hello\n<b>world</b></p><img src=\"https://t.example/p?r=1\">";
    b.text = "differs with the boilerplate learned";
    EXPECT_EQ(content_hash(a), content_hash(b));
    b.content_html = "<p>Hello worlds</p>";
    EXPECT_NE(content_hash(a), content_hash(b));
    b = a;
    b.title = "Titles";
    EXPECT_NE(content_hash(a), content_hash(b));
}
TEST(keys_of, are_of_the_link_without_its_host_of_the_title_and_of_the_words) {
    item a = with("1", "http://x.example/a?b=1", "Title");
    a.content_html = "<p>Hello <b>world</b></p>";
    item b = with("2", "https://y.example/a?b=1", "Title");
    b.content_html = "<div>Hello</div> <i>world</i><img>";
    EXPECT_EQ(keys_of(a).link, keys_of(b).link);
    EXPECT_EQ(keys_of(a).title, keys_of(b).title);
    EXPECT_EQ(keys_of(a).all, content_hash(a));
    EXPECT_NE(keys_of(a).all, keys_of(b).all);
    b.content_html = "<p>Hello <b>world</b> again</p>";
    EXPECT_NE(keys_of(a).text, keys_of(b).text);
    b = with("2", "https://y.example/a?b=2", "Titles");
    EXPECT_NE(keys_of(a).link, keys_of(b).link);
    EXPECT_NE(keys_of(a).title, keys_of(b).title);
    b = with("3", "", " ");
    b.content_html = "<img src=\"x\"> ";
    EXPECT_EQ(keys_of(b).link + keys_of(b).title + keys_of(b).text, 0u);
}
TEST(identify, a_guid_shared_by_different_links_identifies_nothing) {
    std::vector<item> items{with("g", "https://x.example/1", "one"), with("g", "https://x.example/2", "two"),
                            with("h", "https://x.example/3", "three")};
    const auto said = identify(items, feed_id("f"));
    ASSERT_EQ(items.size(), 3u);
    EXPECT_NE(items[0].id, items[1].id);
    EXPECT_EQ(said.left_out, 0u);
    EXPECT_EQ(said.warnings.size(), 1u);
    std::vector<item> turned{items[1], items[0]};
    const auto one = items[0].id, two = items[1].id;
    (void)identify(turned, feed_id("f"));
    EXPECT_EQ(turned[0].id, two);
    EXPECT_EQ(turned[1].id, one);
}
TEST(identify, of_versions_of_one_item_the_first_stays) {
    std::vector<item> items{with("g", "https://x.example/1", "new"), with("g", "https://x.example/1", "old")};
    const auto said = identify(items, feed_id("f"));
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].title, "new");
    EXPECT_EQ(said.left_out, 1u);
    EXPECT_EQ(said.warnings.size(), 1u);
}
// fault 67
TEST(complete, a_date_in_the_future_is_clamped_and_kept_as_it_was) {
    item i = with("1", "", "x");
    i.published = t0 + 3h;
    complete(i, feed{}, t0);
    EXPECT_EQ(i.published, t0);
    EXPECT_EQ(i.published_raw, "2026-11-25T15:00:00Z");
    EXPECT_EQ(i.warnings.size(), 1u);
    item near = with("1", "", "x");
    near.published = t0 + 2h;
    complete(near, feed{}, t0);
    EXPECT_EQ(near.published, t0 + 2h);
}
TEST(to_bounded_json, always_fits_a_record) {
    item i = with("1", "https://x.example/", std::string(300'000, 't'));
    i.id = item_id("1:x");
    i.summary_html = i.content_html = std::string(300'000, '"');
    i.text = std::string(300'000, '\x01');
    const std::string json = to_bounded_json(i);
    EXPECT_LE(json.size(), record_bytes_max);
    EXPECT_THAT(item_from_json(json)->warnings, ElementsAre("cut to fit one record"));
    EXPECT_EQ(to_bounded_json(with("1", "", "small")), to_json(with("1", "", "small")));
}
// fault 63
TEST(to_bounded_json, a_megabyte_guid_fits_too) {
    item i = with(std::string(1'000'000, 'g'), "https://x.example/", "t");
    EXPECT_LE(to_bounded_json(i).size(), record_bytes_max);
}

TEST(without_userinfo, takes_user_and_password_out_wherever_they_stand) {
    const auto url = [](const char* text) { return without_userinfo(text).url; };
    EXPECT_EQ(url("https://u:p@h.example/x?y=a@b"), "https://h.example/x?y=a@b");
    EXPECT_EQ(without_userinfo("https://u%40x:p%3Aq@h.example/").userinfo, "u@x:p:q");
    EXPECT_EQ(without_userinfo("https://only@h.example/").userinfo, "only:");
    EXPECT_EQ(url("https://h.example/u:p@x"), "https://h.example/u:p@x");
    EXPECT_EQ(url("https://a@b:p@h.example"), "https://h.example");
    EXPECT_EQ(url("no url"), "no url");
    EXPECT_EQ(url("mailto:u@h.example"), "mailto:u@h.example");
    for (const char* spelling : {"https:/u:p@h.example/x", "https:\\\\u:p@h.example/x", "https://\\u:p@h.example/x",
                                 "https:u:p@h.example/x", "https:///u:p@h.example/x"}) {
        EXPECT_EQ(url(spelling), "https://h.example/x") << spelling;
        EXPECT_EQ(without_userinfo(spelling).userinfo, "u:p") << spelling;
    }
}

}  // namespace
}  // namespace feedwatch::polling
