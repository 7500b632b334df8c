// The subscriptions: feeds.yaml and OPML files to core/record/feed.hpp.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/config/environment.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/record/feed.hpp"

namespace feedwatch::app {

struct loaded_feeds {
    std::vector<feed> feeds;                   // in the order of the files, each id once
    std::vector<std::string> warnings;         // what was left out or has no effect
    std::map<std::string, std::string> where;  // id -> "feeds.yaml:12"; of OPML the file alone
};

// All files' mistakes at once (errc::invalid_config). One feed named twice is a mistake.
[[nodiscard]] result<loaded_feeds> load_feeds(const feeds_config& config, const environment& surroundings);

// A feeds.yaml that load_feeds reads the same subscriptions from; what commands ask of them is no part of it, but that
// they are paused. A value with "${" in it, which would be read as a variable, is left out with a comment.
[[nodiscard]] std::string to_feeds_yaml(std::span<const feed> feeds);

}  // namespace feedwatch::app
