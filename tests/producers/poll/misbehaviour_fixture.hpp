// The poller and the HTTP client as they run, against a server that misbehaves: what is asserted is the checkpoint that
// would be written, how often the server was asked, and for how long.
//
// The ways are tables, one file for each kind: misbehaviour_framing_test.cpp, …_heads_…, …_encoding_…, …_redirect_…,
// …_tls_…, …_http2_…, …_names_…, …_status_…; and misbehaviour_sequence_test.cpp for what takes several polls to see.
#pragma once

#include <gmock/gmock.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "io/http/exchange.hpp"
#include "tests/producers/poll/poller_fixture.hpp"
#include "tests/support/http_test_server.hpp"

namespace feedwatch {

using test::server_reply;
using ending = test::server_reply::ending;

class patient_waker final : public waker {
  public:
    void wake() override {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        changed_.notify_all();
    }
    bool wait(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return std::exchange(woken_, false); });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
};

// What is seen of one poll.
struct seen {
    std::string outcome;
    std::uint32_t status = 0;
    std::uint32_t items_new = 0;
    std::size_t requests = 1;
    std::string detail;  // somewhere in the poll's
    std::vector<std::string> warnings;
};

inline seen two_items(std::size_t requests = 1) {
    return {"ok", 200, 2, requests, "", {}};
}
inline seen failure(std::string outcome, std::string detail = "", std::size_t requests = 1) {
    return {std::move(outcome), 0, 0, requests, std::move(detail), {}};
}
inline seen refusal(std::uint32_t status, std::string outcome = "http") {
    return {std::move(outcome), status, 0, 1, "", {}};
}

inline const std::string& two_item_feed() {
    static const std::string body = rss({{"2", "two"}, {"1", "one"}});
    return body;
}
inline server_reply feed_reply(http::header_list headers = {}) {
    server_reply out;
    out.headers = std::move(headers);
    out.body = two_item_feed();
    return out;
}
inline server_reply raw(std::string bytes, ending then = ending::close) {
    server_reply out;
    out.raw = std::move(bytes);
    out.then = then;
    return out;
}
// A head with these lines, and a feed of two items behind it.
inline server_reply raw_feed(const std::string& lines, ending then = ending::close) {
    return raw("HTTP/1.1 200 OK\r\n" + lines + "\r\n" + two_item_feed(), then);
}
inline std::string length_of_feed() {
    return "Content-Length: " + std::to_string(two_item_feed().size()) + "\r\n";
}

struct way {
    std::string name;  // what the server does
    server_reply says;
    seen expected;
    duration patience = 20s;  // the fetch's total timeout; short where the server hangs
};
inline void PrintTo(const way& w, std::ostream* out) {
    *out << w.name;
}
inline std::string name_of_way(const testing::TestParamInfo<way>& info) {
    return info.param.name;
}
inline constexpr duration soon = 300ms;

class misbehaviour : public testing::Test, public emitter {
  protected:
    misbehaviour() {
        client_.network.allow = {"127.0.0.1/32"};
        client_.user_agent = "feedwatch-test/1";
        options_.limits.body_bytes_max = 1U << 20U;
        options_.limits.total_timeout = 20s;
        options_.limits.rate_window = 10s;
    }

    // Everything new but for what is committed.
    void start() {
        poller_.reset();
        exchange_ = http::make_exchange(client_, waker_);
        poller_ = std::make_unique<poller>(options_, *exchange_, counts_);
        poller_->assigned(0);
        poller_->restored(0, now_);
    }
    void emit(output_record record) override {
        if (record.to == topic::polls && record.value) checkpoint_ = poll_from_json(*record.value).value();
        if (record.to == topic::fetched) items_.push_back(item_from_json(*record.value).value());
    }
    void subscribe(const std::string& url, const std::function<void(feed&)>& change = {}) {
        if (!poller_) start();
        feed f;
        f.id = feed_id("feed");
        f.url = url;
        f.interval = {1min, 1min, 6h};
        f.first_fetch.kind = first_fetch::policy::all;
        if (change) change(f);
        const std::string json = to_json(f);
        record_view record;
        record.from = topic::feeds;
        record.key = "feed";
        record.value = json;
        poller_->begin_batch(++batch_);
        ASSERT_TRUE(poller_->process(record, now_, *this));
        poller_->commit_batch(batch_);
    }
    void tick() {
        poller_->begin_batch(++batch_);
        poller_->tick(now_, *this);
        poller_->commit_batch(batch_);
    }
    // The next poll that is due, to its checkpoint.
    const poll& poll_once() {
        now_ = std::max(now_, poller_->next_tick().value_or(now_));
        checkpoint_ = {};
        const auto begun = std::chrono::steady_clock::now();
        tick();
        while (checkpoint_.outcome.empty() && std::chrono::steady_clock::now() - begun < 60s) {
            if (exchange_->in_flight() > 0)
                waker_.wait(1s);
            else  // spread out, since the clock was set forward
                now_ = std::max(now_, poller_->next_tick().value_or(now_));
            tick();
        }
        took_ = std::chrono::steady_clock::now() - begun;
        return checkpoint_;
    }
    void expect(const seen& expected, std::size_t requests) const {
        EXPECT_EQ(checkpoint_.outcome, expected.outcome) << checkpoint_.detail;
        EXPECT_EQ(checkpoint_.status, expected.status) << checkpoint_.detail;
        EXPECT_EQ(checkpoint_.items_new, expected.items_new);
        EXPECT_EQ(requests, expected.requests);
        EXPECT_THAT(checkpoint_.detail, testing::HasSubstr(expected.detail));
        EXPECT_EQ(checkpoint_.failures, expected.outcome == "ok" || expected.outcome == "not_modified" ? 0U : 1U);
        EXPECT_LT(took_, options_.limits.total_timeout + 5s);
    }
    // One poll of one way at a server.
    void try_out(const way& w, test::http_test_server& server) {
        options_.limits.total_timeout = w.patience;
        server.reply("/feed", w.says);
        subscribe(server.url("/feed"));
        poll_once();
        expect(w.expected, server.requests());
    }

    http::client_options client_;
    poller_options options_;
    timestamp now_ = parse_rfc3339("2026-11-25T12:00:00Z").value();
    test::counting_meter counts_;
    patient_waker waker_;
    std::unique_ptr<http::exchange> exchange_;
    std::unique_ptr<poller> poller_;
    std::uint64_t batch_ = 0;
    poll checkpoint_;          // of the last poll
    std::vector<item> items_;  // of all
    std::chrono::steady_clock::duration took_{};
};

}  // namespace feedwatch
