#include "bench/schedule/rules.hpp"

#include <algorithm>
#include <vector>

namespace feedwatch::bench {
namespace {

using namespace std::chrono_literals;

class ours final : public interval_rule {
  public:
    ours(std::size_t feeds, const poll_interval& limits) : limits_(limits), feeds_(feeds) {}

    duration after(const seen_poll& p) override {
        state& f = feeds_[p.feed];
        if (p.what.first) {
            dates_.clear();
            for (const second s : p.document) dates_.push_back(p.now + std::chrono::seconds{s - now_second(p)});
            f.gap = schedule::gap_of_dates(dates_, p.now).value_or(duration::zero());
        } else {
            f.gap = schedule::learned_gap(f.gap, p.what);
        }
        f.interval = schedule::next_interval(f.interval, f.gap, p.what, limits_);
        return schedule::within_hint(f.interval, p.hint, f.gap, p.what, limits_);
    }
    duration current(std::uint32_t feed) const override { return feeds_[feed].interval; }

  private:
    struct state {
        duration gap{}, interval{};
    };
    static second now_second(const seen_poll& p) { return static_cast<second>((p.now - timestamp{24h * 20'000}) / 1s); }
    poll_interval limits_;
    std::vector<state> feeds_;
    std::vector<timestamp> dates_;
};

duration obeying(duration interval, const seen_poll& p, const poll_interval& limits) {
    return std::max(interval, std::min(p.hint.value_or(0ms), limits.max));
}

class fixed final : public interval_rule {
  public:
    fixed(duration interval, const poll_interval& limits) : interval_(interval), limits_(limits) {}
    duration after(const seen_poll& p) override { return obeying(interval_, p, limits_); }
    duration current(std::uint32_t) const override { return interval_; }

  private:
    duration interval_;
    poll_interval limits_;
};

class media_cloud final : public interval_rule {
  public:
    media_cloud(std::size_t feeds, double scale, const poll_interval& limits)
        : scale_(scale), limits_(limits), feeds_(feeds) {}

    duration after(const seen_poll& p) override {
        state& f = feeds_[p.feed];
        if (f.interval == 0ms) f.interval = minutes(6 * 60);
        if (p.what.first) {
            f.last_new = p.now;  // or the feed's creation, where it has never had a story
        } else {
            adjust(f, p);
            if (p.what.fresh() > 0) f.last_new = p.now;
        }
        return obeying(f.interval, p, limits_);
    }
    duration current(std::uint32_t feed) const override {
        return feeds_[feed].interval == 0ms ? minutes(6 * 60) : feeds_[feed].interval;
    }

  private:
    struct state {
        duration interval{};
        timestamp last_new{};
    };
    [[nodiscard]] duration minutes(double n) const { return duration{static_cast<std::int64_t>(n * scale_ * 60'000)}; }
    void adjust(state& f, const seen_poll& p) const {
        const duration delta = p.what.since - f.interval;
        const double duplicates = p.what.items == 0 ? 102 : 100.0 * p.what.known / p.what.items;
        if (duplicates >= 67) {
            if (delta < -minutes(20)) return;
            const bool small = p.now - f.last_new <= 31 * 24h || duplicates < 100;
            f.interval = std::min(f.interval + minutes(small ? 10 : 60), minutes(24 * 60));
        } else if (duplicates < 33) {
            if (delta > minutes(20)) return;
            const bool is_long = f.interval > minutes(6 * 60);
            f.interval = std::max(is_long ? minutes(6 * 60) : f.interval - minutes(60), minutes(10));
        }
    }
    double scale_;
    poll_interval limits_;
    std::vector<state> feeds_;
};

}  // namespace

std::unique_ptr<interval_rule> make_ours(std::size_t feeds, const poll_interval& limits) {
    return std::make_unique<ours>(feeds, limits);
}
std::unique_ptr<interval_rule> make_fixed(duration interval, const poll_interval& limits) {
    return std::make_unique<fixed>(interval, limits);
}
std::unique_ptr<interval_rule> make_media_cloud(std::size_t feeds, double scale, const poll_interval& limits) {
    return std::make_unique<media_cloud>(feeds, scale, limits);
}

}  // namespace feedwatch::bench
