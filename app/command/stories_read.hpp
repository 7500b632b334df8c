// Finding a story in the topics, and reading it. What stands before a tombstone is of a story that was taken down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "app/command/story.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/topic.hpp"

namespace feedwatch::app {

struct named_stories {
    std::set<std::string> ids;  // at most story_search::stories_max
    bool taken_down = false;    // a story that was named so is there no more
    // Offsets of the latest tombstones, by story.
    std::map<topic, std::map<std::string, std::int64_t, std::less<>>> ends;
};

[[nodiscard]] result<named_stories> search_stories(const config& c, std::string_view named);
// The only one, or the one that is named by its own id. errc::not_found; errc::conflict names those it could be.
[[nodiscard]] result<story_id> only_story(const named_stories& found, const std::string& named);

enum class texts { left_out, compared };
// `unreadable`: records of the story that cannot be read.
[[nodiscard]] result<story> read_story(const config& c, const story_id& id, const named_stories& found, texts wanted,
                                       std::size_t& unreadable);

}  // namespace feedwatch::app
