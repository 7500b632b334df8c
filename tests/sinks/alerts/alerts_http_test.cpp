// Alerts over real HTTP on loopback. The step's clock is a test's own; only the network takes its time.
#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>

#include "tests/sinks/alerts/bench_runner.hpp"
#include "tests/support/webhook_receiver.hpp"

namespace feedwatch::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

class flag_waker final : public waker {
  public:
    void wake() override {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        changed_.notify_all();
    }
    [[nodiscard]] bool wait() {
        std::unique_lock lock(mutex_);
        const bool woken = changed_.wait_for(lock, 30s, [&] { return woken_; });
        woken_ = false;
        return woken;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
};

class AlertsOverHttp : public testing::Test {
  protected:
    [[nodiscard]] static channel_config channel_to(const std::string& name, const std::string& url) {
        channel_config c = channel_named(name);
        c.url = url;
        return c;
    }
    void start(std::vector<channel_config> channels, std::vector<std::string> allow = {"127.0.0.0/8"}) {
        http::client_options options;
        options.network.allow = std::move(allow);
        exchange_ = http::make_exchange(options, waker_);
        bench_ = std::make_unique<alert_bench>(std::move(channels), 1, exchange_.get());
    }
    // As a runner: a tick whenever one is asked for.
    void run_until(const std::function<bool()>& done) {
        while (!done()) {
            ASSERT_TRUE(waker_.wait());
            bench_->settle();
        }
    }
    [[nodiscard]] std::size_t in_state(delivery::state s) const { return bench_->keys(s).size(); }
    [[nodiscard]] delivery only() const { return bench_->stored(bench_->topic_deliveries.begin()->first); }

    flag_waker waker_;
    webhook_receiver receiver_{test_secret};
    std::unique_ptr<http::exchange> exchange_;
    std::unique_ptr<alert_bench> bench_;
};

TEST_F(AlertsOverHttp, AHundredAlertsArriveOnceEachAndVerify) {
    start({channel_to("ops", receiver_.url())});
    for (int i = 0; i < 100; ++i) bench_->flag(alert_item("s" + std::to_string(i), {"fire"}));
    run_until([&] { return in_state(delivery::state::delivered) == 100; });
    EXPECT_THAT(receiver_.accepted(), SizeIs(100));
    EXPECT_EQ(receiver_.unverified(), 0U);
    std::set<std::string> ids;
    for (const webhook& w : receiver_.accepted()) ids.insert(w.id);
    EXPECT_EQ(ids.size(), 100U);
}

TEST_F(AlertsOverHttp, FiveHundredThreeTimesThenOkIsOneAcceptedUnderOneId) {
    server_reply error_500;
    error_500.status = 500;
    for (int i = 0; i < 3; ++i) receiver_.answer_next(error_500);
    start({channel_to("ops", receiver_.url())});
    bench_->flag(alert_item("s1", {"fire"}));
    for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
        run_until([&] { return only().attempts == attempt; });
        bench_->pass(3h);
    }
    run_until([&] { return in_state(delivery::state::delivered) == 1; });
    ASSERT_THAT(receiver_.accepted(), SizeIs(1));
    ASSERT_THAT(receiver_.refused(), SizeIs(3));
    for (const webhook& w : receiver_.refused()) EXPECT_EQ(w.id, receiver_.accepted()[0].id);
}

TEST_F(AlertsOverHttp, ARedirectIsNotFollowed) {
    webhook_receiver elsewhere{test_secret};
    receiver_.answer_next(redirect_to(elsewhere.url(), 307));
    start({channel_to("ops", receiver_.url())});
    bench_->flag(alert_item("s1", {"fire"}));
    run_until([&] { return only().attempts == 1; });
    EXPECT_EQ(only().last_error, "http 307");
    EXPECT_THAT(elsewhere.accepted(), IsEmpty());
}

TEST_F(AlertsOverHttp, AnEndlessSlowAnswerEndsAtTheTimeoutWhileOthersAreServed) {
    server_reply endless;
    endless.body = std::string(100'000, 'x');
    endless.pace = 50ms;
    server_reply silent;
    silent.then = server_reply::ending::hang;
    silent.raw = "HTTP/1.1 200 OK\r\n";
    webhook_receiver slow{test_secret};
    slow.answer_next(endless);
    slow.answer_next(silent);
    channel_config c = channel_to("slow", slow.url());
    c.timeout = 700ms;
    start({c, channel_to("ops", receiver_.url())});
    bench_->flag(alert_item("s1", {"fire"}));
    bench_->flag(alert_item("s2", {"fire"}));
    run_until([&] { return in_state(delivery::state::delivered) == 2; });
    EXPECT_THAT(receiver_.accepted(), SizeIs(2));
    run_until([&] {
        const auto keys = bench_->keys(delivery::state::pending);
        return std::all_of(keys.begin(), keys.end(), [&](const auto& k) { return bench_->stored(k).attempts == 1; });
    });
    ASSERT_EQ(in_state(delivery::state::pending), 2U);
    for (const auto& k : bench_->keys(delivery::state::pending)) EXPECT_EQ(bench_->stored(k).last_error, "timeout");
}

TEST_F(AlertsOverHttp, APrivateAddressIsRefusedUnlessItIsAllowed) {
    start({channel_to("ops", receiver_.url())}, {});
    bench_->flag(alert_item("s1", {"fire"}));
    run_until([&] { return only().attempts == 1; });
    EXPECT_EQ(only().last_error, "address_refused");
    EXPECT_THAT(receiver_.accepted(), IsEmpty());
}

TEST_F(AlertsOverHttp, AReceiverThatIsNotThereIsTriedAgain) {
    start({channel_to("ops", "http://127.0.0.1:1/hook")});
    bench_->flag(alert_item("s1", {"fire"}));
    run_until([&] { return only().attempts == 1; });
    EXPECT_EQ(only().last_error, "connect");
    EXPECT_EQ(only().status, delivery::state::pending);
}

}  // namespace
}  // namespace feedwatch::test
