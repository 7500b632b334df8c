// What feeds.yaml and the defaults of feedwatch.yaml write alike.
#pragma once

#include "core/record/feed.hpp"
#include "io/yaml/yaml.hpp"

namespace feedwatch::app {

// { min: 1m, start: 15m, max: 6h }. What is not given keeps its value as far as the given ones leave it room.
void read_interval(const yaml::field& from, poll_interval& to);

// baseline, all, or latest N (also as { latest: N }).
void read_first_fetch(const yaml::field& from, first_fetch& to);

}  // namespace feedwatch::app
