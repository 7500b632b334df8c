// Answers as they should be, and every way a transport can fail.
#include "tests/io/http/client_fixture.hpp"
#include "tests/io/http/compressed.hpp"
#include "tests/support/resolver.hpp"

namespace feedwatch::http {
namespace {

using test::server_reply;

server_reply encoded(std::string body, std::string encoding) {
    server_reply out;
    out.headers = {{"Content-Encoding", std::move(encoding)}};
    out.body = std::move(body);
    return out;
}

server_reply raw(std::string bytes, server_reply::ending then = server_reply::ending::close) {
    server_reply out;
    out.raw = std::move(bytes);
    out.then = then;
    return out;
}

TEST_F(client_test, a_document_comes_with_its_status_and_headers) {
    server_.serve("/feed", "<rss/>");
    const auto r = get(server_.url("/feed?x=1#part"));
    ASSERT_TRUE(r) << r.error().message();
    EXPECT_EQ(r->status, 200u);
    EXPECT_EQ(r->body, "<rss/>");
    EXPECT_EQ(*r->header("content-type"), "application/rss+xml");
    EXPECT_EQ(r->url, server_.url("/feed?x=1"));
    EXPECT_GT(r->elapsed.count(), 0);  // although it took less than a millisecond
    const auto asked = server_.last("/feed");
    EXPECT_EQ(asked.target, "/feed?x=1");
    EXPECT_EQ(asked.header("user-agent"), "feedwatch-test/1 (+https://example.org/bot)");
    EXPECT_EQ(asked.header("accept-encoding"), "gzip, deflate, br, zstd");
}
TEST_F(client_test, a_known_etag_is_answered_with_304) {
    server_.serve("/feed", "<rss/>");
    const auto first = get(server_.url("/feed"));
    ASSERT_TRUE(first);
    request again;
    again.url = server_.url("/feed");
    again.headers = {{"If-None-Match", *first->header("etag")}};
    const auto second = send(again);
    EXPECT_EQ(reason(second), "status 304");
    EXPECT_EQ(second->body, "");
}
TEST_F(client_test, a_body_is_posted_as_it_is) {
    server_.reply("/hook", {});
    request what;
    what.method = "POST";
    what.url = server_.url("/hook");
    what.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    what.body = std::string("{\"a\":\"\0b\"}", 10);
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/hook").method, "POST");
    EXPECT_EQ(server_.last("/hook").body, what.body);
    EXPECT_EQ(server_.last("/hook").header("content-type"), "application/json");
    EXPECT_TRUE(server_.last("/hook").headers.contains("x-empty"));
}
TEST_F(client_test, gzip_deflate_brotli_and_zstd_are_undone) {
    const std::string body(100'000, 'x');
    server_.reply("/gzip", encoded(test::deflated(body, test::format::gzip), "gzip"));
    server_.reply(
        "/members",
        encoded(test::deflated("one ", test::format::gzip) + test::deflated("two", test::format::gzip), "gzip"));
    server_.reply("/zlib", encoded(test::deflated(body, test::format::zlib), "deflate"));
    server_.reply("/raw", encoded(test::deflated(body, test::format::raw), "deflate"));
    server_.reply("/br", encoded(test::brotlied(body), "BR"));
    server_.reply("/zstd", encoded(test::zstded(body), "zstd"));
    server_.reply("/identity", encoded(body, "identity"));
    server_.reply("/padded", encoded(test::deflated(body, test::format::gzip) + std::string(5, '\0'), "gzip"));
    for (const char* path : {"/gzip", "/zlib", "/raw", "/br", "/zstd", "/identity", "/padded"}) {
        const auto r = get(server_.url(path));
        ASSERT_TRUE(r) << path << r.error().message();
        EXPECT_EQ(r->body, body) << path;
    }
    EXPECT_EQ(get(server_.url("/members"))->body, "one two");
}
TEST_F(client_test, zstd_may_come_in_several_frames_and_in_single_bytes) {
    const std::string skippable("\x50\x2A\x4D\x18\x03\x00\x00\x00xyz", 11);  // RFC 8878, section 3.1.2
    const std::string frames = test::zstded("one ") + skippable + test::zstded("") + test::zstded("two");
    server_.reply("/frames", encoded(frames, "zstd"));
    server_reply slow = encoded(frames, "zstd");
    slow.pace = 1ms;
    server_.reply("/bytes", slow);
    server_.reply("/nothing", encoded("", "zstd"));
    EXPECT_EQ(get(server_.url("/frames"))->body, "one two");
    EXPECT_EQ(get(server_.url("/bytes"))->body, "one two");
    EXPECT_EQ(reason(get(server_.url("/nothing"))), "status 200");
}
TEST_F(client_test, zstd_that_goes_on_with_something_else_is_a_protocol_error) {
    server_.reply("/feed", encoded(test::zstded("one") + "and more", "zstd"));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "protocol");
}
TEST_F(client_test, zstd_with_a_window_of_more_than_8_MiB_is_refused_in_words) {
    const std::string body(9U << 20U, 'x');
    server_.reply("/8", encoded(test::zstded(body, 23), "zstd"));
    server_.reply("/16", encoded(test::zstded(body, 24), "zstd"));
    EXPECT_EQ(reason(get(server_.url("/8"))), "status 200");
    const auto refused = get(server_.url("/16"));
    EXPECT_EQ(reason(refused), "protocol");
    EXPECT_THAT(refused.error().detail, testing::HasSubstr("8 MiB"));
}
TEST_F(client_test, zstd_may_fill_the_limit_to_its_last_byte) {
    const std::string body(200'000, 'x');
    server_.reply("/feed", encoded(test::zstded(body), "zstd"));
    request what;
    what.url = server_.url("/feed");
    what.body_bytes_max = 200'000;
    EXPECT_EQ(reason(send(what)), "status 200");
    what.body_bytes_max = 199'999;
    EXPECT_EQ(reason(send(what)), "too_large");
}
TEST_F(client_test, chunks_are_joined) {
    server_.reply("/feed",
                  raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n"));
    EXPECT_EQ(get(server_.url("/feed"))->body, "abcdefg");
}

TEST_F(client_test, a_name_in_another_script_is_looked_up_in_ascii) {
    test::resolve_as("xn--bcher-kva.test", {{"127.0.0.1"}});
    server_.serve("/feed", "books");
    const std::string port = ":" + std::to_string(server_.port());
    const auto r = get("http://B\u00fccher.test" + port + "/feed");
    ASSERT_TRUE(r) << r.error().message();
    EXPECT_EQ(r->body, "books");
    EXPECT_EQ(r->url, "http://xn--bcher-kva.test" + port + "/feed");
    EXPECT_EQ(server_.last("/feed").header("host"), "xn--bcher-kva.test" + port);
    EXPECT_EQ(reason(get("http://\xff\xfe.test/feed")), "url");
}

// fault 1
TEST_F(client_test, a_server_that_never_answers_is_a_timeout_at_the_total_deadline) {
    server_.reply("/feed", raw("HTTP/1.1 2", server_reply::ending::hang));
    request what;
    what.url = server_.url("/feed");
    what.total_timeout = 300ms;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(reason(send(what)), "timeout");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}
// fault 2
TEST_F(client_test, one_byte_now_and_then_is_cut_off_by_the_minimum_rate) {
    server_reply slow;
    slow.body = std::string(10'000, 'x');
    slow.pace = 100ms;
    server_.reply("/feed", slow);
    request what;
    what.url = server_.url("/feed");
    what.rate_min_bytes_per_second = 1000;
    what.rate_window = 1s;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(reason(send(what)), "timeout");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
}
// fault 4
TEST_F(client_test, a_body_over_the_limit_with_a_length_is_too_large) {
    server_reply big;
    big.body = std::string(200'000, 'x');
    server_.reply("/feed", big);
    request what;
    what.url = server_.url("/feed");
    what.body_bytes_max = 199'999;
    EXPECT_EQ(reason(send(what)), "too_large");
    what.body_bytes_max = 200'000;
    EXPECT_EQ(reason(send(what)), "status 200");
}
// fault 5
TEST_F(client_test, a_body_over_the_limit_without_a_length_is_too_large) {
    server_reply big;
    big.body = std::string(2'000'000, 'x');
    big.with_length = false;
    server_.reply("/feed", big);
    request what;
    what.url = server_.url("/feed");
    what.body_bytes_max = 100'000;
    EXPECT_EQ(reason(send(what)), "too_large");
}
// fault 6
TEST_F(client_test, a_compression_bomb_is_stopped_by_its_size_after_decompression) {
    const std::string zeros(64U << 20U, '\0');
    const std::string gzip_bomb = test::deflated(zeros, test::format::gzip);
    ASSERT_LT(gzip_bomb.size(), 100'000u);
    server_.reply("/gzip", encoded(gzip_bomb, "gzip"));
    server_.reply("/br", encoded(test::brotlied(zeros), "br"));
    server_.reply("/zstd", encoded(test::zstded(zeros), "zstd"));
    for (const char* path : {"/gzip", "/br", "/zstd"}) {
        request what;
        what.url = server_.url(path);
        what.body_bytes_max = 1U << 20U;
        EXPECT_EQ(reason(send(what)), "too_large") << path;
    }
}
TEST_F(client_test, endless_header_lines_are_too_large) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 400; ++i) head += "X-" + std::to_string(i) + ": " + std::string(1000, 'h') + "\r\n";
    server_.reply("/feed", raw(head + "\r\nbody"));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "too_large");
}
// fault 8
TEST_F(client_test, an_encoding_that_was_not_asked_for_is_refused) {
    for (const char* name : {"compress", "zstd, gzip", "gzip, gzip", "x-unknown", "br, identity, gzip"}) {
        server_.reply("/feed", encoded("whatever", name));
        EXPECT_EQ(reason(get(server_.url("/feed"))), "encoding") << name;
    }
}
// fault 9
TEST_F(client_test, truncated_compression_is_a_protocol_error) {
    const std::string text = "<rss>" + std::string(5000, 'y') + "</rss>";
    const auto cut = [](std::string bytes) { return bytes.substr(0, bytes.size() / 2); };
    server_.reply("/gzip", encoded(cut(test::deflated(text, test::format::gzip)), "gzip"));
    server_.reply("/deflate", encoded(cut(test::deflated(text, test::format::zlib)), "deflate"));
    server_.reply("/br", encoded(cut(test::brotlied(text)), "br"));
    server_.reply("/zstd", encoded(cut(test::zstded(text)), "zstd"));
    server_.reply("/zstd-checksum", encoded(test::zstded(text).substr(0, test::zstded(text).size() - 1), "zstd"));
    server_.reply("/zstd-magic", encoded("\x28\xB5", "zstd"));
    server_.reply("/byte", encoded("\x1f", "gzip"));
    for (const char* path : {"/gzip", "/deflate", "/br", "/zstd", "/zstd-checksum", "/zstd-magic", "/byte"})
        EXPECT_EQ(reason(get(server_.url(path))), "protocol") << path;
}
// fault 10
TEST_F(client_test, a_bad_checksum_is_a_protocol_error) {
    std::string bytes = test::deflated("hello hello hello", test::format::gzip);
    bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 0x55);
    server_.reply("/crc", encoded(bytes, "gzip"));
    server_.reply("/plain", encoded("this is not compressed", "gzip"));
    std::string frame = test::zstded("hello hello hello");
    frame.back() = static_cast<char>(frame.back() ^ 0x55);
    server_.reply("/zstd", encoded(frame, "zstd"));
    server_.reply("/zstd-plain", encoded("this is not compressed", "zstd"));
    EXPECT_EQ(reason(get(server_.url("/zstd"))), "protocol");
    EXPECT_EQ(reason(get(server_.url("/zstd-plain"))), "protocol");
    EXPECT_EQ(reason(get(server_.url("/crc"))), "protocol");
    EXPECT_EQ(reason(get(server_.url("/plain"))), "protocol");
}
// fault 12
TEST_F(client_test, a_content_length_that_is_larger_than_the_body_is_a_protocol_error) {
    server_.reply("/feed", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "protocol");
}
TEST_F(client_test, a_content_length_that_is_smaller_than_the_body_is_a_protocol_error) {
    server_.reply("/feed", raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlonger than five"));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "protocol");
}
TEST_F(client_test, memory_for_a_body_is_what_its_content_length_says_up_to_a_bound) {
    constexpr std::size_t bound = 1U << 20U;
    server_.serve("/small", std::string(bound - 1, 'x'));
    const auto small = get(server_.url("/small"));
    ASSERT_EQ(reason(small), "status 200");
    EXPECT_EQ(small->body.capacity(), bound - 1);
    server_.serve("/large", std::string(3 * bound, 'x'));
    const auto large = get(server_.url("/large"));
    ASSERT_EQ(reason(large), "status 200");
    EXPECT_EQ(large->body.size(), 3 * bound);
    EXPECT_EQ(large->body.capacity(), 4 * bound);  // doubled from the bound on
}
// faults 13, 14
TEST_F(client_test, broken_and_overflowing_chunk_sizes_are_protocol_errors) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char* chunks : {"zz\r\nabc\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nabc\r\n", "-5\r\nabc\r\n",
                               "3\r\nabcXX0\r\n\r\n", "9\r\nabc"}) {
        server_.reply("/feed", raw(head + chunks));
        EXPECT_EQ(reason(get(server_.url("/feed"))), "protocol") << chunks;
    }
}
// fault 15
TEST_F(client_test, a_connection_reset_in_the_middle_is_a_reset) {
    server_.reply("/feed", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", server_reply::ending::reset));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "reset");
}
TEST_F(client_test, a_connection_closed_without_a_word_is_a_reset) {
    server_.reply("/feed", raw("\r\n", server_reply::ending::close));
    const auto said = reason(get(server_.url("/feed")));
    EXPECT_TRUE(said == "reset" || said == "protocol") << said;
}
TEST_F(client_test, something_that_is_not_http_is_a_protocol_error) {
    server_.reply("/feed", raw("SSH-2.0-OpenSSH_9.2\r\n"));
    EXPECT_EQ(reason(get(server_.url("/feed"))), "protocol");
}
TEST_F(client_test, a_closed_port_is_a_connect_error) {
    std::string url;
    {
        const test::http_test_server gone;
        url = gone.url("/feed");
    }
    EXPECT_EQ(reason(get(url)), "connect");
}
// fault 28
TEST_F(client_test, a_name_that_does_not_exist_is_a_dns_error) {
    EXPECT_EQ(reason(get("http://nothing.invalid/feed")), "dns");
}

// fault 72
TEST_F(client_test, a_line_break_in_a_header_is_refused_before_anything_is_sent) {
    for (const std::string& bad : {std::string("a\r\nX: y"), std::string("a\nb"), std::string("a\0b", 3)}) {
        request what;
        what.url = server_.url("/feed");
        what.headers = {{"X-Test", bad}};
        EXPECT_EQ(reason(send(what)), "url");
        what.headers = {};
        what.origin_headers = {{"X-Test", bad}};
        EXPECT_EQ(reason(send(what)), "url");
    }
    EXPECT_EQ(reason(get(server_.url("/feed\r\nX: y"))), "url");
    EXPECT_EQ(server_.requests(), 0u);
}

// fault 32
TEST_F(client_test, many_requests_to_one_host_share_few_connections) {
    server_.on("/feed", [](const test::received_request&) {
        server_reply r;
        r.body = "ok";
        return r;
    });
    client_options options = loopback_allowed();
    options.per_host_max = 3;
    make(options);
    int answered = 0;
    for (int i = 0; i < 200; ++i) {
        request what;
        what.url = server_.url("/feed");
        client_->send(what, [&](result<response> r) { answered += r && r->body == "ok"; });
    }
    while (answered < 200 && loop_.run_one_for(30s) > 0) {
    }
    EXPECT_EQ(answered, 200);
    EXPECT_LE(server_.connections_peak(), 3u);
}
TEST_F(client_test, a_client_that_goes_away_tells_nobody) {
    server_.reply("/feed", raw("HTTP/1.1 2", server_reply::ending::hang));
    make();
    bool called = false;
    for (int i = 0; i < 5; ++i) {
        request what;
        what.url = server_.url("/feed");
        client_->send(what, [&](const result<response>&) { called = true; });
    }
    loop_.run_for(50ms);
    client_.reset();
    loop_.restart();
    loop_.run_for(50ms);
    EXPECT_FALSE(called);
}

}  // namespace
}  // namespace feedwatch::http
