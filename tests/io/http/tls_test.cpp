// Certificates, and HTTP/2 where the server has it.
#include <unistd.h>

#include <mutex>

#include "tests/io/http/client_fixture.hpp"
#include "tests/io/http/compressed.hpp"

namespace feedwatch::http {
namespace {

using test::http_version;
using testing::HasSubstr;

class tls_test : public client_test {
  protected:
    ~tls_test() override { std::remove(path_.c_str()); }

    // In place of the file, as those do who install certificates.
    void write(const test::certificate& c) const {
        const std::string whole = path_ + ".new";
        FILE* file = std::fopen(whole.c_str(), "w");
        std::fputs(c.pem.c_str(), file);
        std::fclose(file);
        std::rename(whole.c_str(), path_.c_str());
    }
    void trust(const test::certificate& c) {
        write(c);
        auto options = loopback_allowed();
        options.network.ca_file = path_;
        make(options);
    }
    result<response> answer_with(const test::certificate& c) {
        test::http_test_server secure(c);
        secure.serve("/feed", "x");
        auto got = get(secure.url("/feed"));
        EXPECT_EQ(secure.requests(), got ? 1u : 0u);  // who is not trusted is told nothing
        return got;
    }
    const std::string path_ = testing::TempDir() + "feedwatch-ca-" + std::to_string(::getpid()) + ".pem";
};

// fault 27
TEST_F(tls_test, a_certificate_of_a_configured_authority_is_accepted) {
    const auto c = test::make_certificate();
    trust(c);
    EXPECT_EQ(reason(answer_with(c)), "status 200");
}
TEST_F(tls_test, a_host_that_is_asked_again_resumes_its_session) {
    const auto c = test::make_certificate();
    trust(c);
    test::http_test_server secure(c);
    std::mutex lock;
    std::vector<bool> resumed;
    secure.on("/feed", [&](const test::received_request& request) {
        const std::lock_guard held(lock);
        resumed.push_back(request.resumed);
        test::server_reply out;
        out.body = "x";
        out.with_length = false;  // the connection ends with it
        return out;
    });
    for (int n = 0; n < 3; ++n) EXPECT_EQ(reason(get(secure.url("/feed"))), "status 200");
    const std::lock_guard held(lock);
    EXPECT_EQ(resumed, (std::vector<bool>{false, true, true}));
    EXPECT_EQ(secure.connections(), 3U);
}
TEST_F(tls_test, a_file_of_authorities_that_has_changed_is_read_again) {
    const auto first = test::make_certificate(), second = test::make_certificate();
    trust(first);
    EXPECT_EQ(reason(answer_with(first)), "status 200");
    write(second);
    EXPECT_EQ(reason(answer_with(second)), "status 200");
    EXPECT_EQ(reason(answer_with(first)), "tls");
    ASSERT_EQ(std::remove(path_.c_str()), 0);
    EXPECT_EQ(reason(answer_with(second)), "tls");
    write(second);
    EXPECT_EQ(reason(answer_with(second)), "status 200");
}
TEST_F(tls_test, a_certificate_that_signs_itself_is_refused_with_advice) {
    trust(test::make_certificate());
    const auto refused = answer_with(test::make_certificate());
    EXPECT_EQ(reason(refused), "tls");
    EXPECT_THAT(refused.error().detail, testing::AllOf(HasSubstr("certificate"), HasSubstr("network.ca_file")));
}
TEST_F(tls_test, an_expired_certificate_is_refused) {
    const auto c = test::make_certificate({.name = "127.0.0.1", .days_from = -30, .days_to = -1});
    trust(c);
    const auto refused = answer_with(c);
    EXPECT_EQ(reason(refused), "tls");
    EXPECT_THAT(refused.error().detail, HasSubstr("expired"));
}
TEST_F(tls_test, a_certificate_that_is_not_valid_yet_is_refused) {
    const auto c = test::make_certificate({.name = "127.0.0.1", .days_from = 2, .days_to = 30});
    trust(c);
    const auto refused = answer_with(c);
    EXPECT_EQ(reason(refused), "tls");
    EXPECT_THAT(refused.error().detail, HasSubstr("not yet valid"));
}
TEST_F(tls_test, a_certificate_for_another_host_is_refused) {
    const auto c = test::make_certificate({.name = "example.org"});
    trust(c);
    const auto refused = answer_with(c);
    EXPECT_EQ(reason(refused), "tls");
    EXPECT_THAT(refused.error().detail, HasSubstr("127.0.0.1"));
}
TEST_F(tls_test, a_file_of_authorities_that_is_gone_or_broken_is_an_error_in_words) {
    trust({.pem = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n", .key = {}});
    const auto refused = answer_with(test::make_certificate());
    EXPECT_EQ(reason(refused), "tls");
    EXPECT_THAT(refused.error().detail, HasSubstr(path_));
}

TEST_F(tls_test, the_same_host_over_tls_is_another_origin_and_gets_no_secrets) {
    const auto c = test::make_certificate();
    trust(c);
    test::http_test_server secure(c);
    secure.serve("/feed", "x");
    server_.reply("/feed", test::redirect_to(secure.url("/feed")));
    request what;
    what.url = server_.url("/feed");
    what.origin_headers = {{"X-Api-Key", "key"}};
    what.basic_auth = "user:password";
    EXPECT_EQ(reason(send(what)), "status 200");
    EXPECT_EQ(server_.last("/feed").header("x-api-key"), "key");
    EXPECT_EQ(secure.last("/feed").header("x-api-key"), "");
    EXPECT_EQ(secure.last("/feed").header("authorization"), "");
}
TEST_F(tls_test, a_downgrade_to_http_gets_no_secrets) {
    const auto c = test::make_certificate();
    trust(c);
    test::http_test_server secure(c);
    server_.serve("/feed", "x");
    secure.reply("/feed", test::redirect_to(server_.url("/feed")));
    request what;
    what.url = secure.url("/feed");
    what.origin_headers = {{"X-Api-Key", "s3cret"}};
    const auto refused = send(what);
    EXPECT_EQ(reason(refused), "redirects");
    EXPECT_THAT(refused.error().detail, testing::Not(HasSubstr("s3cret")));
    EXPECT_EQ(server_.requests(), 0u);
}

class http2_test : public tls_test {
  protected:
    void SetUp() override { trust(certificate_); }

    const test::certificate certificate_ = test::make_certificate();
    test::http_test_server secure_{certificate_, http_version::two};
};

TEST_F(http2_test, a_server_that_has_it_is_asked_over_it) {
    secure_.serve("/feed", "<rss/>");
    const auto first = get(secure_.url("/feed?x=1"));
    ASSERT_TRUE(first) << first.error().message();
    EXPECT_EQ(secure_.last("/feed").protocol, "HTTP/2");
    EXPECT_EQ(secure_.last("/feed").target, "/feed?x=1");
    EXPECT_EQ(first->status, 200u);
    EXPECT_EQ(first->body, "<rss/>");
    EXPECT_EQ(*first->header("content-type"), "application/rss+xml");
    request again;
    again.url = secure_.url("/feed");
    again.headers = {{"If-None-Match", *first->header("etag")}};
    EXPECT_EQ(reason(send(again)), "status 304");
    EXPECT_EQ(secure_.connections(), 1u);
}
TEST_F(http2_test, a_server_without_it_is_asked_over_http_1) {
    test::http_test_server old(certificate_, http_version::one);
    old.serve("/feed", "x");
    EXPECT_EQ(reason(get(old.url("/feed"))), "status 200");
    EXPECT_EQ(old.last("/feed").protocol, "HTTP/1.1");
}
TEST_F(http2_test, without_tls_it_is_not_offered) {
    server_.serve("/feed", "x");
    EXPECT_EQ(reason(get(server_.url("/feed"))), "status 200");
    EXPECT_EQ(server_.last("/feed").protocol, "HTTP/1.1");
    EXPECT_EQ(server_.last("/feed").header("upgrade"), "");
}
TEST_F(http2_test, bodies_are_posted_decompressed_and_limited_over_it_as_well) {
    test::server_reply packed;
    packed.headers = {{"Content-Encoding", "zstd"}};
    packed.body = test::zstded(std::string(300'000, 'x'));
    secure_.reply("/feed", packed);
    request what;
    what.method = "POST";
    what.url = secure_.url("/feed");
    what.body = std::string(100'000, 'q');
    what.body_bytes_max = 300'000;
    const auto got = send(what);
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->body.size(), 300'000u);
    EXPECT_EQ(secure_.last("/feed").body, what.body);
    what.body_bytes_max = 299'999;
    EXPECT_EQ(reason(send(what)), "too_large");
}
TEST_F(http2_test, a_stream_that_is_reset_in_the_middle_is_a_reset) {
    test::server_reply cut;
    cut.body = std::string(100'000, 'x');
    cut.then = test::server_reply::ending::reset;
    secure_.reply("/feed", cut);
    EXPECT_EQ(reason(get(secure_.url("/feed"))), "reset");
    secure_.serve("/good", "x");
    EXPECT_EQ(reason(get(secure_.url("/good"))), "status 200");
}
TEST_F(http2_test, a_length_that_is_not_the_bodys_is_a_protocol_error) {
    test::server_reply wrong;
    wrong.headers = {{"Content-Length", "100"}};
    wrong.with_length = false;
    wrong.body = "short";
    secure_.reply("/feed", wrong);
    EXPECT_EQ(reason(get(secure_.url("/feed"))), "protocol");
}
TEST_F(http2_test, redirects_and_many_requests_at_once_work_over_it) {
    secure_.reply("/a", test::redirect_to("/b", 301));
    secure_.serve("/b", "here");
    int answered = 0;
    for (int i = 0; i < 50; ++i) {
        request what;
        what.url = secure_.url("/a");
        client_->send(what, [&](const result<response>& r) { answered += r && r->body == "here"; });
    }
    while (answered < 50 && loop_.run_one_for(30s) > 0) {
    }
    EXPECT_EQ(answered, 50);
    EXPECT_LE(secure_.connections_peak(), 2u);
}

}  // namespace
}  // namespace feedwatch::http
