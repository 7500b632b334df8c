// Receivers that answer as a test says, when it says so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/http/exchange.hpp"

namespace feedwatch::test {

class fake_exchange final : public http::exchange {
  public:
    struct sent {
        std::uint64_t token;
        http::request what;
        [[nodiscard]] std::string header(std::string_view name) const {
            for (const auto& [n, v] : what.headers)
                if (n == name) return v;
            return {};
        }
    };

    void submit(std::uint64_t token, http::request what) override {
        waiting_.emplace(token, what);
        all_.push_back({token, std::move(what)});
    }
    std::vector<http::finished> take_finished() override { return std::exchange(finished_, {}); }
    [[nodiscard]] std::size_t in_flight() const override { return waiting_.size(); }

    [[nodiscard]] const std::vector<sent>& all() const { return all_; }

    void answer(std::uint64_t token, std::uint32_t status, http::header_list headers = {}) {
        waiting_.erase(token);
        http::response r;
        r.status = status;
        r.headers = std::move(headers);
        r.elapsed = std::chrono::milliseconds(20);
        finished_.push_back({token, std::move(r)});
    }
    void fail(std::uint64_t token, error e) {
        waiting_.erase(token);
        finished_.push_back({token, std::move(e)});
    }
    // All that wait, or those to one host.
    void answer_all(std::uint32_t status, const std::string& url_part = "") {
        std::vector<std::uint64_t> tokens;
        for (const auto& [token, r] : waiting_)
            if (r.url.find(url_part) != std::string::npos) tokens.push_back(token);
        for (const std::uint64_t t : tokens) answer(t, status);
    }

  private:
    std::map<std::uint64_t, http::request> waiting_;
    std::vector<sent> all_;
    std::vector<http::finished> finished_;
};

}  // namespace feedwatch::test
