// A client on a loop of its own against a server that misbehaves.
#pragma once

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "io/http/client.hpp"
#include "tests/support/http_test_server.hpp"

namespace feedwatch::http {

using namespace std::chrono_literals;

inline client_options loopback_allowed() {
    client_options out;
    out.network.allow = {"127.0.0.0/8"};
    out.user_agent = "feedwatch-test/1 (+https://example.org/bot)";
    return out;
}

class client_test : public testing::Test {
  protected:
    void make(client_options options = loopback_allowed()) { client_ = make_client(loop_, std::move(options)); }

    // Runs the loop until the answer is there.
    result<response> send(request what) {
        if (!client_) make();
        std::optional<result<response>> out;
        client_->send(std::move(what), [&](result<response> r) { out = std::move(r); });
        loop_.restart();
        while (!out && loop_.run_one_for(30s) > 0) {
        }
        if (!out) return error(feedwatch::errc::internal, "no answer in 30 s");
        return std::move(*out);
    }
    result<response> get(const std::string& url) {
        request what;
        what.url = url;
        return send(std::move(what));
    }
    // The reason of a failure, or "status N".
    static std::string reason(const result<response>& r) {
        if (r) return "status " + std::to_string(r->status);
        return r.error().code.message();
    }

    boost::asio::io_context loop_;
    test::http_test_server server_;
    std::unique_ptr<client> client_;
};

}  // namespace feedwatch::http
