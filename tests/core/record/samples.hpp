// One record of every kind with every field set, and the same with text that wants to break something.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/record/delivery.hpp"
#include "core/record/duplicate.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "core/record/seen.hpp"

namespace feedwatch::samples {

[[nodiscard]] item plain_item();
[[nodiscard]] story_item plain_story_item();
[[nodiscard]] flagged_item plain_flagged_item();
[[nodiscard]] feed plain_feed();
[[nodiscard]] poll plain_poll();
[[nodiscard]] seen plain_seen();
[[nodiscard]] duplicate plain_duplicate();
[[nodiscard]] delivery plain_delivery();

// Controls, NUL, quotes, invalid UTF-8, surrogates in UTF-8, what breaks HTML and JavaScript.
[[nodiscard]] std::string hostile_text();

// (topic, JSON) of every kind: defaults, plain and hostile.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> all_as_written();

}  // namespace feedwatch::samples
