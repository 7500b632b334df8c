#include "producers/schedule/pace.hpp"

#include <algorithm>

namespace feedwatch::schedule {
namespace {

duration bounded(duration pace) {
    return pace < pace_least ? duration::zero() : std::min(pace, pace_max);
}

}  // namespace

duration taught(duration pace, lesson what) {
    switch (what) {
        case lesson::none:
            return bounded(pace);
        case lesson::good:
            return bounded(pace - pace / 32);
        case lesson::trouble:
            return bounded(std::max(pace * 3 / 2, pace_first / 2));
        case lesson::busy:
            return bounded(std::max(pace * 2, pace_first));
    }
    return pace;
}

duration faded(duration pace, duration age) {
    const auto halves = std::clamp<std::int64_t>(age / pace_halves_every, 0, 40);
    return bounded(duration{pace.count() >> halves});
}

}  // namespace feedwatch::schedule
