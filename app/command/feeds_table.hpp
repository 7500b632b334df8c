// `feedwatch feeds list`: what is said of each feed, and the table of it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/command/feeds_store.hpp"
#include "core/time.hpp"

namespace feedwatch::app {

// "ok", "backoff", "gone", "paused", "never polled".
[[nodiscard]] std::string_view health_of(const stored_feed& f);

// How many items left the feed's document a day, over the time that the checkpoint's window reaches back: in the long
// run as many as come. nullopt: none has left yet.
[[nodiscard]] std::optional<double> items_a_day(const poll& checkpoint);

// "42s", "5m", "3h", "12d".
[[nodiscard]] std::string rough(duration d);

// Columns that it takes on a terminal: wide characters two, marks that combine none.
[[nodiscard]] std::size_t display_width(std::string_view text);
// At most so wide, with "…" where it was cut.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t columns);

// A line for the head and each feed, in the order given; `columns` wide at most (0: as wide as it gets). What feeds and
// servers say is escaped.
[[nodiscard]] std::string feeds_table(std::span<const stored_feed* const> feeds, timestamp now, std::size_t columns);

// One JSON object: a contract, described in docs/cli.md.
[[nodiscard]] std::string listed_json(const stored_feed& f);

// All that is known of one feed, for people; `file` says where it is subscribed to, "" where no file of ours has it.
[[nodiscard]] std::string shown_feed(const stored_feed& f, std::string_view file, timestamp now);

}  // namespace feedwatch::app
