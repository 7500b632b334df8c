// The demo's made-up outlets and what they publish when (timeline.yaml).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace feedwatch::demo {

struct outlet {
    std::string id, title, site;
    std::string format;  // "rss", "atom", "rdf", "json"
};

struct entry {
    std::chrono::milliseconds at{0};  // after the start; a later entry with the same guid replaces the earlier one
    std::string outlet, guid, title, html, source;
};

struct timeline {
    std::vector<outlet> outlets;
    std::vector<entry> entries;  // by `at`
};

// errc::invalid_config with every error's place in the file.
[[nodiscard]] result<timeline> read_timeline(const std::string& path);

// What the outlet's feed holds at `elapsed`, newest first.
[[nodiscard]] std::vector<entry> published(const timeline& all, const outlet& by, std::chrono::milliseconds elapsed);

// The feed document of one outlet, and its media type.
[[nodiscard]] std::string render(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started);
[[nodiscard]] std::string content_type(const outlet& by);

}  // namespace feedwatch::demo
