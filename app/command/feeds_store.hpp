// Topics `feeds` and `polls` as the commands see them, and how they change the former.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/run/feed_changes.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/record/feed.hpp"
#include "core/record/poll.hpp"

namespace feedwatch::app {

struct stored_feed {
    feed what;
    std::string owner;         // "files", "command", or "elsewhere"
    std::optional<poll> last;  // its checkpoint; nullopt: never polled
    [[nodiscard]] bool from_files() const { return owner == applied_from_files; }
};
using stored_feeds = std::map<std::string, stored_feed>;  // by id

enum class with_polls { no, yes };
// Nothing where the topics do not exist yet. Records that cannot be read are left out, and said in `unreadable`.
[[nodiscard]] result<stored_feeds> read_feeds(const config& from, with_polls wanted, std::size_t* unreadable = nullptr);

// By id, URL, or the beginning of either if no other feed's begins so. errc::not_found; errc::conflict names those that
// could be meant.
[[nodiscard]] result<const stored_feed*> find_feed(const stored_feeds& all, std::string_view named);

// All or none, planned against what the topic holds at that moment; errors as change_planner's. With the embedded
// broker the process that owns it writes, where one runs.
[[nodiscard]] result<> write_changes(const config& to, std::span<const feed_change> changes);

}  // namespace feedwatch::app
