// Ours beside the rivals, each rival stretched until it takes as many polls.
#pragma once

#include <string>
#include <vector>

#include "bench/schedule/simulate.hpp"

namespace feedwatch::bench {

struct contestant {
    std::string name;
    double scale = 0;  // the fixed interval in seconds; of Media Cloud's times; of our `start`
    figures got;
};

// In this order: ours at its defaults, the fixed interval and Media Cloud's rule with as many polls, Media Cloud's rule
// as it stands, and ours with a longer `start`, so that its median delay is that of Media Cloud's with as many polls.
[[nodiscard]] std::vector<contestant> contest(std::size_t feeds, std::uint64_t seed, bool as_it_stands = true);

inline constexpr double within = 0.01;  // "as many", "as fresh": no more than so much apart

}  // namespace feedwatch::bench
