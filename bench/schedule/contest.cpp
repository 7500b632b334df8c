#include "bench/schedule/contest.hpp"

#include <cmath>
#include <functional>

#include "bench/schedule/rules.hpp"

namespace feedwatch::bench {
namespace {

constexpr int attempts_max = 14;
constexpr std::size_t small_share = 20;  // scales are looked for in a world of so much less first: each week costs
constexpr std::size_t small_min = 2000;

class contest_in {
  public:
    contest_in(std::size_t feeds, std::uint64_t seed) : feeds_(feeds) {
        options_.seed = seed;
        world_ = make_world(feeds, options_.length, seed);
    }

    contestant ours(double scale) {
        simulation_options o = options_;
        o.limits.start = duration{std::llround(static_cast<double>(o.limits.start.count()) * scale)};
        return {"feedwatch", scale, run(make_ours(feeds_, o.limits), o)};
    }
    contestant fixed(double seconds) {
        return {"fixed interval", seconds,
                run(make_fixed(duration{std::llround(seconds * 1000)}, options_.limits), options_)};
    }
    contestant media_cloud(double scale) {
        return {"Media Cloud", scale, run(make_media_cloud(feeds_, scale, options_.limits), options_)};
    }

    // `off`: by how much the scale should grow, about. Polls fall as it grows, roughly as its inverse; delays grow.
    static contestant with(const std::function<double(const figures&)>& off, double scale,
                           const std::function<contestant(double)>& make) {
        contestant c;
        for (int attempt = 0; attempt < attempts_max; ++attempt) {
            c = make(scale);
            const double by = off(c.got);
            if (std::abs(by - 1) <= within) break;
            scale *= by;
        }
        return c;
    }
    static contestant with_polls(std::uint64_t polls, double scale, const std::function<contestant(double)>& make) {
        return with([&](const figures& f) { return static_cast<double>(f.polls) / static_cast<double>(polls); }, scale,
                    make);
    }
    [[nodiscard]] double mean_interval(std::uint64_t polls) const {
        return static_cast<double>(feeds_) * (options_.length - options_.warm_up) / static_cast<double>(polls);
    }

  private:
    figures run(std::unique_ptr<interval_rule> rule, const simulation_options& o) { return simulate(world_, *rule, o); }
    std::size_t feeds_;
    simulation_options options_;
    world world_;
};

std::vector<contestant> contest_from(contest_in& c, const std::vector<contestant>* small, bool as_it_stands) {
    const auto scale_of = [&](std::size_t at, double otherwise) { return small ? (*small)[at].scale : otherwise; };
    std::vector<contestant> out{c.ours(1)};
    const std::uint64_t polls = out.front().got.polls;
    out.push_back(c.with_polls(polls, scale_of(1, c.mean_interval(polls)), [&](double s) { return c.fixed(s); }));
    out.push_back(c.with_polls(polls, scale_of(2, 0.04), [&](double s) { return c.media_cloud(s); }));
    if (!as_it_stands) return out;
    out.push_back(c.media_cloud(1));
    out.back().name = "Media Cloud as it stands";
    const double wanted = out[2].got.median_seconds;
    out.push_back(c.with([&](const figures& f) { return wanted / std::max(f.median_seconds, 1.0); }, scale_of(4, 3),
                         [&](double s) { return c.ours(s); }));
    out.back().name = "feedwatch as fresh";
    return out;
}

}  // namespace

std::vector<contestant> contest(std::size_t feeds, std::uint64_t seed, bool as_it_stands) {
    contest_in all(feeds, seed);
    if (feeds / small_share < small_min) return contest_from(all, nullptr, as_it_stands);
    contest_in few(feeds / small_share, seed);
    const std::vector<contestant> small = contest_from(few, nullptr, as_it_stands);
    return contest_from(all, &small, as_it_stands);
}

}  // namespace feedwatch::bench
