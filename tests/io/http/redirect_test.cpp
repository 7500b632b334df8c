#include "tests/io/http/client_fixture.hpp"

namespace feedwatch::http {
namespace {

using test::redirect_to;
using testing::ElementsAre;
using testing::Field;

TEST_F(client_test, redirects_are_followed_and_listed) {
    server_.reply("/a", redirect_to("/b", 301));
    server_.reply("/b", redirect_to(server_.url("/c?x=1"), 308));
    server_.serve("/c", "here");
    const auto r = get(server_.url("/a"));
    ASSERT_TRUE(r) << r.error().message();
    EXPECT_EQ(r->body, "here");
    EXPECT_EQ(r->url, server_.url("/c?x=1"));
    EXPECT_THAT(r->redirects,
                ElementsAre(testing::AllOf(Field(&hop::status, 301u), Field(&hop::to, server_.url("/b"))),
                            testing::AllOf(Field(&hop::status, 308u), Field(&hop::to, server_.url("/c?x=1")))));
}
TEST_F(client_test, a_redirect_is_an_answer_where_it_is_not_to_be_followed) {
    server_.reply("/a", redirect_to("/b"));
    request what;
    what.url = server_.url("/a");
    what.follow_redirects = false;
    EXPECT_EQ(reason(send(what)), "status 302");
    EXPECT_EQ(server_.requests("/b"), 0u);
}
// fault 16
TEST_F(client_test, a_loop_is_refused_on_its_second_round) {
    server_.reply("/a", redirect_to("/b"));
    server_.reply("/b", redirect_to("/a"));
    server_.reply("/self", redirect_to("/self#x"));
    const auto refused = get(server_.url("/a"));
    EXPECT_EQ(reason(refused), "redirects");
    EXPECT_EQ(refused.error().detail, "a loop: 302 to " + server_.url("/b") + ", 302 to " + server_.url("/a"));
    EXPECT_EQ(server_.requests("/a"), 1u);
    EXPECT_EQ(reason(get(server_.url("/self"))), "redirects");
}
// fault 17
TEST_F(client_test, the_sixth_redirect_is_refused) {
    for (int i = 0; i < 6; ++i) server_.reply("/" + std::to_string(i), redirect_to("/" + std::to_string(i + 1)));
    server_.serve("/6", "end");
    EXPECT_EQ(reason(get(server_.url("/1"))), "status 200");  // five
    const auto refused = get(server_.url("/0"));              // six
    EXPECT_EQ(reason(refused), "redirects");
    EXPECT_THAT(refused.error().detail, testing::AllOf(testing::StartsWith("more than 5 redirects: 302 to "),
                                                       testing::EndsWith(server_.url("/6"))));
}
// fault 19
TEST_F(client_test, from_https_down_to_http_is_refused) {
    const auto certificate = test::make_certificate();
    const std::string ca = testing::TempDir() + "feedwatch-redirect-ca.pem";
    FILE* file = std::fopen(ca.c_str(), "w");
    std::fputs(certificate.pem.c_str(), file);
    std::fclose(file);
    test::http_test_server secure(certificate);
    secure.reply("/down", redirect_to("/further?token=s3cret", 301));
    secure.reply("/further", redirect_to(server_.url("/plain?token=s3cret")));
    secure.serve("/ok", "fine");
    server_.serve("/plain", "plain");
    auto options = loopback_allowed();
    options.network.ca_file = ca;
    make(options);
    EXPECT_EQ(reason(get(secure.url("/ok"))), "status 200");
    const auto refused = get(secure.url("/down"));
    EXPECT_EQ(reason(refused), "redirects");
    EXPECT_EQ(refused.error().detail,
              "from https down to http: 301 to " + secure.url("/further") + ", 302 to " + server_.url("/plain"));
    EXPECT_EQ(server_.requests("/plain"), 0u);
    server_.reply("/up", redirect_to(secure.url("/ok")));
    EXPECT_EQ(reason(get(server_.url("/up"))), "status 200");
}
// fault 20
TEST_F(client_test, credentials_and_cookies_do_not_follow_to_another_origin) {
    test::http_test_server other;
    other.serve("/there", "secret-free");
    other.reply("/back", redirect_to(server_.url("/home")));
    server_.serve("/home", "home");
    server_.reply("/away", redirect_to(other.url("/there")));
    server_.reply("/boomerang", redirect_to(other.url("/back")));
    server_.reply("/local", redirect_to("/home"));
    request what;
    what.headers = {{"authorization", "Bearer token"}, {"Cookie", "id=1"}, {"X-Kept", "yes"}};
    what.url = server_.url("/away");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/away").header("authorization"), "Bearer token");
    EXPECT_EQ(other.last("/there").header("authorization"), "");
    EXPECT_EQ(other.last("/there").header("cookie"), "");
    EXPECT_EQ(other.last("/there").header("x-kept"), "yes");

    what.url = server_.url("/boomerang");  // not even when it comes home
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/home").header("authorization"), "");

    what.url = server_.url("/local");  // but within the origin
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/home").header("authorization"), "Bearer token");
}
TEST_F(client_test, a_header_of_the_origin_is_sent_there_and_nowhere_else) {
    test::http_test_server other;
    other.serve("/there", "x");
    other.reply("/back", redirect_to(server_.url("/home")));
    server_.serve("/home", "home");
    server_.reply("/local", redirect_to("/home"));
    server_.reply("/away", redirect_to(other.url("/there")));
    server_.reply("/boomerang", redirect_to(other.url("/back")));
    request what;
    what.headers = {{"X-Kept", "yes"}};
    what.origin_headers = {{"X-Api-Key", "key"}, {"Cookie", "id=1"}};
    what.url = server_.url("/local");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/local").header("x-api-key"), "key");
    EXPECT_EQ(server_.last("/home").header("x-api-key"), "key");
    EXPECT_EQ(server_.last("/home").header("cookie"), "id=1");

    what.url = server_.url("/away");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/away").header("x-api-key"), "key");
    EXPECT_EQ(other.last("/there").header("x-api-key"), "");
    EXPECT_EQ(other.last("/there").header("cookie"), "");
    EXPECT_EQ(other.last("/there").header("x-kept"), "yes");

    what.url = server_.url("/boomerang");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(other.last("/back").header("x-api-key"), "");
    EXPECT_EQ(server_.last("/home").header("x-api-key"), "");
}
TEST_F(client_test, user_and_password_are_sent_to_their_origin_only_and_stay_out_of_what_comes_back) {
    test::http_test_server other;
    other.serve("/there", "x");
    server_.reply("/away", redirect_to(other.url("/there"), 301));
    const std::string port = std::to_string(server_.port());
    const auto r = get("http://user:pa%20ss@127.0.0.1:" + port + "/away");
    ASSERT_TRUE(r) << r.error().message();
    EXPECT_EQ(server_.last("/away").header("authorization"), "Basic dXNlcjpwYSBzcw==");
    EXPECT_EQ(other.last("/there").header("authorization"), "");
    EXPECT_EQ(r->url, other.url("/there"));

    server_.reply("/smuggle", redirect_to("http://evil:pw@127.0.0.1:" + std::to_string(other.port()) + "/there"));
    const auto smuggled = get(server_.url("/smuggle"));
    ASSERT_TRUE(smuggled);
    EXPECT_EQ(other.last("/there").header("authorization"), "");
    EXPECT_EQ(smuggled->redirects.at(0).to, other.url("/there"));
}
TEST_F(client_test, a_post_becomes_a_get_after_303_and_stays_a_post_after_307) {
    server_.reply("/see-other", redirect_to("/there", 303));
    server_.reply("/temporary", redirect_to("/there", 307));
    server_.serve("/there", "x");
    request what;
    what.method = "POST";
    what.body = "payload";
    what.url = server_.url("/see-other");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/there").method, "GET");
    EXPECT_EQ(server_.last("/there").body, "");
    what.url = server_.url("/temporary");
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/there").method, "POST");
    EXPECT_EQ(server_.last("/there").body, "payload");
}
TEST_F(client_test, the_total_timeout_spans_all_hops) {
    test::server_reply slow = redirect_to("/b");
    slow.pace = 5ms;
    server_.reply("/a", slow);
    slow = redirect_to("/c");
    slow.pace = 5ms;
    server_.reply("/b", slow);
    test::server_reply hang;
    hang.raw = "H";
    hang.then = test::server_reply::ending::hang;
    server_.reply("/c", hang);
    request what;
    what.url = server_.url("/a");
    what.total_timeout = 1500ms;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(reason(send(what)), "timeout");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2500ms);
}

}  // namespace
}  // namespace feedwatch::http
