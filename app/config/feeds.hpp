// The subscriptions: feeds.yaml and OPML files to core/record/feed.hpp.
#pragma once

#include <string>
#include <vector>

#include "app/config/environment.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/record/feed.hpp"

namespace feedwatch::app {

struct loaded_feeds {
    std::vector<feed> feeds;            // in the order of the files, each id once
    std::vector<std::string> warnings;  // what was left out or has no effect
};

// All files' mistakes at once (errc::invalid_config). One feed named twice is a mistake.
[[nodiscard]] result<loaded_feeds> load_feeds(const feeds_config& config, const environment& surroundings);

}  // namespace feedwatch::app
