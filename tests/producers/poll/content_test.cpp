#include "producers/poll/content.hpp"

#include <gmock/gmock.h>

#include "producers/poll/fetch_request.hpp"
#include "producers/poll/window.hpp"

namespace feedwatch::polling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

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

std::vector<item> numbered(int first, int last) {
    std::vector<item> out;
    for (int n = first; n <= last; ++n) {
        out.push_back(with(std::to_string(n), "", std::to_string(n)));
        out.back().id = item_id(std::to_string(n));
    }
    return out;
}

TEST(compare, an_item_is_forgotten_by_when_it_was_last_there) {
    const window_limits limits{10h, 100};
    const auto first = compare({}, numbered(1, 3), t0, limits);
    EXPECT_THAT(first.fresh, ElementsAre(0, 1, 2));
    const auto second = compare(first.window, numbered(3, 4), t0 + 9h, limits);
    EXPECT_THAT(second.fresh, ElementsAre(1));
    EXPECT_EQ(second.window.size(), 4u);  // 1 and 2 are remembered
    const auto third = compare(second.window, numbered(1, 1), t0 + 10h, limits);
    EXPECT_THAT(third.fresh, IsEmpty());
    const auto later = compare(second.window, numbered(3, 4), t0 + 11h, limits);
    EXPECT_EQ(later.window.size(), 2u);
}
TEST(refreshed, keeps_what_was_in_the_last_document_and_lets_the_rest_age) {
    const window_limits limits{10h, 100};
    auto window = compare({}, numbered(1, 2), t0, limits).window;
    window = compare(window, numbered(2, 3), t0 + 1h, limits).window;
    EXPECT_EQ(present_in_last(window), 2u);
    window = refreshed(window, t0 + 9h, limits);
    EXPECT_EQ(window.size(), 3u);
    window = refreshed(window, t0 + 18h, limits);
    EXPECT_EQ(window.size(), 2u);
    EXPECT_EQ(present_in_last(window), 2u);
}
TEST(compare, past_the_limit_what_left_longest_ago_goes_first) {
    const window_limits limits{1000h, 5};
    auto window = compare({}, numbered(1, 3), t0, limits).window;
    window = compare(window, numbered(4, 5), t0 + 1h, limits).window;
    window = compare(window, numbered(6, 8), t0 + 2h, limits).window;
    ASSERT_EQ(window.size(), 5u);
    EXPECT_EQ(window[3].id, "4");
    EXPECT_EQ(window[4].id, "5");
}
TEST(compare, the_largest_window_fits_a_record) {
    poll p;
    p.feed = feed_id(std::string(64, 'f'));
    for (std::size_t i = 0; i < window_limits{}.entries_max; ++i)
        p.window.push_back({"1:" + std::string(32, 'a'), std::string(32, 'b'), t0 + 123ms});
    p.boilerplate.assign(512, std::string(32, 'c'));
    EXPECT_LE(to_json(p).size(), record_bytes_max);
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
