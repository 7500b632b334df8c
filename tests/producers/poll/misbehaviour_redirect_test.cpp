// Ways to send a client elsewhere.
#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

using testing::HasSubstr;
using testing::Not;

class redirects : public misbehaviour, public testing::WithParamInterface<way> {
  protected:
    test::http_test_server server_;
};
TEST_P(redirects, is_seen_as_what_it_is) {
    server_.reply("/there", feed_reply());
    server_.reply("/a%20b", feed_reply());
    try_out(GetParam(), server_);
}

server_reply to(const std::string& location, int status = 302) {
    return test::redirect_to(location, status);
}
seen followed() {
    return two_items(2);
}

INSTANTIATE_TEST_SUITE_P(
    places, redirects,
    testing::ValuesIn(std::vector<way>{
        {"to_a_path", to("/there"), followed()},
        {"to_a_relative_path", to("x/../there"), followed()},
        {"to_a_path_that_climbs_above_the_root", to("../../../there"), followed()},
        {"to_a_place_with_a_fragment", to("/there#part"), followed()},
        {"to_a_path_with_a_blank", to("/a b"), followed()},
        {"to_a_query_of_its_own_again_and_again", to("?page=2"), failure("redirects", "a loop: 302 to ", 2)},
        {"to_itself", to("/feed"), failure("redirects", "a loop: 302 to ")},
        {"to_itself_but_for_the_fragment", to("/feed#x"), failure("redirects", "a loop: 302 to ")},
        {"to_nowhere", to(""), refusal(302)},
        {"to_a_file", to("file:///etc/passwd"), failure("url", "'file' is not http or https")},
        {"to_gopher", to("gopher://127.0.0.1:70/1"), failure("url", "'gopher' is not http or https")},
        {"to_data", to("data:text/xml,<rss/>"), failure("url")},
        {"to_javascript", to("javascript:alert(1)"), failure("url")},
        {"to_a_host_without_a_name", to("http://"), failure("url")},
        {"to_a_host_behind_three_slashes", to("http:///there"), failure("dns", "there")},
        {"to_a_port_that_is_none", to("http://127.0.0.1:99999/"), failure("url")},
        {"to_metadata", to("http://169.254.169.254/latest/"), failure("address_refused", "169.254.169.254")},
        {"to_metadata_in_decimal", to("http://2852039166/latest/"), failure("address_refused", "169.254.169.254")},
        {"to_metadata_in_ipv6", to("http://[::ffff:a9fe:a9fe]/"), failure("address_refused", "169.254.169.254")},
        {"to_the_private_network_without_a_scheme", to("//10.0.0.1/"), failure("address_refused", "10.0.0.1")},
        {"to_another_loopback_address", to("http://127.0.0.2:1/"), failure("address_refused", "127.0.0.2")},
        {"to_a_dead_port", to("http://127.0.0.1:1/"), failure("connect")},
    }),
    name_of_way);

INSTANTIATE_TEST_SUITE_P(
    answers, redirects,
    testing::ValuesIn(std::vector<way>{
        {"without_a_place",
         [] {
             server_reply out;
             out.status = 302;
             return out;
         }(),
         refusal(302)},
        {"multiple_choices", to("/there", 300), refusal(300)},
        {"use_a_proxy", to("/there", 305), refusal(305)},
        {"with_a_body_that_never_ends",
         raw("HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n" + std::string(3U << 20U, 'x')), failure("too_large")},
        {"with_a_body_that_says_gzip",
         raw("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Encoding: gzip\r\n"
             "Content-Length: 5\r\n\r\nplain"),
         followed()},
        {"with_two_places",
         raw("HTTP/1.1 302 Found\r\nLocation: /there\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
         followed()},
    }),
    name_of_way);

TEST_F(misbehaviour, redirects_that_never_end_are_listed_up_to_the_limit) {
    test::http_test_server server;
    for (int i = 0; i < 10; ++i)
        server.reply("/" + std::to_string(i), test::redirect_to("/" + std::to_string(i + 1) + "?token=MARKER"));
    subscribe(server.url("/0"));
    poll_once();
    expect(failure("redirects", "more than 5 redirects: 302 to " + server.url("/1") + ", ", 6), server.requests());
    EXPECT_THAT(checkpoint_.detail, testing::EndsWith("302 to " + server.url("/6")));
    EXPECT_THAT(checkpoint_.detail, Not(HasSubstr("MARKER")));
}
TEST_F(misbehaviour, a_circle_of_redirects_is_left_on_its_second_round) {
    test::http_test_server server;
    server.reply("/a", test::redirect_to("/b", 301));
    server.reply("/b", test::redirect_to("/a", 308));
    subscribe(server.url("/a"));
    poll_once();
    expect(failure("redirects", "a loop: 301 to " + server.url("/b") + ", 308 to " + server.url("/a"), 2),
           server.requests());
    EXPECT_EQ(checkpoint_.redirected_to, "");
}
TEST_F(misbehaviour, a_redirect_to_itself_with_a_cookie_is_a_loop_and_the_cookie_is_not_kept) {
    test::http_test_server server;
    server.on("/feed", [](const test::received_request& r) {
        server_reply out = test::redirect_to("/feed");
        out.headers.emplace_back("Set-Cookie", "seen=1");
        return r.header("cookie").empty() ? out : feed_reply();
    });
    subscribe(server.url("/feed"));
    poll_once();
    expect(failure("redirects", "a loop"), server.requests());
    poll_once();
    EXPECT_EQ(checkpoint_.failures, 2U);
    EXPECT_EQ(server.last("/feed").header("cookie"), "");
}
TEST_F(misbehaviour, what_is_secret_follows_no_redirect_to_another_origin) {
    test::http_test_server server, other;
    server.reply("/feed", test::redirect_to(other.url("/feed")));
    other.reply("/feed", feed_reply());
    options_.authorize = [](std::string_view) -> result<credentials> {
        credentials out;
        out.header = "Cookie";
        out.value = secret("session=MARKER");
        return out;
    };
    subscribe(server.url("/feed"), [](feed& f) { f.credentials = "cookie:env:X"; });
    poll_once();
    expect(two_items(), other.requests());
    EXPECT_EQ(server.last("/feed").header("cookie"), "session=MARKER");
    EXPECT_EQ(other.last("/feed").header("cookie"), "");
    EXPECT_THAT(to_json(checkpoint_), Not(HasSubstr("MARKER")));
}

}  // namespace
}  // namespace feedwatch
