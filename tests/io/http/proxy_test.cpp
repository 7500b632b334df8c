// Proxies: which there are, what reaches them, and what the guard knows behind them.
#include "io/http/proxy.hpp"

#include "tests/io/http/client_fixture.hpp"
#include "tests/support/tunnel_server.hpp"

namespace feedwatch::http {
namespace {

using test::tunnel_server;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(read_proxy, takes_http_https_and_socks5h_with_host_and_port) {
    for (const auto& [text, url, auth] : {
             std::tuple("", "", ""),
             std::tuple("http://proxy.example:3128", "http://proxy.example:3128", ""),
             std::tuple("proxy.example:3128", "http://proxy.example:3128", ""),
             std::tuple("HTTPS://Proxy.Example:443/", "https://proxy.example:443", ""),
             std::tuple("socks5h://[2001:db8::1]:1080", "socks5h://[2001:db8::1]:1080", ""),
             std::tuple("http://me:pa%3ass@proxy.example:80", "http://proxy.example:80", "me:pa:ss"),
         }) {
        const auto got = read_proxy(text);
        ASSERT_TRUE(got) << text << got.error().detail;
        EXPECT_EQ(got->url, url);
        EXPECT_EQ(got->auth, auth);
    }
}
TEST(read_proxy, refuses_the_rest_without_repeating_a_password) {
    for (const char* bad : {"socks5://h:1", "socks4a://h:1", "ftp://h:1", "http://", "http://h", "socks5h://h",
                            "http://h:1/path", "http://h:0x", "http://h:99999", "http://h:1?x", "http://me:MARKER@h",
                            "http://a b:1", "file:///etc/passwd"}) {
        const auto got = read_proxy(bad);
        ASSERT_FALSE(got) << bad;
        EXPECT_EQ(got.error().code, feedwatch::errc::invalid_config) << bad;
        EXPECT_THAT(got.error().detail, Not(HasSubstr("MARKER")));
    }
}
TEST(check_host_behind_proxy, refuses_addresses_in_every_spelling_and_names_that_never_are_public) {
    const auto nothing = address_guard::make({}).value();
    for (const char* host : {"127.0.0.1",        "127.0.0.1.",
                             "0x7f.1",           "0177.1",
                             "2130706433",       "10.0.0.1",
                             "169.254.169.254",  "[::1]",
                             "[fe80::1]",        "[::ffff:10.0.0.1]",
                             "[64:ff9b::a00:1]", "localhost",
                             "localhost.",       "a.localhost",
                             "intranet",         "metadata.google.internal",
                             "printer.local",    "nas.home.arpa",
                             "1.2.3.4.5",        "example.0x",
                             "999.1.1.1",        ""})
        EXPECT_FALSE(check_host_behind_proxy(host, nothing)) << host;
    for (const char* host : {"example.org", "example.org.", "8.8.8.8", "[2606:4700::1111]", "xn--bcher-kva.example",
                             "internal.example", "localhost.example"})
        EXPECT_TRUE(check_host_behind_proxy(host, nothing)) << host;
    const auto some = address_guard::make({"10.0.0.0/8"}).value();
    EXPECT_TRUE(check_host_behind_proxy("10.1.2.3", some));
    EXPECT_FALSE(check_host_behind_proxy("127.0.0.1", some));
}

class proxy_test : public client_test {
  protected:
    result<response> get_by(const std::string& proxy, const std::string& url, const std::string& auth = {}) {
        request what;
        what.url = url;
        what.proxy = proxy;
        what.proxy_auth = auth;
        what.origin_headers = {{"X-Api-Key", "key"}};
        return send(std::move(what));
    }
};

TEST_F(proxy_test, an_http_proxy_is_asked_for_the_whole_url) {
    test::http_test_server proxy;
    proxy.serve("http://news.example.org/feed", "by way of it");
    const auto got = get_by(proxy.url(""), "http://news.example.org/feed", "me:secret");
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->body, "by way of it");
    EXPECT_EQ(got->url, "http://news.example.org/feed");
    EXPECT_EQ(proxy.last("http://news.example.org/feed").header("proxy-authorization"), "Basic bWU6c2VjcmV0");
}
TEST_F(proxy_test, a_request_may_do_without_the_networks_proxy_or_take_another_one) {
    test::http_test_server network, own;
    network.serve("http://news.example.org/feed", "network's");
    own.serve("http://news.example.org/feed", "own");
    server_.serve("/feed", "direct");
    auto options = loopback_allowed();
    options.network.proxy = network.url("");
    options.network.proxy_credentials = secret("net:work");
    make(options);
    EXPECT_EQ(get("http://news.example.org/feed")->body, "network's");
    EXPECT_EQ(network.last("http://news.example.org/feed").header("proxy-authorization"), "Basic bmV0Ondvcms=");
    EXPECT_EQ(get_by(own.url(""), "http://news.example.org/feed")->body, "own");
    EXPECT_EQ(own.last("http://news.example.org/feed").header("proxy-authorization"), "");  // the network's stay
    EXPECT_EQ(get_by("", server_.url("/feed"))->body, "direct");
}
TEST_F(proxy_test, its_password_and_the_feeds_are_told_to_those_they_are_for) {
    const auto certificate = test::make_certificate();
    const std::string ca = testing::TempDir() + "feedwatch-proxy-ca.pem";
    FILE* file = std::fopen(ca.c_str(), "w");
    std::fputs(certificate.pem.c_str(), file);
    std::fclose(file);
    test::http_test_server secure(certificate);
    secure.serve("/feed", "secure");
    tunnel_server tunnel(tunnel_server::kind::connect, "me:secret");
    auto options = loopback_allowed();
    options.network.ca_file = ca;
    make(options);
    const auto got = get_by(tunnel.url(), secure.url("/feed"), "me:secret");
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->body, "secure");
    EXPECT_EQ(secure.last("/feed").header("x-api-key"), "key");
    EXPECT_EQ(secure.last("/feed").header("proxy-authorization"), "");
    EXPECT_THAT(tunnel.asked(), ElementsAre("127.0.0.1:" + std::to_string(secure.port())));
    EXPECT_THAT(tunnel.heard(), Not(HasSubstr("key")));

