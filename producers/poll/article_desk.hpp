// Reads the articles behind items: as robots.txt allows, one after another at each host and no faster than it asks, a
// few tries each, and never for longer than `patience` for one poll. Knows no feeds: the poller orders by number and
// sends what it is given. On the runner's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/meter.hpp"
#include "io/http/client.hpp"
#include "producers/poll/article_options.hpp"
#include "producers/poll/full_text.hpp"
#include "producers/poll/robots_cache.hpp"

namespace feedwatch::polling {

// How the feed is asked. What is secret is sent with requests to its own origin alone; its proxy serves them all,
// robots.txt too.
struct article_secrets {
    std::string origin;  // of the feed
    std::string basic_auth;
    http::header_list headers;
    http::client_certificate certificate;
    std::optional<std::string> proxy;
    std::string proxy_auth;
};

class article_desk {
  public:
    static constexpr std::size_t page_bytes_max = 4U << 20U;

    article_desk(article_options options, meter& counts);

    // Orders at once; more would have to wait for longer than their patience.
    static constexpr std::size_t orders_max = 256;
    [[nodiscard]] bool has_room() const { return jobs_.size() < orders_max; }
    void order(std::uint64_t number, const std::vector<std::string>& urls, article_secrets with, timestamp now);

    // Sends what may be sent; `send` gives each request its token.
    void work(timestamp now, const std::function<std::uint64_t(http::request)>& send);
    // Whether the token was of ours. `pause`: what the host asked for, by its name in URLs.
    struct taken {
        bool ours = false;
        std::optional<std::pair<std::string, timestamp>> pause;
    };
    taken take_answer(std::uint64_t token, const result<http::response>& got, timestamp now);

    struct finished {
        std::uint64_t number = 0;
        articles_by_url read;
    };
    [[nodiscard]] std::vector<finished> take_finished(timestamp now);

    // When work() or take_finished() has something to do; nullopt: not before an answer.
    [[nodiscard]] std::optional<timestamp> next_due() const;

    // The host asked for a pause, by way of a feed's answer.
    void hold(const std::string& host, timestamp until);
    void shift(duration by);          // the clock was set
    void forget_idle(timestamp now);  // hosts that nothing waits for
    void drop_all();                  // orders and answers to come

  private:
    struct task {
        std::uint64_t number = 0;
        std::string item_url;
        std::string url;  // after redirects
        std::uint32_t tries = 0;
        std::uint32_t hops = 0;
        timestamp not_before{};
    };
    struct job {
        article_secrets with;
        timestamp deadline{};
        std::size_t open = 0;
        articles_by_url read;
    };
    struct sent {
        std::string host;
        std::string origin;        // of a robots.txt; else empty
        std::optional<task> what;  // nullopt: a robots.txt
    };
    struct host_state {
        timestamp next{};
        std::uint32_t running = 0;
    };

    enum class turn { sent, waits, done };
    turn try_task(task& t, timestamp now, const std::function<std::uint64_t(http::request)>& send);
    void fetch_robots(const std::string& origin, const article_secrets& with, timestamp now,
                      const std::function<std::uint64_t(http::request)>& send);
    [[nodiscard]] http::request request_for(const std::string& url, const article_secrets& with) const;
    void conclude(const task& t, article outcome, const char* counted);
    std::optional<std::pair<std::string, timestamp>> take_page(sent s, const result<http::response>& got,
                                                               timestamp now);
    bool follow(task& t, const http::response& r);
    bool again(task t, timestamp not_before);

    article_options options_;
    robots_cache robots_;
    std::map<std::string, counter*> counts_;
    std::unordered_map<std::uint64_t, job> jobs_;
    std::vector<task> waiting_;
    std::unordered_map<std::uint64_t, sent> in_flight_;
    std::unordered_map<std::string, host_state> hosts_;
    std::unordered_map<std::string, bool> asked_;  // origins whose robots.txt is on its way
};

}  // namespace feedwatch::polling
