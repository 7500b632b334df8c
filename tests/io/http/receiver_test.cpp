// Requests whose answers take time: bodies, limits, refusals before a body, answers from another thread.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "io/http/server.hpp"

namespace feedwatch::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

// What was received, for a thread of its own to answer.
class letterbox final : public receiver {
  public:
    struct letter {
        received_request what;
        std::unique_ptr<pending_reply> reply;
    };

    admission admit(const received_request& head, std::optional<std::uint64_t> body_bytes) override {
        const std::lock_guard lock(mutex_);
        heads.push_back(head);
        lengths.push_back(body_bytes);
        admission out;
        if (head.path == "/in/refused") {
            out.refusal = served_reply{403, "text/plain", "no\n", {}};
        } else if (head.path == "/in/full") {
            out.refusal = served_reply{503, "text/plain", "full\n", {}, 7};
        } else {
            out.body_bytes_max = 100'000;
            out.place = place;
        }
        return out;
    }
    void receive(received_request what, std::unique_ptr<pending_reply> reply) override {
        const std::lock_guard lock(mutex_);
        if (what.path == "/in/dropped") return;
        letters_.push_back({std::move(what), std::move(reply)});
        came_.notify_all();
    }
    letter take() {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(came_.wait_for(lock, 20s, [&] { return !letters_.empty(); }));
        letter out = std::move(letters_.front());
        letters_.erase(letters_.begin());
        return out;
    }

    std::vector<received_request> heads;
    std::vector<std::optional<std::uint64_t>> lengths;
    std::shared_ptr<int> place = std::make_shared<int>(1);

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<letter> letters_;
};

