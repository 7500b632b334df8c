// Ways to break off, to lie about lengths and to send chunks.
#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

class framing : public misbehaviour, public testing::WithParamInterface<way> {
  protected:
    test::http_test_server server_;
};
TEST_P(framing, is_seen_as_what_it_is) {
    try_out(GetParam(), server_);
}

server_reply paced(server_reply reply) {
    reply.pace = 20ms;
    return reply;
}
server_reply silent(ending then) {
    server_reply out;
    out.silent = true;
    out.then = then;
    return out;
}
std::string hex(std::size_t n) {
    char text[32];
    std::snprintf(text, sizeof text, "%zx", n);
    return text;
}
server_reply chunked(const std::string& chunks, ending then = ending::close) {
    return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, then);
}
std::string chunk(const std::string& bytes, const std::string& extension = "") {
    return hex(bytes.size()) + extension + "\r\n" + bytes + "\r\n";
}
std::string half() {
    return two_item_feed().substr(0, two_item_feed().size() / 2);
}

INSTANTIATE_TEST_SUITE_P(
    breaking_off, framing,
    testing::ValuesIn(std::vector<way>{
        {"drips_a_byte_at_a_time", paced(feed_reply()), failure("timeout"), soon},
        {"never_says_a_word", silent(ending::hang), failure("timeout"), soon},
        {"hangs_in_the_head", raw("HTTP/1.1 200 OK\r\nContent-Le", ending::hang), failure("timeout"), soon},
        {"hangs_in_the_body", raw("HTTP/1.1 200 OK\r\n" + length_of_feed() + "\r\n" + half(), ending::hang),
         failure("timeout"), soon},
        {"resets_before_a_word", silent(ending::reset), failure("reset")},
        {"closes_before_a_word", silent(ending::close), failure("reset")},
        {"resets_in_the_head", raw("HTTP/1.1 200 OK\r\nContent-Le", ending::reset), failure("reset")},
        {"closes_in_the_head", raw("HTTP/1.1 200 OK\r\nContent-Le"), failure("reset")},
        {"resets_in_the_body", raw("HTTP/1.1 200 OK\r\n" + length_of_feed() + "\r\n" + half(), ending::reset),
         failure("reset")},
        {"closes_in_the_body", raw("HTTP/1.1 200 OK\r\n" + length_of_feed() + "\r\n" + half()), failure("protocol")},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    lengths, framing,
    testing::ValuesIn(std::vector<way>{
        {"no_length_but_the_end_of_the_connection", raw_feed(""), two_items()},
        {"length_is_short", raw_feed("Content-Length: 100\r\n"), failure("protocol", "longer than its")},
        {"length_is_negative", raw_feed("Content-Length: -5\r\n"), failure("protocol")},
        {"length_is_a_word", raw_feed("Content-Length: many\r\n"), failure("protocol")},
        {"length_overflows", raw_feed("Content-Length: 99999999999999999999999\r\n"), two_items()},
        {"length_twice_the_same", raw_feed(length_of_feed() + length_of_feed()), two_items()},
        {"lengths_differ", raw_feed(length_of_feed() + "Content-Length: 10\r\n"), failure("protocol")},
        {"length_is_an_unkept_promise_of_8_EiB", raw_feed("Content-Length: 9223372036854775807\r\n"),
         failure("protocol")},
        {"length_and_chunks",
         raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(two_item_feed()) +
             "0\r\n\r\n"),
         two_items()},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    chunks, framing,
    testing::ValuesIn(std::vector<way>{
        {"one_byte_a_chunk",
         [] {
             std::string all;
             for (const char c : two_item_feed()) all += chunk(std::string(1, c));
             return chunked(all + "0\r\n\r\n");
         }(),
         two_items()},
        {"size_is_no_number", chunked("zz\r\nabc\r\n0\r\n\r\n"), failure("protocol")},
        {"size_is_negative", chunked("-5\r\nabc\r\n0\r\n\r\n"), failure("protocol")},
        {"size_overflows", chunked("FFFFFFFFFFFFFFFFF\r\nabc\r\n"), failure("protocol")},
        {"size_is_too_small", chunked("3\r\n" + two_item_feed() + "\r\n0\r\n\r\n"), failure("protocol")},
        {"last_chunk_is_missing", chunked(chunk(two_item_feed())), failure("protocol")},
        {"trailers_follow", chunked(chunk(two_item_feed()) + "0\r\nX-Sum: 1\r\nLocation: /elsewhere\r\n\r\n"),
         two_items()},
        {"trailers_never_end",
         [] {
             std::string lines;
             for (int i = 0; i < 4000; ++i) lines += "X-" + std::to_string(i) + ": " + std::string(100, 't') + "\r\n";
             return chunked(chunk(two_item_feed()) + "0\r\n" + lines + "\r\n");
         }(),
         failure("too_large")},
        {"an_extension_of_100_KB", chunked(chunk(two_item_feed(), ";x=" + std::string(100'000, 'e')) + "0\r\n\r\n"),
         two_items()},
        {"bytes_after_the_last_chunk", chunked(chunk(two_item_feed()) + "0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<rss/>"),
         two_items()},
        {"a_transfer_coding_nobody_knows", raw_feed("Transfer-Encoding: rot13\r\n"), failure("protocol")},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(sizes, framing,
                         testing::ValuesIn(std::vector<way>{
                             {"a_body_over_the_limit_with_its_length",
                              [] {
                                  server_reply out;
                                  out.body = std::string((1U << 20U) + 1, ' ');
                                  return out;
                              }(),
                              failure("too_large")},
                             {"a_body_over_the_limit_without_a_length",
                              raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(2U << 20U, ' ')), failure("too_large")},
                             {"a_body_over_the_limit_in_chunks",
                              [] {
                                  std::string all;
                                  for (int i = 0; i < 40; ++i) all += chunk(std::string(64U << 10U, ' '));
                                  return chunked(all + "0\r\n\r\n");
                              }(),
                              failure("too_large")},
                         }),
                         name_of_way);

}  // namespace
}  // namespace feedwatch
