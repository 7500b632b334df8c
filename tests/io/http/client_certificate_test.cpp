// Certificates that feeds show to servers that ask for one.
#include <unistd.h>

#include "tests/io/http/client_fixture.hpp"

namespace feedwatch::http {
namespace {

using test::http_version;
using test::tls_options;
using testing::HasSubstr;
using testing::Not;

class client_certificate_test : public client_test {
  protected:
    void SetUp() override {
        FILE* file = std::fopen(path_.c_str(), "w");
        std::fputs(server_certificate_.pem.c_str(), file);
        std::fclose(file);
        auto options = loopback_allowed();
        options.network.ca_file = path_;
        make(options);
    }
    ~client_certificate_test() override { std::remove(path_.c_str()); }

    [[nodiscard]] tls_options asking(enum tls_options::ask whom, http_version best = http_version::one) const {
        return {.own = server_certificate_, .best = best, .clients = whom, .client_authority = own_.pem};
    }
    result<response> get_with(const std::string& url, client_certificate with) {
        request what;
        what.url = url;
        what.certificate = std::move(with);
        return send(std::move(what));
    }

    const test::certificate server_certificate_ = test::make_certificate();
    const test::certificate own_ = test::make_certificate({.name = "reader.example"});
    const std::string path_ = testing::TempDir() + "feedwatch-client-ca-" + std::to_string(::getpid()) + ".pem";
};

TEST_F(client_certificate_test, a_server_that_demands_one_gets_it) {
    for (const auto version : {http_version::one, http_version::two}) {
        test::http_test_server secure(asking(tls_options::ask::required, version));
        secure.serve("/feed", "members only");
        const auto got = get_with(secure.url("/feed"), {own_.pem, own_.key, ""});
        ASSERT_TRUE(got) << got.error().message();
        EXPECT_EQ(got->body, "members only");
        EXPECT_EQ(secure.last("/feed").certificate, own_.pem);
    }
}
TEST_F(client_certificate_test, the_key_may_stand_beside_it) {
    test::http_test_server secure(asking(tls_options::ask::required));
    secure.serve("/feed", "x");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.pem + own_.key, "", ""})), "status 200");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.key + own_.pem, "", ""})), "status 200");
}
TEST_F(client_certificate_test, a_passphrase_opens_the_key) {
    const auto locked = test::make_certificate({.name = "reader.example", .passphrase = "open sesame"});
    tls_options how = asking(tls_options::ask::required);
    how.client_authority = locked.pem;
    test::http_test_server secure(how);
    secure.serve("/feed", "x");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {locked.pem, locked.key, "open sesame"})), "status 200");
    EXPECT_EQ(secure.last("/feed").certificate, locked.pem);
    make([&] {
        auto options = loopback_allowed();
        options.network.ca_file = path_;
        return options;
    }());
    for (const char* wrong : {"", "MARKER"}) {  // without one nobody is asked at a terminal
        const auto refused = get_with(secure.url("/feed"), {locked.pem, locked.key, wrong});
        EXPECT_EQ(reason(refused), "tls");
        EXPECT_THAT(refused.error().detail, Not(HasSubstr("MARKER")));
    }
    EXPECT_EQ(secure.requests(), 1u);
}
TEST_F(client_certificate_test, without_one_or_with_anothers_or_a_broken_one_it_is_a_tls_error) {
    test::http_test_server secure(asking(tls_options::ask::required));
    secure.serve("/feed", "x");
    const auto other = test::make_certificate({.name = "stranger.example"});
    EXPECT_EQ(reason(get(secure.url("/feed"))), "tls");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {other.pem, other.key, ""})), "tls");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.pem, other.key, ""})), "tls");
    EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.pem, "", ""})), "tls");
    const auto broken = get_with(secure.url("/feed"), {"MARKER", "MARKER", "MARKER"});
    EXPECT_EQ(reason(broken), "tls");
    EXPECT_THAT(broken.error().detail, Not(HasSubstr("MARKER")));
    EXPECT_EQ(secure.requests(), 0u);
}
TEST_F(client_certificate_test, it_is_not_shown_to_another_origin) {
    test::http_test_server first(asking(tls_options::ask::anybody)), second(asking(tls_options::ask::anybody));
    first.reply("/away", test::redirect_to(second.url("/there")));
    first.reply("/boomerang", test::redirect_to(second.url("/back")));
    first.reply("/local", test::redirect_to("/home"));
    first.serve("/home", "home");
    second.serve("/there", "x");
    second.reply("/back", test::redirect_to(first.url("/home")));
    EXPECT_EQ(reason(get_with(first.url("/local"), {own_.pem, own_.key, ""})), "status 200");
    EXPECT_EQ(first.last("/home").certificate, own_.pem);
    EXPECT_EQ(reason(get_with(first.url("/away"), {own_.pem, own_.key, ""})), "status 200");
    EXPECT_EQ(first.last("/away").certificate, own_.pem);
    EXPECT_EQ(second.last("/there").certificate, "");
    EXPECT_EQ(reason(get_with(first.url("/boomerang"), {own_.pem, own_.key, ""})), "status 200");
    EXPECT_EQ(second.last("/back").certificate, "");
    EXPECT_EQ(first.last("/home").certificate, "");  // not even when it comes home
}
TEST_F(client_certificate_test, connections_are_not_shared_with_requests_that_have_another_or_none) {
    for (const auto version : {http_version::one, http_version::two}) {
        test::http_test_server secure(asking(tls_options::ask::anybody, version));
        secure.serve("/feed", "x");
        EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.pem, own_.key, ""})), "status 200");
        EXPECT_EQ(reason(get(secure.url("/feed"))), "status 200");
        EXPECT_EQ(secure.last("/feed").certificate, "");
        EXPECT_EQ(secure.connections(), 2u);
        EXPECT_EQ(reason(get_with(secure.url("/feed"), {own_.pem, own_.key, ""})), "status 200");
        EXPECT_EQ(secure.last("/feed").certificate, own_.pem);
        EXPECT_EQ(secure.connections(), 2u);
    }
}
TEST_F(client_certificate_test, sessions_are_not_resumed_by_requests_that_have_another_or_none) {
    test::http_test_server secure(asking(tls_options::ask::anybody));
    secure.on("/feed", [&](const test::received_request&) {
        test::server_reply out;
        out.body = "x";
        out.with_length = false;  // the connection ends with it
        return out;
    });
    for (const client_certificate& with : {client_certificate{own_.pem, own_.key, ""}, client_certificate{},
                                           client_certificate{own_.pem, own_.key, ""}}) {
        EXPECT_EQ(reason(get_with(secure.url("/feed"), with)), "status 200");
        EXPECT_FALSE(secure.last("/feed").resumed);
        EXPECT_EQ(secure.last("/feed").certificate, with.chain);
    }
}

}  // namespace
}  // namespace feedwatch::http
