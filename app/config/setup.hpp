// All that files say: the configuration, the subscriptions and the rules, read and checked together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/config/feeds.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch::app {

struct setup {
    config values;
    std::vector<feed> feeds;
    std::shared_ptr<const rule_set> rules;
    std::vector<std::string> warnings;
};

// Whatever the role, everything that is configured is checked; what the role cannot do without must be there.
// The error's detail has a line for each mistake in any of the files.
[[nodiscard]] result<setup> load_setup(const std::string& file, role as, const environment& surroundings);

}  // namespace feedwatch::app
