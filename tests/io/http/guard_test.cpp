// The guard in the client: whatever the spelling, the name or the redirect, a private address is not connected to.
#include <netdb.h>

#include <cstdlib>

#include "tests/io/http/client_fixture.hpp"
#include "tests/support/resolver.hpp"
#include "tests/support/tunnel_server.hpp"

namespace feedwatch::http {
namespace {

using testing::HasSubstr;

// faults 34, 35
TEST_F(client_test, private_addresses_are_refused_in_every_spelling) {
    server_.serve("/feed", "secret");
    test::resolve_as("private.test", {{"127.0.0.1"}});
    make({});
    const std::string port = ":" + std::to_string(server_.port()) + "/feed";
    for (const char* host : {"127.0.0.1",
                             "localhost",
                             "0.0.0.0",
                             "[::1]",
                             "[::ffff:127.0.0.1]",
                             "[::]",
                             "2130706433",
                             "0x7f.1",
                             "0177.1",
                             "0x7f000001",
                             "127.1",
                             "127.0.0.1.",
                             "127%2e0.0.1",
                             "\uff11\uff12\uff17.0.0.1",
                             "[fe80::1%25lo]",
                             "[::7f00:1]",
                             "[64:ff9b::7f00:1]",
                             "[2002:7f00:1::]",
                             "255.255.255.255",
                             "224.0.0.1",
                             "169.254.169.254",
                             "10.0.0.1",
                             "100.64.0.1",
                             "[fd00::1]",
                             "[fe80::1]",
                             "192.168.0.1",
                             "private.test"}) {
        const auto r = get("http://" + std::string(host) + port);
        EXPECT_THAT(reason(r), testing::AnyOf("address_refused", "url", "dns")) << host;
        const bool certain = std::string(host) == "127.0.0.1" || std::string(host) == "2130706433";
        EXPECT_TRUE(!certain || reason(r) == "address_refused") << host << ": " << reason(r);
    }
    EXPECT_EQ(server_.requests(), 0u);
    EXPECT_EQ(server_.connections(), 0u);
}
// fault 37
TEST_F(client_test, a_name_that_turns_private_after_a_first_look_is_refused) {
    server_.serve("/feed", "secret");
    make({});
    test::resolve_as("rebind.test", {{"198.41.0.4"}, {"127.0.0.1"}});
    addrinfo* first = nullptr;
    ASSERT_EQ(getaddrinfo("rebind.test", nullptr, nullptr, &first),
              0);  // whoever checks beforehand sees a public address
    freeaddrinfo(first);
    EXPECT_EQ(reason(get("http://rebind.test:" + std::to_string(server_.port()) + "/feed")), "address_refused");
    EXPECT_EQ(server_.connections(), 0u);
}
// fault 37: allowed stands for public here, so that the first answer can be connected to.
TEST_F(client_test, a_name_that_turns_private_between_two_hops_is_refused_at_the_second) {
    test::http_test_server other;
    other.serve("/feed", "secret");
    client_options options;
    options.network.allow = {"127.0.0.1/32"};
    make(options);
    test::resolve_as("hops.test", {{"127.0.0.1"}, {"127.0.0.2"}});
    server_.reply("/a", test::redirect_to("http://hops.test:" + std::to_string(other.port()) + "/feed"));
    const auto refused = get("http://hops.test:" + std::to_string(server_.port()) + "/a");
    EXPECT_EQ(reason(refused), "address_refused");
    EXPECT_THAT(refused.error().detail, HasSubstr("127.0.0.2"));
    EXPECT_EQ(server_.requests("/a"), 1u);
    EXPECT_EQ(other.connections(), 0u);
}
TEST_F(client_test, of_several_addresses_only_the_allowed_ones_are_connected_to) {
    server_.serve("/feed", "mine");
    client_options options;
    options.network.allow = {"127.0.0.1/32"};
    make(options);
    test::resolve_as("mixed.test", {{"127.0.0.2", "127.0.0.1"}});
    EXPECT_EQ(reason(get("http://mixed.test:" + std::to_string(server_.port()) + "/feed")), "status 200");
    test::resolve_as("closed.test", {{"127.0.0.1", "127.0.0.2"}});
    EXPECT_EQ(reason(get("http://closed.test:1/feed")), "address_refused");
}
// fault 38
TEST_F(client_test, a_redirect_to_a_private_address_is_refused) {
    client_options options;
    options.network.allow = {"127.0.0.1/32"};
    make(options);
    server_.reply("/a", test::redirect_to("http://127.0.0.2:" + std::to_string(server_.port()) + "/b"));
    server_.reply("/meta", test::redirect_to("http://169.254.169.254/latest/meta-data/"));
    EXPECT_EQ(reason(get(server_.url("/a"))), "address_refused");
    const auto meta = get(server_.url("/meta"));
    EXPECT_EQ(reason(meta), "address_refused");
    EXPECT_THAT(meta.error().detail, HasSubstr("169.254.169.254"));
}
TEST_F(client_test, an_allow_listed_address_is_connected_to) {
    test::resolve_as("private.test", {{"127.0.0.1"}});
    server_.serve("/feed", "mine");
    EXPECT_EQ(reason(get("http://private.test:" + std::to_string(server_.port()) + "/feed")), "status 200");
}
// fault 39
TEST_F(client_test, other_protocols_are_refused_also_behind_a_redirect) {
    for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://127.0.0.1/x", "dict://127.0.0.1/x",
                            "javascript:alert(1)", "data:text/plain,x", "", "http://", "not a url", "//x", "unix:/x"}) {
        EXPECT_EQ(reason(get(url)), "url") << url;
        if (*url == '\0') continue;
        server_.reply("/go", test::redirect_to(url));
    }
    server_.reply("/file", test::redirect_to("file:///etc/passwd"));
    server_.reply("/gopher", test::redirect_to("gopher://127.0.0.1:1/x"));
    EXPECT_EQ(reason(get(server_.url("/file"))), "url");
    EXPECT_EQ(reason(get(server_.url("/gopher"))), "url");
}
// fault 40
TEST_F(client_test, a_proxy_in_the_environment_is_ignored_and_a_configured_one_is_used) {
    test::http_test_server proxy;
    proxy.serve("http://example.invalid/feed", "through the proxy");
    server_.serve("/feed", "direct");
    for (const char* name : {"http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"})
        setenv(name, proxy.url("").c_str(), 1);
    setenv("no_proxy", "*", 1);
    EXPECT_EQ(get(server_.url("/feed"))->body, "direct");
    EXPECT_EQ(proxy.requests(), 0u);
    auto options = loopback_allowed();
    options.network.proxy = proxy.url("");
    make(options);
    EXPECT_EQ(get("http://example.invalid/feed")->body, "through the proxy");
    options.network.allow.clear();
    make(options);
    EXPECT_EQ(reason(get("http://10.0.0.1/feed")), "address_refused");
    EXPECT_EQ(reason(get("http://0x7f.1/feed")), "address_refused");
    for (const char* name : {"http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "no_proxy"}) unsetenv(name);
}
// fault 30
TEST_F(client_test, a_name_that_takes_for_ever_delays_only_itself) {
    server_.serve("/feed", "quick");
    make();
    std::optional<result<response>> slow;
    request what;
    test::resolve_never("slow.test");
    what.url = "http://slow.test:" + std::to_string(server_.port()) + "/feed";
    what.total_timeout = 1s;
    const auto begun = std::chrono::steady_clock::now();
    client_->send(what, [&](result<response> r) { slow = std::move(r); });
    for (int i = 0; i < 20; ++i) EXPECT_EQ(reason(get(server_.url("/feed"))), "status 200");
    EXPECT_FALSE(slow);
    while (!slow && loop_.run_one_for(10s) > 0) {
    }
    ASSERT_TRUE(slow);
    EXPECT_EQ(reason(*slow), "dns");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    test::let_names_go();
}

}  // namespace
}  // namespace feedwatch::http
