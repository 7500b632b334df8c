// Ways to spoil the head of an answer.
#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

class heads : public misbehaviour, public testing::WithParamInterface<way> {
  protected:
    test::http_test_server server_;
};
TEST_P(heads, is_seen_as_what_it_is) {
    try_out(GetParam(), server_);
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}
server_reply after(const std::string& interim) {
    return raw(interim + "HTTP/1.1 200 OK\r\n" + length_of_feed() + "\r\n" + two_item_feed());
}

INSTANTIATE_TEST_SUITE_P(
    status_lines, heads,
    testing::ValuesIn(std::vector<way>{
        {"speaks_another_protocol", raw("SSH-2.0-OpenSSH_9.2\r\n"), failure("protocol")},
        {"speaks_http_0_9", raw(two_item_feed()), failure("protocol")},
        {"status_is_a_word", raw("HTTP/1.1 fine OK\r\n\r\n" + two_item_feed()), failure("protocol")},
        {"status_has_two_digits", raw("HTTP/1.1 20 OK\r\n\r\n" + two_item_feed()), failure("protocol")},
        {"version_is_7", raw("HTTP/7.0 200 OK\r\n\r\n" + two_item_feed()), failure("protocol")},
        {"status_is_999", raw("HTTP/1.1 999 Go away\r\n\r\nno"), refusal(999)},
        {"no_reason", raw("HTTP/1.1 200\r\n\r\n" + two_item_feed()), two_items()},
        {"http_1_0", raw("HTTP/1.0 200 OK\r\n\r\n" + two_item_feed()), two_items()},
        {"lines_end_without_cr", raw("HTTP/1.1 200 OK\nX: y\n\n" + two_item_feed()), two_items()},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    interim_answers, heads,
    testing::ValuesIn(std::vector<way>{
        {"a_100_continue_nobody_asked_for", after("HTTP/1.1 100 Continue\r\n\r\n"), two_items()},
        {"early_hints", after("HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\nContent-Encoding: gzip\r\n\r\n"),
         two_items()},
        {"a_flood_of_interim_answers", after(repeated("HTTP/1.1 102 Processing\r\n\r\n", 20'000)),
         failure("too_large")},
        {"switches_protocols_unasked", raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), failure("reset")},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    fields, heads,
    testing::ValuesIn(std::vector<way>{
        {"a_flood_of_fields", raw_feed(repeated("X-Flood: " + std::string(100, 'x') + "\r\n", 4'000)),
         failure("too_large")},
        {"a_field_of_1_MB", raw_feed("X-Long: " + std::string(1'000'000, 'x') + "\r\n"), failure("too_large")},
        {"fields_that_never_end", raw("HTTP/1.1 200 OK\r\n" + repeated("X: y\r\n", 100'000), ending::hang),
         failure("too_large")},
        {"nul_in_a_field", raw_feed(std::string("X-Nul: a\0b\r\n", 12)), failure("protocol")},
        {"a_field_without_a_colon", raw_feed("this is no field\r\n"), failure("protocol", "without colon")},
        {"blanks_before_the_colon", raw_feed("Content-Encoding : identity\r\n"), two_items()},
        {"bytes_that_are_no_text", raw_feed("ETag: \"\xff\xfe\"\r\nX-\xff: \x01\x7f\r\n"), two_items()},
        {"a_folded_field_that_looks_like_another", raw_feed("X-Folded: a\r\n Content-Encoding: gzip\r\n"), two_items()},
    }),
    name_of_way);

TEST_F(misbehaviour, a_folded_etag_is_joined) {
    test::http_test_server server;
    server.reply("/feed", raw_feed("ETag: \"a\r\n\t b\"\r\n" + length_of_feed()));
    subscribe(server.url("/feed"));
    EXPECT_EQ(poll_once().etag, "\"a b\"");
}
TEST_F(misbehaviour, of_two_etags_the_first_counts) {
    test::http_test_server server;
    server.reply("/feed", feed_reply({{"ETag", "\"1\""}, {"ETag", "\"2\""}}));
    subscribe(server.url("/feed"));
    EXPECT_EQ(poll_once().etag, "\"1\"");
}
TEST_F(misbehaviour, an_etag_that_is_no_text_or_endless_is_not_sent_back) {
    test::http_test_server server;
    for (const std::string& etag : {std::string("\"\xff\""), "\"" + std::string(5000, 'e') + "\""}) {
        server.reply("/feed", feed_reply({{"ETag", etag}}));
        subscribe(server.url("/feed"));
        poll_once();
        EXPECT_EQ(checkpoint_.etag, "");
        poll_once();
        EXPECT_EQ(server.last("/feed").headers.count("if-none-match"), 0U);
    }
}

}  // namespace
}  // namespace feedwatch