class connection {
  public:
    explicit connection(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
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

    void say(std::string_view text) {
        while (!text.empty()) {
            const ssize_t n = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void end() { shutdown(fd_, SHUT_WR); }
    std::string hear_until(std::string_view end) {
        std::string all;
        char buffer[65536];
        while (all.find(end) == std::string::npos) {
            const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
            if (n <= 0) break;
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }
    std::string hear_all() { return hear_until(std::string_view("\0never", 6)); }

  private:
    int fd_;
};

std::string post(const std::string& path, const std::string& body, const std::string& more = {}) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
           "\r\n" + body;
}
constexpr const char* and_close = "Connection: close\r\n";

class received : public testing::Test {
  protected:
    void SetUp() override { start({}); }
    void start(server_options options) {
        server_.reset();
        route_table routes;
        routes["/healthz"] = [](const served_request&) { return served_reply{200, "text/plain", "ok\n"}; };
        auto started = start_server(std::move(options), std::move(routes), null_meter(), {{"/in/", &box_}});
        ASSERT_TRUE(started) << started.error().message();
        server_ = std::move(*started);
    }
    letterbox box_;
    std::unique_ptr<server> server_;
};

TEST_F(received, a_post_with_its_body_is_answered_from_another_thread_and_the_connection_goes_on) {
    connection c(server_->port());
    const std::string body(50'000, 'x');
    for (int i = 0; i < 2; ++i) {
        c.say(post("/in/a%20b?q=1", body, "X-Thing: 1\r\nx-thing: 2\r\n"));
        auto l = box_.take();
        EXPECT_TRUE(l.what.is_post);
        EXPECT_EQ(l.what.path, "/in/a%20b");
        EXPECT_EQ(l.what.query, "q=1");
        EXPECT_EQ(*l.what.header("x-thing"), "1");
        EXPECT_EQ(l.what.header("x-other"), nullptr);
        EXPECT_EQ(l.what.body, body);
        EXPECT_EQ(l.what.place, box_.place);
        EXPECT_TRUE(l.reply->is_awaited());
        std::thread([&] { l.reply->send({204, "text/plain", "", {}}); }).join();
        EXPECT_THAT(c.hear_until("\r\n\r\n"),
                    testing::AllOf(StartsWith("HTTP/1.1 204"), testing::Not(HasSubstr("Content-Length"))));
    }
    EXPECT_EQ(box_.lengths[0], 50'000U);
}
TEST_F(received, a_get_is_received_too_and_other_methods_are_405) {
    connection c(server_->port());
    c.say("GET /in/?hub.mode=x HTTP/1.1\r\nHost: x\r\n\r\n");
    auto l = box_.take();
    EXPECT_FALSE(l.what.is_post);
    EXPECT_EQ(l.what.query, "hub.mode=x");
    l.reply->send({200, "text/plain; charset=utf-8", "<script>", {}});
    EXPECT_THAT(c.hear_until("<script>"),
                testing::AllOf(HasSubstr("text/plain; charset=utf-8"), HasSubstr("nosniff"), EndsWith("<script>")));
    c.say("PUT /in/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_THAT(c.hear_until("only"), testing::AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET, POST")));
}
TEST_F(received, a_body_in_chunks_is_put_together) {
    connection c(server_->port());
    c.say("POST /in/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    auto l = box_.take();
    EXPECT_EQ(l.what.body, "abcde");
    EXPECT_EQ(box_.lengths[0], std::nullopt);
    l.reply->send({204, "text/plain", "", {}});
    EXPECT_THAT(c.hear_until("\r\n\r\n"), StartsWith("HTTP/1.1 204"));
}
TEST_F(received, a_body_over_the_admitted_limit_is_413_whatever_its_length_says) {
    connection told(server_->port());
    told.say("POST /in/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
    EXPECT_THAT(told.hear_all(), StartsWith("HTTP/1.1 413"));
    connection in_chunks(server_->port());
    in_chunks.say("POST /in/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    for (int i = 0; i < 11; ++i) in_chunks.say(chunk);
    EXPECT_THAT(in_chunks.hear_all(), StartsWith("HTTP/1.1 413"));
    connection in_one(server_->port());
    in_one.say("POST /in/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n");
    EXPECT_THAT(in_one.hear_all(), StartsWith("HTTP/1.1 413"));
}
TEST_F(received, a_refusal_comes_before_the_body_and_is_read_by_who_sends_it_all_the_same) {
    connection c(server_->port());
    c.say("POST /in/refused HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n");
    EXPECT_THAT(c.hear_until("no\n"), StartsWith("HTTP/1.1 403")) << "without a byte of the body";
    connection whole(server_->port());
    whole.say(post("/in/full", std::string(90'000, 'x')));
    const std::string answer = whole.hear_all();
    EXPECT_THAT(answer,
                testing::AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After: 7\r\n"), EndsWith("full\n")));
}
TEST_F(received, who_asks_before_sending_a_body_is_told_to_go_on_only_if_it_is_wanted) {
    const std::string head = " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    connection c(server_->port());
    c.say("POST /in/" + head);
    EXPECT_THAT(c.hear_until("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
    c.say("hi");
    auto l = box_.take();
    EXPECT_EQ(l.what.body, "hi");
    l.reply->send({204, "text/plain", "", {}});
    EXPECT_THAT(c.hear_until("\r\n\r\n"), StartsWith("HTTP/1.1 204"));
    connection refused(server_->port());
    refused.say("POST /in/refused" + head);
    EXPECT_THAT(refused.hear_until("\r\n\r\n"), StartsWith("HTTP/1.1 403"));
}
TEST_F(received, an_answer_that_does_not_come_in_time_or_was_dropped_is_503) {
    server_options options;
    options.answer_timeout = 200ms;
    start(options);
    connection c(server_->port());
    c.say(post("/in/", "x", and_close));
    auto l = box_.take();
    EXPECT_THAT(c.hear_all(), testing::AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After: 10\r\n")));
    EXPECT_FALSE(l.reply->is_awaited());
    l.reply->send({204, "text/plain", "", {}});  // too late, and harmless
    connection dropped(server_->port());
    dropped.say(post("/in/dropped", "x", and_close));
    EXPECT_THAT(dropped.hear_all(), StartsWith("HTTP/1.1 503"));
}
TEST_F(received, a_client_that_is_gone_and_a_server_that_is_gone_harm_nobody) {
    letterbox::letter l;
    {
        connection c(server_->port());
        c.say(post("/in/", "x"));
        l = box_.take();
    }
    l.reply->send({204, "text/plain", "", {}});
    connection c(server_->port());
    c.say(post("/in/", "x"));
    l = box_.take();
    server_.reset();
    l.reply->send({204, "text/plain", "", {}});
    EXPECT_EQ(c.hear_all(), "");
}
TEST_F(received, a_body_that_dribbles_or_ends_early_is_cut_off_and_never_received) {
    server_options options;
    options.receive_timeout = 300ms;
    start(options);
    connection slow(server_->port());
    slow.say("POST /in/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
    EXPECT_EQ(slow.hear_all(), "");
    connection early(server_->port());
    early.say("POST /in/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
    early.end();
    EXPECT_EQ(early.hear_all(), "");
    EXPECT_EQ(box_.place.use_count(), 1) << "their places are free again";
    connection fine(server_->port());
    fine.say(post("/in/", "whole"));
    EXPECT_EQ(box_.take().what.body, "whole");
}
TEST_F(received, requests_in_one_packet_are_answered_in_order) {
    connection c(server_->port());
    c.say(post("/in/1", "one") + post("/in/2", "two") +
          "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    for (const char* body : {"one", "two"}) {
        auto l = box_.take();
        EXPECT_EQ(l.what.body, body);
        l.reply->send({200, "text/plain", std::string("heard ") + body, {}});
    }
    const std::string all = c.hear_all();
    EXPECT_LT(all.find("heard one"), all.find("heard two"));
    EXPECT_THAT(all, EndsWith("ok\n"));
}
TEST_F(received, while_an_answer_is_awaited_others_are_served) {
    connection waits(server_->port());
    waits.say(post("/in/", "x"));
    auto l = box_.take();
    connection c(server_->port());
    c.say("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(c.hear_all(), EndsWith("ok\n"));
    l.reply->send({204, "text/plain", "", {}});
}

}  // namespace
}  // namespace feedwatch::http