    const auto refused = get_by(tunnel.url(), secure.url("/feed"), "me:MARKER");
    EXPECT_EQ(reason(refused), "proxy");
    EXPECT_THAT(refused.error().detail, testing::AllOf(HasSubstr("407"), Not(HasSubstr("MARKER"))));
    EXPECT_EQ(secure.requests(), 1u);
}
TEST_F(proxy_test, socks5h_leaves_the_name_to_the_proxy) {
    server_.serve("/feed", "through socks");
    tunnel_server tunnel(tunnel_server::kind::socks5, "me:secret");
    const std::string url = "http://no-such-name.example:" + std::to_string(server_.port()) + "/feed";
    const auto got = get_by(tunnel.url(), url, "me:secret");
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->body, "through socks");
    EXPECT_THAT(tunnel.asked(), ElementsAre("no-such-name.example:" + std::to_string(server_.port())));
    EXPECT_EQ(server_.last("/feed").header("x-api-key"), "key");
    make();
    const auto refused = get_by(tunnel.url(), url, "me:MARKER");
    EXPECT_EQ(reason(refused), "proxy");
    EXPECT_THAT(refused.error().detail, Not(HasSubstr("MARKER")));
    EXPECT_EQ(reason(get_by(tunnel.url(), "http://no-such-name.example:1/feed", "me:secret")), "proxy");
}
TEST_F(proxy_test, the_proxys_own_address_is_guarded) {
    test::http_test_server proxy;
    proxy.serve("http://news.example.org/feed", "x");
    client_options options;
    make(options);
    const auto refused = get_by(proxy.url(""), "http://news.example.org/feed");
    EXPECT_EQ(reason(refused), "address_refused");
    EXPECT_THAT(refused.error().detail, HasSubstr("the proxy's address 127.0.0.1"));
    EXPECT_EQ(proxy.connections(), 0u);
}
TEST_F(proxy_test, the_host_behind_it_is_guarded_on_every_hop) {
    test::http_test_server proxy;
    tunnel_server tunnel(tunnel_server::kind::socks5);
    client_options options;
    options.network.allow = {"127.0.0.1/32"};
    make(options);
    for (const std::string& by : {proxy.url(""), tunnel.url()}) {
        for (const char* host : {"10.0.0.1", "0x0a.1", "127%2e0.0.2", "\uff11\uff10.0.0.1", "[::1]", "[fe80::1%25lo]",
                                 "localhost", "metadata.google.internal", "169.254.169.254."})
            EXPECT_EQ(reason(get_by(by, "http://" + std::string(host) + "/feed")), "address_refused") << host;
    }
    EXPECT_EQ(proxy.connections(), 0u);
    EXPECT_THAT(tunnel.asked(), IsEmpty());
    proxy.reply("http://news.example.org/feed", test::redirect_to("http://169.254.169.254/latest/meta-data/"));
    EXPECT_EQ(reason(get_by(proxy.url(""), "http://news.example.org/feed")), "address_refused");
    EXPECT_EQ(proxy.requests(), 1u);
}
TEST_F(proxy_test, the_feeds_secrets_do_not_follow_a_redirect_behind_it_and_the_proxys_do) {
    test::http_test_server proxy;
    proxy.reply("http://news.example.org/feed", test::redirect_to("http://other.example.org/feed"));
    proxy.serve("http://other.example.org/feed", "x");
    EXPECT_EQ(reason(get_by(proxy.url(""), "http://news.example.org/feed", "me:secret")), "status 200");
    EXPECT_EQ(proxy.last("http://news.example.org/feed").header("x-api-key"), "key");
    EXPECT_EQ(proxy.last("http://other.example.org/feed").header("x-api-key"), "");
    EXPECT_EQ(proxy.last("http://other.example.org/feed").header("proxy-authorization"), "Basic bWU6c2VjcmV0");
}
TEST_F(proxy_test, a_proxy_over_tls_is_verified) {
    const auto certificate = test::make_certificate();
    test::http_test_server proxy(certificate);
    proxy.serve("http://news.example.org/feed", "safely");
    EXPECT_EQ(reason(get_by(proxy.url(""), "http://news.example.org/feed", "me:secret")), "tls");
    EXPECT_EQ(proxy.requests(), 0u);
    const std::string ca = testing::TempDir() + "feedwatch-https-proxy-ca.pem";
    FILE* file = std::fopen(ca.c_str(), "w");
    std::fputs(certificate.pem.c_str(), file);
    std::fclose(file);
    auto options = loopback_allowed();
    options.network.ca_file = ca;
    make(options);
    const auto got = get_by(proxy.url(""), "http://news.example.org/feed", "me:secret");
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->body, "safely");
}
TEST_F(proxy_test, one_that_is_not_there_is_a_connect_error_and_one_that_is_none_a_url_error) {
    std::string gone;
    {
        const test::http_test_server short_lived;
        gone = short_lived.url("");
    }
    EXPECT_EQ(reason(get_by(gone, "http://news.example.org/feed")), "connect");
    EXPECT_EQ(reason(get_by("socks4://127.0.0.1:1", "http://news.example.org/feed")), "url");
    EXPECT_EQ(reason(get_by("http://no-such-proxy.invalid:1", "http://news.example.org/feed")), "dns");
}

}  // namespace
}  // namespace feedwatch::http
