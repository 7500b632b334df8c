#include "io/http/server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace feedwatch::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

// A client that can be as rude as it likes.
class connection {
  public:
    explicit connection(std::uint16_t port, int receive_buffer = 0) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        const timeval patience{20, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    }
    ~connection() { close(fd_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void say(std::string_view text) { (void)!::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }

    // Until the server closes.
    std::string hear_all() {
        std::string all;
        char buffer[65536];
        for (ssize_t n; (n = recv(fd_, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
        return all;
    }
    // At least this much, or what came before the end.
    std::string hear_until(std::string_view end) {
        std::string all;
        char buffer[4096];
        while (all.find(end) == std::string::npos) {
            const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
            if (n <= 0) break;
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }

  private:
    int fd_;
};

class served : public testing::Test {
  protected:
    void SetUp() override { start({}); }

    void start(server_options options) {
        server_.reset();
        route_table routes;
        routes["/healthz"] = [](const served_request&) {
            return served_reply{200, "text/plain; charset=utf-8", "ok\n"};
        };
        routes["/big"] = [](const served_request&) {
            return served_reply{200, "text/plain", std::string(8U << 20U, 'x')};
        };
        routes["/echo"] = [](const served_request& r) { return served_reply{200, "text/plain", r.query}; };
        routes["/throws"] = [](const served_request&) -> served_reply { throw std::runtime_error("inside"); };
        auto started = start_server(std::move(options), std::move(routes), null_meter());
        ASSERT_TRUE(started) << started.error().message();
        server_ = std::move(*started);
    }
    std::string ask(std::string_view request) {
        connection c(server_->port());
        c.say(request);
        return c.hear_all();
    }
    std::string get(const std::string& target) {
        return ask("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    std::unique_ptr<server> server_;
};

TEST_F(served, answers_a_get_with_its_length_and_type) {
    const std::string answer = get("/healthz");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nok\n"));
}
TEST_F(served, answers_head_with_the_same_header_and_no_body) {
    const std::string answer = ask("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\n"));
}
TEST_F(served, keeps_a_connection_for_the_next_request) {
    connection c(server_->port());
    c.say("GET /echo?one HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(c.hear_until("one"), HasSubstr("200 OK"));
    c.say("GET /echo?two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(c.hear_all(), HasSubstr("\r\n\r\ntwo"));
}
TEST_F(served, answers_requests_that_came_in_one_packet_in_order) {
    connection c(server_->port());
    c.say("GET /echo?one HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string all = c.hear_all();
    EXPECT_LT(all.find("\r\n\r\none"), all.find("\r\n\r\ntwo"));
    EXPECT_NE(all.find("\r\n\r\ntwo"), std::string::npos);
}
TEST_F(served, an_unknown_path_is_404_and_says_what_there_is) {
    EXPECT_THAT(get("/nothing"), testing::AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("/healthz")));
}
TEST_F(served, other_methods_are_405_with_allow) {
    const std::string answer =
        ask("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405"));
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
}
TEST_F(served, garbage_is_400_and_closed) {
    EXPECT_THAT(ask("this is not http\r\n\r\n"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(ask("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), StartsWith("HTTP/1.1 400"));  // TLS
}
TEST_F(served, a_target_that_is_no_path_is_400) {
    EXPECT_THAT(ask("GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 400"));
}
TEST_F(served, a_header_over_the_limit_is_431) {
    const std::string big(9000, 'a');
    EXPECT_THAT(ask("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: " + big + "\r\n\r\n"), StartsWith("HTTP/1.1 431"));
    const std::string fits(7000, 'a');
    EXPECT_THAT(ask("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Big: " + fits + "\r\n\r\n"),
                StartsWith("HTTP/1.1 200"));
}
TEST_F(served, a_body_over_the_limit_is_413) {
    EXPECT_THAT(ask("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"), StartsWith("HTTP/1.1 413"));
}
TEST_F(served, a_handler_that_throws_is_500_and_the_next_request_works) {
    EXPECT_THAT(get("/throws"), testing::AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("inside"))));
    EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200"));
}
TEST_F(served, one_connection_too_many_is_503_and_a_freed_place_is_used_again) {
    server_options options;
    options.connections_max = 2;
    start(options);
    {
        connection a(server_->port());
        connection b(server_->port());
        a.say("GET /echo?a HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_THAT(a.hear_until("\r\n\r\na"), HasSubstr("200"));
        b.say("GET /echo?b HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_THAT(b.hear_until("\r\n\r\nb"), HasSubstr("200"));
        connection c(server_->port());
        EXPECT_THAT(c.hear_all(), StartsWith("HTTP/1.1 503"));
    }
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    std::string answer;
    do {
        answer = get("/healthz");
    } while (!answer.starts_with("HTTP/1.1 200") && std::chrono::steady_clock::now() < deadline);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}
TEST_F(served, a_client_that_dribbles_its_header_is_cut_off_in_time) {
    server_options options;
    options.read_timeout = 300ms;
    start(options);
    connection c(server_->port());
    const auto start_time = std::chrono::steady_clock::now();
    std::atomic<bool> done = false;
    std::thread dribble([&] {
        for (int i = 0; i < 100 && !done; ++i) {
            c.say(i == 0 ? "GET /healthz HTTP/1.1\r\nX: " : "a");
            std::this_thread::sleep_for(50ms);  // the fault itself: a byte now and then
        }
    });
    EXPECT_EQ(c.hear_all(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - start_time, 4s);
    done = true;
    dribble.join();
}
TEST_F(served, an_idle_connection_is_closed) {
    server_options options;
    options.idle_timeout = 200ms;
    start(options);
    connection c(server_->port());
    EXPECT_EQ(c.hear_all(), "");
}
// 100 scrapes at once, and readers that take nothing: nobody else waits, and the readers are cut off.
TEST_F(served, slow_readers_and_a_hundred_scrapes_at_once_harm_nobody) {
    server_options options;
    options.write_timeout = 1s;
    start(options);
    std::vector<std::unique_ptr<connection>> slow;
    for (int i = 0; i < 20; ++i) {
        slow.push_back(std::make_unique<connection>(server_->port(), 4096));
        slow.back()->say("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    std::atomic<int> answered = 0;
    std::vector<std::thread> scrapes;
    for (int i = 0; i < 100; ++i) {
        scrapes.emplace_back([&] { answered += get("/healthz").starts_with("HTTP/1.1 200"); });
    }
    for (auto& t : scrapes) t.join();
    EXPECT_EQ(answered, 100);
    std::this_thread::sleep_for(1500ms);  // the fault: a reader that does not read for longer than the limit
    EXPECT_LT(slow.front()->hear_all().size(), 8U << 20U);
}
TEST_F(served, a_taken_port_is_an_error_in_words) {
    server_options options;
    options.listen = server_->address();
    const auto second = start_server(options, {}, null_meter());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, errc::unavailable);
    EXPECT_THAT(second.error().detail, HasSubstr(server_->address()));
}
TEST_F(served, stopping_closes_what_is_open) {
    connection c(server_->port());
    c.say("GET /echo?a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(c.hear_until("\r\n\r\na"), HasSubstr("200"));
    server_.reset();
    EXPECT_EQ(c.hear_all(), "");
}

TEST(parse_listen, reads_host_and_port) {
    EXPECT_EQ(parse_listen("127.0.0.1:9464")->port, 9464);
    EXPECT_EQ(parse_listen("[::1]:0")->host, "::1");
    EXPECT_EQ(parse_listen(":80")->host, "0.0.0.0");
}
TEST(parse_listen, refuses_what_is_none) {
    for (const char* text : {"", "9464", "host", "host:", "host:x", "host:99999", "::1:80", "[]:80", "host:-1"}) {
        EXPECT_FALSE(parse_listen(text)) << text;
    }
}

}  // namespace
}  // namespace feedwatch::http
