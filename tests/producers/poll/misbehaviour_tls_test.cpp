// Ways to fail at TLS and HTTP/2.
#include <unistd.h>

#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

using test::http_version;
using test::tls_options;
using testing::HasSubstr;
using testing::Not;

class tls_misbehaviour : public misbehaviour {
  protected:
    ~tls_misbehaviour() override { std::remove(path_.c_str()); }
    void trust(const test::certificate& c) {
        FILE* file = std::fopen(path_.c_str(), "w");
        std::fputs(c.pem.c_str(), file);
        std::fclose(file);
        client_.network.ca_file = path_;
    }
    void poll_at(const tls_options& how, const server_reply& says, const seen& expected, duration patience = 20s) {
        trust(how.own);
        test::http_test_server server(how);
        try_out({"", says, expected, patience}, server);
    }
    const std::string path_ = testing::TempDir() + "feedwatch-way-ca-" + std::to_string(::getpid()) + ".pem";
};

struct certificate_way {
    std::string name;
    test::certificate_options shown;
    std::string detail;
};
class certificates : public tls_misbehaviour, public testing::WithParamInterface<certificate_way> {};
TEST_P(certificates, is_seen_as_what_it_is) {
    const auto& [name, shown, detail] = GetParam();
    poll_at({.own = test::make_certificate(shown)}, feed_reply(), failure("tls", detail, 0));
}
INSTANTIATE_TEST_SUITE_P(all, certificates,
                         testing::ValuesIn(std::vector<certificate_way>{
                             {"expired", {.days_from = -30, .days_to = -1}, "expired"},
                             {"not_valid_yet", {.days_from = 2, .days_to = 30}, "not yet valid"},
                             {"of_another_host", {.name = "example.org"}, "127.0.0.1"},
                         }),
                         [](const auto& of) { return of.param.name; });

TEST_F(tls_misbehaviour, a_certificate_that_nobody_vouches_for) {
    test::http_test_server server(test::make_certificate());
    try_out({"", feed_reply(), failure("tls", "network.ca_file", 0)}, server);
}
TEST_F(tls_misbehaviour, a_version_of_tls_that_is_broken) {
    poll_at({.own = test::make_certificate(), .only_tls_1_1 = true}, feed_reply(), failure("tls", "", 0));
}
TEST_F(tls_misbehaviour, a_handshake_that_is_broken_off) {
    poll_at({.own = test::make_certificate(), .handshake = tls_options::handshake_end::closed}, {},
            failure("tls", "", 0));
}
TEST_F(tls_misbehaviour, plain_http_where_tls_should_be) {
    poll_at({.own = test::make_certificate(), .handshake = tls_options::handshake_end::garbage}, {},
            failure("tls", "", 0));
}
TEST_F(tls_misbehaviour, a_handshake_that_never_ends) {
    poll_at({.own = test::make_certificate(), .handshake = tls_options::handshake_end::hangs}, {},
            failure("timeout", "", 0), soon);
}
TEST_F(tls_misbehaviour, a_client_certificate_that_the_feed_does_not_have) {
    const auto c = test::make_certificate();
    poll_at({.own = c, .clients = tls_options::ask::required, .client_authority = c.pem}, feed_reply(),
            failure("tls", "", 0));
}
TEST_F(tls_misbehaviour, a_body_without_a_length_and_without_a_goodbye_is_taken_for_whole) {
    // As browsers do: many servers never say it.
    server_reply whole = feed_reply();
    whole.with_length = false;
    poll_at({.own = test::make_certificate()}, whole, two_items());
    poller_.reset();
    whole.close_notify = true;
    poll_at({.own = test::make_certificate()}, whole, two_items());
}
TEST_F(tls_misbehaviour, a_body_that_somebody_has_cut_is_known_by_its_missing_end) {
    server_reply cut = feed_reply({{"ETag", "\"1\""}});
    cut.with_length = false;
    cut.body = cut.body.substr(0, cut.body.rfind("<item>"));
    poll_at({.own = test::make_certificate()}, cut, {"ok", 200, 1, 1, "", {}});
    EXPECT_THAT(checkpoint_.warnings, testing::Contains(HasSubstr("ends early")));
    EXPECT_EQ(checkpoint_.etag, "");
}
TEST_F(tls_misbehaviour, a_body_with_its_length_needs_no_goodbye) {
    server_reply whole = feed_reply();
    whole.then = ending::close;
    poll_at({.own = test::make_certificate()}, whole, two_items());
}
TEST_F(tls_misbehaviour, a_redirect_from_https_down_to_http) {
    const auto c = test::make_certificate();
    trust(c);
    test::http_test_server secure(c), plain;
    plain.reply("/feed", feed_reply());
    secure.reply("/feed", test::redirect_to(plain.url("/feed?token=MARKER"), 301));
    subscribe(secure.url("/feed"));
    poll_once();
    expect(failure("redirects", "from https down to http: 301 to " + plain.url("/feed")), secure.requests());
    EXPECT_EQ(plain.requests(), 0U);
    EXPECT_THAT(checkpoint_.detail, Not(HasSubstr("MARKER")));
    EXPECT_EQ(checkpoint_.redirected_to, "");
}

class http2_misbehaviour : public tls_misbehaviour {
  protected:
    void poll_over_http2(const server_reply& says, const seen& expected, duration patience = 20s) {
        poll_at({.own = test::make_certificate(), .best = http_version::two}, says, expected, patience);
    }
};

TEST_F(http2_misbehaviour, none_of_it) {
    poll_over_http2(feed_reply(), two_items());
}
TEST_F(http2_misbehaviour, a_stream_that_is_reset_in_the_middle) {
    server_reply cut = feed_reply();
    cut.then = ending::reset;
    poll_over_http2(cut, failure("reset"));
}
TEST_F(http2_misbehaviour, a_stream_that_stalls_in_the_middle) {
    server_reply stalled = feed_reply();
    stalled.http2 = server_reply::http2_fault::stall;
    poll_over_http2(stalled, failure("timeout"), soon);
}
TEST_F(http2_misbehaviour, a_goodbye_in_the_place_of_an_answer) {
    server_reply away;
    away.http2 = server_reply::http2_fault::goaway;
    poll_over_http2(away, failure("protocol"));  // libcurl 7.88 does not tell it from broken frames
}
TEST_F(http2_misbehaviour, a_stream_that_is_refused_is_tried_again_and_not_for_ever) {
    server_reply refused;
    refused.http2 = server_reply::http2_fault::refuse;
    poll_over_http2(refused, failure("reset", "", 6));
}
TEST_F(http2_misbehaviour, a_length_that_is_not_the_bodys) {
    server_reply wrong = feed_reply({{"Content-Length", "100000"}});
    wrong.with_length = false;
    poll_over_http2(wrong, failure("protocol"));
}
TEST_F(http2_misbehaviour, fields_that_http_2_forbids) {
    poll_over_http2(feed_reply({{"Connection", "close"}, {"Transfer-Encoding", "chunked"}}), failure("protocol"));
}

}  // namespace
}  // namespace feedwatch
