// The outside world of the in-memory pipeline: feeds that publish, servers that fail now and then, a receiver of
// webhooks. It lives on when a process "crashes"; the exchanges through which processes reach it do not.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "io/http/exchange.hpp"

namespace feedwatch::testing {

struct published_item {
    std::string guid, title, html;
};

class scripted_web {
  public:
    scripted_web(std::uint64_t seed, double failures) : random_(seed), failures_(failures) {}

    void publish(const std::string& feed_url, published_item what);  // the newest last; replaces the one with its guid
    // The site gives all of its items other guids, and with them other links.
    void change_guids(const std::string& feed_url, const std::string& suffix);
    void keep_newest(const std::string& feed_url, std::size_t items);

    // Answers as the feed's server or the receiver would, or fails as the seed says.
    [[nodiscard]] result<http::response> answer(const http::request& to);

    // Every webhook that was answered with 2xx, in order.
    struct received {
        std::string id, body;
    };
    [[nodiscard]] const std::vector<received>& accepted() const noexcept { return accepted_; }
    [[nodiscard]] std::size_t not_modified() const noexcept { return not_modified_; }
    void stop_failing() { failures_ = 0; }

    static constexpr std::string_view receiver_url = "https://receiver.example/hook";

  private:
    [[nodiscard]] result<http::response> feed(const http::request& to);
    [[nodiscard]] result<http::response> hook(const http::request& to);

    std::mt19937_64 random_;
    double failures_;
    std::map<std::string, std::vector<published_item>> feeds_;
    std::vector<received> accepted_;
    std::size_t not_modified_ = 0;
};

// What a process reaches the web through: answers are there at the next take_finished().
class web_exchange final : public http::exchange {
  public:
    explicit web_exchange(scripted_web& web) : web_(web) {}
    void submit(std::uint64_t token, http::request what) override { finished_.push_back({token, web_.answer(what)}); }
    std::vector<http::finished> take_finished() override { return std::exchange(finished_, {}); }
    [[nodiscard]] std::size_t in_flight() const override { return finished_.size(); }

  private:
    scripted_web& web_;
    std::vector<http::finished> finished_;
};

}  // namespace feedwatch::testing
