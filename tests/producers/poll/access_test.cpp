// Certificates and proxies of feeds, from their references to the request.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::HasSubstr;
using testing::Not;

class access_test : public poller_test {
  protected:
    void SetUp() override {
        options_.read_secret = [this](std::string_view reference) -> result<secret> {
            const auto found = secrets_.find(std::string(reference));
            if (found == secrets_.end()) return error(errc::not_found, std::string(reference) + " is not set");
            return secret(found->second);
        };
        start();
    }
    const http::request& request() const { return exchange_->last.what; }
    std::map<std::string, std::string> secrets_{{"env:CERT", "cert MARKER"},
                                                {"env:KEY", "key MARKER"},
                                                {"env:PASS", "pass MARKER"},
                                                {"env:PROXY", "me:MARKER"}};
};

TEST_F(access_test, a_certificate_is_read_for_each_poll_and_is_in_no_record) {
    feed f = make_feed();
    f.client_certificate = "env:CERT";
    f.client_key = "env:KEY";
    f.client_key_passphrase = "env:PASS";
    subscribe(f);
    poll_once(error(http::errc::tls, "refused"));
    EXPECT_EQ(request().certificate.chain, "cert MARKER");
    EXPECT_EQ(request().certificate.key, "key MARKER");
    EXPECT_EQ(request().certificate.passphrase, "pass MARKER");
    secrets_["env:CERT"] = "renewed MARKER";
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(request().certificate.chain, "renewed MARKER");
    for (const auto& [at, records] : stored_) {
        for (const auto& [key, json] : records) EXPECT_THAT(json, Not(HasSubstr("MARKER")));
    }
    for (const item& i : items_) EXPECT_THAT(to_json(i), Not(HasSubstr("MARKER")));
}
TEST_F(access_test, a_proxy_of_the_feed_takes_its_own_credentials) {
    feed f = make_feed();
    f.proxy = "socks5h://proxy.example:1080";
    f.proxy_credentials = "env:PROXY";
    subscribe(f);
    poll_once(error(http::errc::proxy, "refused"));
    EXPECT_EQ(request().proxy, "socks5h://proxy.example:1080");
    EXPECT_EQ(request().proxy_auth, "me:MARKER");
    EXPECT_EQ(checkpoint().outcome, "proxy");
    f.proxy = "none";
    f.proxy_credentials = "";
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(request().proxy, "");
    f.proxy = "";
    subscribe(f);
    poll_once(status(304));
    EXPECT_EQ(request().proxy, std::nullopt);
    EXPECT_EQ(request().certificate.chain, "");
}
TEST_F(access_test, what_cannot_be_read_is_a_failure_that_names_it) {
    feed f = make_feed();
    f.client_certificate = "env:CERT";
    f.client_key = "env:NONE";
    subscribe(f);
    tick();
    tick();
    EXPECT_EQ(checkpoint().outcome, "credentials");
    EXPECT_EQ(checkpoint().detail, "client_key: env:NONE is not set");
    EXPECT_TRUE(exchange_->open.empty());
    options_.read_secret = nullptr;
    start();
    now_ = poller_->next_tick().value();
    tick();
    tick();
    EXPECT_EQ(checkpoint().detail, "nothing here can read credentials");
}
TEST_F(access_test, a_feed_with_a_certificate_does_not_move_to_another_origin) {
    feed f = make_feed();
    f.interval = {6h, 6h, 6h};
    f.client_certificate = "env:CERT";
    subscribe(f);
    http::response moved = document(rss({{"1", "one"}}));
    moved.redirects = {{301, "https://new.example.net/feed"}};
    const timestamp end = now_ + 9 * 24h;
    while (now_ < end) poll_once(moved);
    EXPECT_EQ(request().url, "https://news.example.org/feed");
}
TEST_F(access_test, the_accept_header_names_feeds_and_takes_everything) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}})));
    const std::string accept = exchange_->last.header("Accept");
    for (const char* type : {"application/atom+xml", "application/rss+xml", "application/rdf+xml",
                             "application/feed+json", "application/xml", "text/xml", "*/*;q="})
        EXPECT_THAT(accept, HasSubstr(type));
    EXPECT_LT(accept.size(), 256U);  // some firewalls take longer ones for an attack
}

}  // namespace
}  // namespace feedwatch
