#include "bench/schedule/simulate.hpp"

#include <algorithm>
#include <ctime>
#include <queue>
#include <random>
#include <vector>

#include "core/hash.hpp"
#include "producers/schedule/due_queue.hpp"
#include "producers/schedule/host_gate.hpp"
#include "producers/schedule/spread.hpp"

namespace feedwatch::bench {
namespace {

constexpr second never_seen_after = 6 * 3600;
constexpr second delay_max = 9 * 86'400;
const timestamp start{std::chrono::hours{24} * 20'000};  // a Thursday

second second_of(timestamp t) {
    return static_cast<second>(std::chrono::duration_cast<std::chrono::seconds>(t - start).count());
}

struct arrival {
    timestamp at;
    std::uint32_t feed;
    friend bool operator>(const arrival& a, const arrival& b) { return a.at != b.at ? a.at > b.at : a.feed > b.feed; }
};

// Of a feed as the poller sees it.
struct progress {
    std::size_t seen = 0;       // index into world::published: everything before was seen or missed
    std::size_t published = 0;  // everything before was published by the last poll
    timestamp last_success{};
    std::uint32_t failures = 0;
};

struct bucket {
    double tokens = 0;
    timestamp at = start;
    second in_second = -1;
    std::uint32_t requests = 0;
};

class running {
  public:
    running(const world& w, interval_rule& rule, const simulation_options& o)
        : world_(w),
          rule_(rule),
          options_(o),
          gate_({}),
          feeds_(w.feeds.size()),
          hosts_(w.hosts.size()),
          random_(o.seed),
          delays_(delay_max + 1),
          per_second_(4096) {}

    figures run() {
        const std::clock_t begun = std::clock();
        for (std::uint32_t f = 0; f < feeds_.size(); ++f) {
            feeds_[f].seen = feeds_[f].published = world_.feeds[f].first;
            queue_.set(f, spread_.place(host_of(f).name, start));
        }
        for (std::size_t h = 0; h < hosts_.size(); ++h) hosts_[h].tokens = world_.hosts[h].tokens_max;
        const timestamp end = start + std::chrono::seconds{options_.length};
        for (auto t = next(); t && *t < end; t = next()) {
            now_ = std::max(now_, *t);
            while (!answers_.empty() && answers_.top().at <= now_) {
                const std::uint32_t f = answers_.top().feed;
                answers_.pop();
                answered(f);
            }
            start_due();
        }
        finish();
        out_.cpu_seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        return out_;
    }

  private:
    const simulated_host& host_of(std::uint32_t feed) const { return world_.hosts[world_.feeds[feed].host]; }
    bool counts() const { return second_of(now_) >= options_.warm_up; }

    std::optional<timestamp> next() const {
        std::optional<timestamp> t;
        if (!answers_.empty()) t = answers_.top().at;
        if (answers_.size() >= options_.in_flight_max) return t;
        for (const auto& other : {queue_.next(), gate_.next()}) {
            if (other && (!t || *other < *t)) t = other;
        }
        return t;
    }

    void start_due() {
        while (answers_.size() < options_.in_flight_max) {
            if (const auto turn = gate_.pop(now_)) {
                ask(turn->feed);
                continue;
            }
            const auto f = queue_.pop(now_);
            if (!f) return;
            if (gate_.enter(host_of(*f).name, *f, now_)) ask(*f);
        }
    }

    void ask(std::uint32_t feed) {
        const simulated_host& h = host_of(feed);
        bucket& b = hosts_[world_.feeds[feed].host];
        if (const second s = second_of(now_); b.in_second != s) {
            note_second(b);
            b.in_second = s;
            b.requests = 0;
        }
        ++b.requests;
        out_.first_minute_polls += second_of(now_) < 60;
        out_.polls += counts();
        const duration takes = h.dead ? duration{std::chrono::seconds{15}} : h.latency + duration{random_() % 200};
        answers_.push({now_ + takes, feed});
        out_.in_flight_most = std::max(out_.in_flight_most, static_cast<std::uint32_t>(answers_.size()));
    }

    void note_second(const bucket& b) {
        if (b.in_second < options_.warm_up) return;
        ++per_second_[std::min<std::size_t>(b.requests, per_second_.size() - 1)];
    }

    bool has_token(std::uint32_t feed) {
        const simulated_host& h = host_of(feed);
        if (h.tokens_max == 0) return true;
        bucket& b = hosts_[world_.feeds[feed].host];
        const double passed = std::chrono::duration<double>(now_ - b.at).count();
        b.tokens = std::min(h.tokens_max, b.tokens + passed * h.tokens_per_second);
        b.at = now_;
        if (b.tokens < 1) return false;
        b.tokens -= 1;
        return true;
    }

    void answered(std::uint32_t feed) {
        const simulated_host& h = host_of(feed);
        gate_.leave(h.name);
        const bool broken = h.dead || (h.flaky > 0 && static_cast<double>(random_() % 1000) < 1000 * h.flaky);
        const bool busy = !broken && !has_token(feed);
        if (broken || busy) return fail(feed, busy);
        gate_.learn(h.name, schedule::lesson::good, now_);
        succeed(feed);
    }

    void fail(std::uint32_t feed, bool busy) {
        const simulated_host& h = host_of(feed);
        progress& p = feeds_[feed];
        out_.failed += counts();
        out_.limited += busy && counts();
        gate_.learn(h.name, busy ? schedule::lesson::busy : schedule::lesson::trouble, now_);
        const std::optional<duration> asked = busy ? h.retry_after : std::nullopt;
        if (asked) gate_.hold(h.name, now_ + std::min(*asked, schedule::host_hold_max));
        const schedule::failure f{++p.failures, false, busy};
        queue_.set(feed, now_ + schedule::failure_wait(rule_.current(feed), f, asked, options_.limits, random_()));
    }

    void succeed(std::uint32_t feed) {
        const simulated_feed& f = world_.feeds[feed];
        progress& p = feeds_[feed];
        const second at = second_of(now_);
        while (p.published < f.last && world_.published[p.published] <= at) ++p.published;
        const std::size_t oldest =
            std::max(f.first, p.published - std::min<std::size_t>(p.published, f.document_items));
        const bool first = p.last_success == timestamp{};
        seen_poll s{feed, now_, {}, f.hint, std::span(world_.published).subspan(oldest, p.published - oldest)};
        s.what.items = static_cast<std::uint32_t>(p.published - oldest);
        s.what.first = first;
        if (!first) {
            s.what.since = now_ - p.last_success;
            s.what.known = s.what.items - static_cast<std::uint32_t>(p.published - std::max(oldest, p.seen));
            count_items(p, oldest, at);
        }
        p.seen = p.published;
        p.last_success = now_;
        p.failures = 0;
        queue_.set(feed, now_ + schedule::with_jitter(rule_.after(s), random_()));
    }

    void count_items(const progress& p, std::size_t oldest, second at) {
        for (std::size_t i = p.seen; i < p.published; ++i) {
            const second published = world_.published[i];
            if (published < options_.warm_up) continue;
            if (i < oldest) {
                ++out_.missed;
                continue;
            }
            ++out_.items;
            ++delays_[static_cast<std::size_t>(std::min(at - published, delay_max))];
            delay_sum_ += at - published;
        }
    }

    double percentile(double share) const {
        const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(out_.items));
        std::uint64_t below = 0;
        for (std::size_t s = 0; s < delays_.size(); ++s) {
            below += delays_[s];
            if (below > rank) return static_cast<double>(s);
        }
        return 0;
    }

    void finish() {
        for (std::uint32_t f = 0; f < feeds_.size(); ++f) {
            if (host_of(f).dead) continue;
            for (std::size_t i = feeds_[f].seen; i < world_.feeds[f].last; ++i) {
                const second published = world_.published[i];
                out_.never_seen += published >= options_.warm_up && published < options_.length - never_seen_after;
            }
        }
        out_.median_seconds = percentile(0.5);
        out_.p99_seconds = percentile(0.99);
        out_.mean_seconds =
            static_cast<double>(delay_sum_) / static_cast<double>(std::max<std::uint64_t>(out_.items, 1));
        std::uint64_t all = 0, below = 0;
        for (const std::uint64_t n : per_second_) all += n;
        for (std::uint32_t n = 0; n < per_second_.size(); ++n) {
            if (per_second_[n] > 0) out_.host_second_max = n;
            if (below * 100 < all * 99) out_.host_second_p99 = n;
            below += per_second_[n];
        }
    }

    const world& world_;
    interval_rule& rule_;
    const simulation_options& options_;
    schedule::due_queue queue_;
    schedule::host_gate gate_;
    schedule::start_spread spread_;
    std::vector<progress> feeds_;
    std::vector<bucket> hosts_;
    std::mt19937_64 random_;
    std::priority_queue<arrival, std::vector<arrival>, std::greater<>> answers_;
    timestamp now_ = start;
    figures out_;
    std::vector<std::uint32_t> delays_;      // by seconds
    std::vector<std::uint64_t> per_second_;  // by requests
    std::int64_t delay_sum_ = 0;
};

}  // namespace

figures simulate(const world& w, interval_rule& rule, const simulation_options& options) {
    return running(w, rule, options).run();
}

}  // namespace feedwatch::bench
