#include "bench/schedule/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace feedwatch::bench {
namespace {

using generator = std::mt19937_64;

constexpr second day = 86'400;
constexpr second history_max = 120 * day;
constexpr double offspring =
    0.25;  // a story brings the next one: share of the items that follow another within the hour

double uniform(generator& g) {
    return std::uniform_real_distribution<double>(0, 1)(g);
}

// How busy each hour of a week is, mean 1. The strength is that of the day's rhythm: 0 for a machine, 1 for a newsroom
// that sleeps.
struct rhythm {
    std::array<double, 168> hours{};
    double most = 0;
};

rhythm make_rhythm(double strength, double weekend) {
    rhythm r;
    double sum = 0;
    for (std::size_t h = 0; h < r.hours.size(); ++h) {
        const double hour = static_cast<double>(h % 24);
        // Busiest at 14:00, quietest at 02:00.
        const double of_day = 1 + strength * std::cos((hour - 14) / 24 * 2 * 3.14159265358979);
        r.hours[h] = std::max(of_day, 0.02) * (h >= 120 ? weekend : 1);
        sum += r.hours[h];
    }
    for (double& h : r.hours) {
        h *= 168 / sum;
        r.most = std::max(r.most, h);
    }
    return r;
}

std::vector<rhythm> make_rhythms() {
    return {make_rhythm(0, 1), make_rhythm(0.6, 0.7), make_rhythm(0.95, 0.35), make_rhythm(0.95, 0.9)};
}

double busy_at(const rhythm& r, second t, int zone) {
    const auto hour = (t / 3600 + zone + 168 * 1000) % 168;
    return r.hours[static_cast<std::size_t>(hour)];
}

void publish(generator& g, const simulated_feed& f, const rhythm& r, second until, std::vector<second>& out) {
    const bool in_batches = uniform(g) < 0.15;
    const int zone = static_cast<int>(g() % 24);
    const double batch = in_batches ? 4 : 1;
    const double events_per_second = f.per_day * (1 - offspring) / batch / day;
    const double needed = static_cast<double>(f.document_items) * 1.5 / f.per_day * day + 2.0 * day;
    double t = -std::min(needed, double{history_max});
    std::exponential_distribution<double> gap(events_per_second * r.most);
    std::exponential_distribution<double> soon(1.0 / 1800);
    std::geometric_distribution<int> more(0.25);  // a batch is of four, on average
    const auto add = [&](double at) {
        while (at < until) {
            out.push_back(static_cast<second>(std::floor(at)));
            if (uniform(g) >= offspring) return;
            at += soon(g);
        }
    };
    for (t += gap(g); t < until; t += gap(g)) {
        if (uniform(g) * r.most > busy_at(r, static_cast<second>(std::floor(t)), zone)) continue;
        add(t);
        for (int n = in_batches ? more(g) : 0; n > 0; --n) add(t + uniform(g) * 600);
    }
}

// A feed's rate is spread over five powers of ten: half have less than an item a day, one in a hundred has 70.
double draw_rate(generator& g) {
    return std::clamp(std::lognormal_distribution<double>(std::log(0.7), 2.0)(g), 0.01, 500.0);
}

std::optional<duration> draw_hint(generator& g) {
    using namespace std::chrono_literals;
    const double u = uniform(g);
    if (u < 0.20) return 5min;
    if (u < 0.28) return 15min;
    if (u < 0.36) return 60min;  // what blog software says without being asked
    if (u < 0.39) return 24h;    // a lie, mostly
    return std::nullopt;
}

simulated_host draw_host(generator& g, std::size_t number) {
    simulated_host h;
    h.name = "host" + std::to_string(number) + ".example.net";
    h.latency = duration{100 + static_cast<int>(g() % 800)};
    const double u = uniform(g);
    if (u < 0.02) {
        h.dead = true;
    } else if (u < 0.05) {
        h.flaky = 0.2;
    } else if (u < 0.09) {
        h.tokens_max = 5;
        h.tokens_per_second = 1.0 / (1 << (g() % 6));  // one each 1 to 32 seconds
        if (g() % 2 == 0) h.retry_after = std::chrono::seconds{60 << (g() % 4)};
    }
    return h;
}

}  // namespace

world make_world(std::size_t feeds, second until, std::uint64_t seed) {
    generator g(seed);
    const std::vector<rhythm> rhythms = make_rhythms();
    world w;
    // A power law: the host of rank k has feeds / (12 k) of them, until that is one.
    for (std::size_t rank = 1; w.feeds.size() < feeds; ++rank) {
        const std::size_t here = std::max<std::size_t>(feeds / (12 * rank), 1);
        w.hosts.push_back(draw_host(g, rank));
        // Large platforms live, and answer as fast as they are allowed to; each fourth lets its feeds be asked every
        // two hours on average.
        if (here > feeds / 500) {
            w.hosts.back().dead = false;
            w.hosts.back().flaky = 0;
            w.hosts.back().tokens_max = rank % 4 == 3 ? 10 : 0;
            w.hosts.back().tokens_per_second = rank % 4 == 3 ? static_cast<double>(here) / 7200 : 0;
        }
        for (std::size_t n = 0; n < here && w.feeds.size() < feeds; ++n) {
            simulated_feed f;
            f.host = static_cast<std::uint32_t>(w.hosts.size() - 1);
            f.document_items = 10 + static_cast<std::uint32_t>(g() % 41);
            f.per_day = draw_rate(g);
            f.hint = draw_hint(g);
            w.feeds.push_back(f);
        }
    }
    std::shuffle(w.feeds.begin(), w.feeds.end(), g);
    for (simulated_feed& f : w.feeds) {
        f.first = w.published.size();
        // Quick feeds have a newsroom's day.
        const rhythm& r = rhythms[f.per_day > 20 ? 2 + g() % 2 : g() % 4];
        publish(g, f, r, until, w.published);
        f.last = w.published.size();
        std::sort(w.published.begin() + static_cast<std::ptrdiff_t>(f.first), w.published.end());
    }
    return w;
}

}  // namespace feedwatch::bench
