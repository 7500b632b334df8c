// `feedwatch stories show`: what is said of a story. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "app/command/story.hpp"

namespace feedwatch::app {

// For people; what feeds say is escaped.
[[nodiscard]] std::string shown_story(const story& s);

// One JSON object: a contract, described in docs/cli.md.
[[nodiscard]] std::string story_json(const story& s);

}  // namespace feedwatch::app
