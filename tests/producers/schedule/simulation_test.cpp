// bench/run schedule in small: 5,000 feeds, one seed, a simulated week.
#include <gtest/gtest.h>

#include <cmath>

#include "bench/schedule/contest.hpp"
#include "bench/schedule/rules.hpp"

namespace feedwatch::bench {
namespace {

const std::vector<contestant>& results() {
    static const std::vector<contestant> all = contest(5000, 1, false);
    return all;
}

TEST(simulation, ours_is_fresher_than_a_fixed_interval_and_media_clouds_rule_with_as_many_polls) {
    const figures& ours = results()[0].got;
    for (const contestant& rival : {results()[1], results()[2]}) {
        SCOPED_TRACE(rival.name);
        EXPECT_NEAR(static_cast<double>(rival.got.polls) / static_cast<double>(ours.polls), 1, within);
        EXPECT_LT(ours.median_seconds * 2, rival.got.median_seconds);
        EXPECT_LT(ours.p99_seconds, rival.got.p99_seconds);
        EXPECT_LT(ours.mean_seconds, rival.got.mean_seconds);
        EXPECT_LT(ours.missed, rival.got.missed);
        EXPECT_LE(ours.polls_per_item(), rival.got.polls_per_item() * (1 + within));
    }
}
TEST(simulation, no_feed_is_given_up_and_no_host_gets_a_herd) {
    const figures& ours = results()[0].got;
    EXPECT_LT(ours.never_seen * 10'000, ours.items);
    EXPECT_LE(ours.in_flight_most, simulation_options{}.in_flight_max);
    EXPECT_LE(ours.host_second_p99, 2U);
    EXPECT_LT(ours.first_minute_polls, 256U + 60U * 200U + 1U);
}
TEST(simulation, the_same_seed_gives_the_same_week) {
    simulation_options o;
    o.length = 3 * 86'400;
    const world w = make_world(500, o.length, 3);
    const auto run = [&] {
        const auto rule = make_ours(w.feeds.size(), o.limits);
        return simulate(w, *rule, o);
    };
    const figures a = run(), b = run();
    EXPECT_EQ(a.polls, b.polls);
    EXPECT_EQ(a.items, b.items);
    EXPECT_EQ(a.mean_seconds, b.mean_seconds);
    EXPECT_GT(a.items, 0U);
}
TEST(simulation, a_fixed_interval_delays_by_half_of_itself) {
    simulation_options o;
    o.length = 4 * 86'400;
    o.limits = {std::chrono::hours{2}, std::chrono::hours{2}, std::chrono::hours{2}};
    const world w = make_world(1000, o.length, 5);
    const auto rule = make_fixed(std::chrono::hours{2}, o.limits);
    EXPECT_NEAR(simulate(w, *rule, o).median_seconds, 3600, 400);
}

}  // namespace
}  // namespace feedwatch::bench
