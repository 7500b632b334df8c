// Ways not to be found or reached.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/producers/poll/misbehaviour_fixture.hpp"
#include "tests/support/resolver.hpp"

namespace feedwatch {
namespace {

class names : public misbehaviour {
  protected:
    void poll_at(const std::string& url, const seen& expected) {
        subscribe(url);
        poll_once();
        expect(expected, server_.requests());
    }
    [[nodiscard]] std::string at(const std::string& host) const {
        return "http://" + host + ":" + std::to_string(server_.port()) + "/feed";
    }
    test::http_test_server server_;
};

TEST_F(names, a_name_that_does_not_exist) {
    test::resolve_as("nobody.test", {{}});
    poll_at(at("nobody.test"), failure("dns", "nobody.test", 0));
}
TEST_F(names, a_name_whose_server_does_not_answer) {
    test::resolve_never("never.test");
    options_.limits.total_timeout = soon;
    poll_at(at("never.test"), failure("dns", "", 0));
    test::let_names_go();
}
TEST_F(names, a_name_that_is_private) {
    test::resolve_as("inside.test", {{"10.1.2.3"}});
    poll_at(at("inside.test"), failure("address_refused", "10.1.2.3", 0));
}
TEST_F(names, a_name_that_turns_private_after_a_poll) {
    server_.reply("/feed", raw_feed(length_of_feed()));
    test::resolve_as("rebinds.test", {{"127.0.0.1"}, {"127.0.0.2"}});
    poll_at(at("rebinds.test"), two_items());
    start();  // libcurl remembers names for a minute
    poll_at(at("rebinds.test"), failure("address_refused", "127.0.0.2"));
}
TEST_F(names, a_port_that_is_closed) {
    poll_at("http://127.0.0.1:1/feed", failure("connect", "", 0));
}
TEST_F(names, a_connection_that_is_never_made) {
    // A full queue of a listener that accepts nothing: further connections get no answer.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    std::vector<int> queue;
    for (int i = 0; i < 4; ++i) {
        queue.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        (void)::connect(queue.back(), reinterpret_cast<sockaddr*>(&address), size);
    }
    options_.limits.connect_timeout = soon;
    poll_at("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/feed", failure("timeout", "", 0));
    EXPECT_LT(took_, 5s);  // the connection's own timeout, not the whole one
    for (const int fd : queue) ::close(fd);
    ::close(listener);
}

}  // namespace
}  // namespace feedwatch
