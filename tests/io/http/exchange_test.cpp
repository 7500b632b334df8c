#include "io/http/exchange.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

#include "tests/io/http/client_fixture.hpp"

namespace feedwatch::http {
namespace {

class counting_waker final : public waker {
  public:
    void wake() override {
        const std::lock_guard lock(mutex_);
        ++wakes_;
        changed_.notify_all();
    }
    bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 30s, [&] { return wakes_ >= count; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int wakes_ = 0;
};

TEST(exchange, answers_come_back_once_with_their_token_and_wake_whoever_waits) {
    test::http_test_server server;
    for (int i = 0; i < 20; ++i) server.serve("/" + std::to_string(i), "body " + std::to_string(i));
    counting_waker wakes;
    const auto exchange = make_exchange(loopback_allowed(), wakes);
    for (std::uint64_t i = 0; i < 20; ++i) {
        request what;
        what.url = server.url("/" + std::to_string(i));
        exchange->submit(i, std::move(what));
    }
    request bad;
    bad.url = "ftp://example.org/";
    exchange->submit(99, std::move(bad));
    EXPECT_EQ(exchange->in_flight(), 21u);
    ASSERT_TRUE(wakes.wait_for(21));
    std::map<std::uint64_t, std::string> bodies;
    for (const finished& f : exchange->take_finished())
        bodies[f.token] = f.outcome ? f.outcome->body : f.outcome.error().message();
    EXPECT_EQ(bodies.size(), 21u);
    EXPECT_EQ(bodies[7], "body 7");
    EXPECT_THAT(bodies[99], testing::StartsWith("url"));
    EXPECT_EQ(exchange->in_flight(), 0u);
    EXPECT_TRUE(exchange->take_finished().empty());
}
TEST(exchange, ends_at_once_with_requests_under_way) {
    test::http_test_server server;
    test::server_reply hang;
    hang.raw = "H";
    hang.then = test::server_reply::ending::hang;
    server.reply("/feed", hang);
    counting_waker wakes;
    auto exchange = make_exchange(loopback_allowed(), wakes);
    request what;
    what.url = server.url("/feed");
    exchange->submit(1, std::move(what));
    ASSERT_TRUE(server.wait_for_requests(1, 10s));
    const auto begun = std::chrono::steady_clock::now();
    exchange.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

}  // namespace
}  // namespace feedwatch::http
