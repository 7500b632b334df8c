// Ways to get compression, types and charsets wrong.
#include "tests/io/http/compressed.hpp"
#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

class encodings : public misbehaviour, public testing::WithParamInterface<way> {
  protected:
    test::http_test_server server_;
};
TEST_P(encodings, is_seen_as_what_it_is) {
    try_out(GetParam(), server_);
}

server_reply encoded(std::string body, std::string encoding) {
    server_reply out;
    if (!encoding.empty()) out.headers = {{"Content-Encoding", std::move(encoding)}};
    out.body = std::move(body);
    return out;
}
server_reply typed(std::string type, std::string body = two_item_feed()) {
    server_reply out;
    out.headers = {{"Content-Type", std::move(type)}};
    out.body = std::move(body);
    return out;
}
std::string gzip(const std::string& text) {
    return test::deflated(text, test::format::gzip);
}
std::string half(const std::string& text) {
    return text.substr(0, text.size() / 2);
}
std::string changed_at(std::string text, std::size_t from_end) {
    char& c = text.at(text.size() - from_end);
    c = static_cast<char>(c ^ 0x55);
    return text;
}
const std::string zeros(64U << 20U, '\0');
const std::string feed = two_item_feed();

INSTANTIATE_TEST_SUITE_P(
    compression, encodings,
    testing::ValuesIn(std::vector<way>{
        {"says_gzip_and_is_plain", encoded(feed, "gzip"), failure("protocol", "corrupt")},
        {"says_br_and_is_plain", encoded(feed, "br"), failure("protocol", "corrupt")},
        {"says_zstd_and_is_plain", encoded(feed, "zstd"), failure("protocol", "corrupt")},
        {"says_nothing_and_is_gzip", encoded(gzip(feed), ""), refusal(200, "not_a_feed")},
        {"says_identity_and_is_gzip", encoded(gzip(feed), "identity"), refusal(200, "not_a_feed")},
        {"gzip_in_gzip", encoded(gzip(gzip(feed)), "gzip"), refusal(200, "not_a_feed")},
        {"gzip_in_gzip_and_says_so", encoded(gzip(gzip(feed)), "gzip, gzip"), failure("encoding")},
        {"gzip_cut_short", encoded(half(gzip(feed)), "gzip"), failure("protocol", "before its end")},
        {"gzip_without_its_checksum", encoded(gzip(feed).substr(0, gzip(feed).size() - 8), "gzip"),
         failure("protocol", "before its end")},
        {"gzip_with_a_wrong_checksum", encoded(changed_at(gzip(feed), 6), "gzip"), failure("protocol", "corrupt")},
        {"gzip_with_garbage_behind", encoded(gzip(feed) + "garbage", "gzip"), two_items()},
        {"gzip_and_the_feed_again", encoded(gzip(feed.substr(0, 50)) + gzip(feed.substr(50)), "gzip"), two_items()},
        {"br_cut_short", encoded(half(test::brotlied(feed)), "br"), failure("protocol", "before its end")},
        {"zstd_cut_short", encoded(half(test::zstded(feed)), "zstd"), failure("protocol", "before its end")},
        {"deflate_without_its_wrapping", encoded(test::deflated(feed, test::format::raw), "deflate"), two_items()},
        {"a_coding_nobody_knows", encoded(feed, "rot13"), failure("encoding")},
        {"a_coding_nobody_asked_for", encoded(feed, "compress"), failure("encoding")},
        {"a_coding_in_capitals_with_blanks", encoded(gzip(feed), " GZip "), two_items()},
        {"a_gzip_bomb", encoded(gzip(zeros), "gzip"), failure("too_large")},
        {"a_br_bomb", encoded(test::brotlied(zeros), "br"), failure("too_large")},
        {"a_zstd_bomb", encoded(test::zstded(zeros), "zstd"), failure("too_large")},
        {"gzip_of_nothing", encoded(gzip(""), "gzip"), refusal(200, "not_a_feed")},
        {"says_gzip_and_is_empty", encoded("", "gzip"), refusal(200, "not_a_feed")},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    types, encodings,
    testing::ValuesIn(std::vector<way>{
        {"a_feed_as_html", typed("text/html"), two_items()},
        {"a_feed_as_an_image", typed("image/png"), two_items()},
        {"a_feed_as_octets", typed("application/octet-stream"), two_items()},
        {"a_feed_without_a_type", typed(""), two_items()},
        {"a_type_that_is_none", typed("rss; charset=; =;;"), two_items()},
        {"an_image_as_a_feed", typed("application/rss+xml", "\x89PNG\r\n\x1a\n"), refusal(200, "not_a_feed")},
        {"utf_8_as_utf_16", typed("application/rss+xml; charset=utf-16"), two_items()},
        {"utf_8_as_ascii_of_some_other_name", typed("application/rss+xml; charset=x-nonsense"), two_items()},
        {"an_empty_body", typed("application/rss+xml", ""), refusal(200, "not_a_feed")},
        {"a_body_of_blanks", typed("application/rss+xml", std::string(1000, ' ')), refusal(200, "not_a_feed")},
        {"an_error_page_with_status_200",
         typed("text/html", "<!doctype html><html><head><title>Not found</title></head><body>404</body></html>"),
         refusal(200, "not_a_feed")},
        {"a_login_page",
         typed("text/html", "<html><body><form action=/login><input type=password></form></body></html>"),
         refusal(200, "not_a_feed")},
        {"an_error_in_json", typed("application/json", "{\"error\":\"no such feed\"}"), refusal(200, "not_a_feed")},
    }),
    name_of_way);

TEST_F(misbehaviour, a_charset_that_lies_costs_no_letter) {
    test::http_test_server server;
    server.reply("/feed", typed("application/rss+xml; charset=iso-8859-1", rss({{"1",
                                                                                 "Gr\xC3\xB6\xC3\x9F"
                                                                                 "e"}})));
    subscribe(server.url("/feed"));
    poll_once();
    ASSERT_EQ(items_.size(), 1U);
    EXPECT_EQ(items_[0].title,
              "Gr\xC3\xB6\xC3\x9F"
              "e");
}

}  // namespace
}  // namespace feedwatch
