// What the `feeds` commands share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/command/feeds_store.hpp"
#include "app/commands.hpp"
#include "app/config/feeds.hpp"
#include "core/config.hpp"

namespace feedwatch::app {

// One for each action of feeds_options; the configuration has been read. Each returns an exit_code.
int add_feed(const feeds_options& options, const config& c);
int list_feeds(const feeds_options& options, const config& c);
int show_feeds(const feeds_options& options, const config& c);
int import_feeds(const feeds_options& options, const config& c);
int export_feeds(const feeds_options& options, const config& c);
int discover_feeds(const feeds_options& options, const config& c);
int ask_of_feeds(const feeds_options& options, const config& c);  // remove, pause, resume, poll_now, backfill

[[nodiscard]] int feeds_failure(const error& why);

// "feeds.yaml:12"; "" where no file of the configuration names the feed (or they cannot be read).
[[nodiscard]] std::string file_of(const config& c, const feed_id& id);

// A day ("2026-01-31": its beginning, UTC) or RFC 3339.
[[nodiscard]] result<timestamp> parse_day_or_time(std::string_view text);

}  // namespace feedwatch::app
