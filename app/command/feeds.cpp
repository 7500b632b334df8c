#include "app/command/feeds.hpp"

#include <unistd.h>

#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "core/url/url.hpp"
#include "io/log/escape.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

using action = feeds_options::action;

std::string named(const stored_feed& f) {
    return f.what.id.str() + "  " + log::printable(f.what.title.empty() ? redacted_url(f.what.url) : f.what.title);
}

// What the file says cannot be taken back by a command.
std::string owned_by_file(const stored_feed& f, const config& c) {
    const std::string file = file_of(c, f.what.id);
    if (file.empty())
        return "it came from a feeds file, which this configuration does not name any more; the process "
               "that runs removes it when it reads its files again (SIGHUP)";
    return "it is in " + file + ": take it out there, and send SIGHUP to the feedwatch that runs";
}

// errc::refused: not for this feed, and why.
result<feed_change> change_for(const stored_feed& f, const feeds_options& options, const config& c, timestamp now) {
    feed_change change{feed_change::action::remove, f.what};
    switch (options.what) {
        case action::remove:
            if (f.from_files()) return error(errc::refused, owned_by_file(f, c));
            return change;
        case action::pause:
            change.what = feed_change::action::pause;
            return change;
        case action::resume:
            change.what = feed_change::action::resume;
            if (f.what.paused) {
                const std::string file = file_of(c, f.what.id);
                return error(errc::refused, "it is paused in " + (file.empty() ? "a feeds file" : file));
            }
            return change;
        case action::poll_now:
            if (f.what.is_paused()) return error(errc::refused, "it is paused; `feedwatch feeds resume` first");
            change.what = feed_change::action::poll;
            change.of.asked.poll = now;
            return change;
        default:
            break;
    }
    if (options.stop) {
        change.what = feed_change::action::stop_backfill;
        return change;
    }
    if (f.what.is_paused()) return error(errc::refused, "it is paused; `feedwatch feeds resume` first");
    change.what = feed_change::action::backfill;
    backfill_request wanted{now, options.pages, std::nullopt};
    if (!options.since.empty()) wanted.since = parse_day_or_time(options.since).value();  // looked at before
    change.of.asked.backfill = wanted;
    return change;
}

std::string done(const feeds_options& options) {
    switch (options.what) {
        case action::remove:
            return "removed";
        case action::pause:
            return "paused";
        case action::resume:
            return "resumed";
        case action::poll_now:
            return "polled at once by the feedwatch that runs, or the next that starts";
        default:
            return options.stop ? "backfill stopped"
                                : "backfill of at most " + std::to_string(options.pages) +
                                      " pages asked for; `feedwatch feeds show` says how far it is";
    }
}

}  // namespace

int feeds_failure(const error& why) {
    complain_lines("feeds", why.message());
    return exit_failed;
}

std::string file_of(const config& c, const feed_id& id) {
    const auto loaded = load_feeds(c.feeds, process_environment());
    if (!loaded) return {};
    const auto where = loaded->where.find(id.str());
    return where == loaded->where.end() ? std::string{} : where->second;
}

result<timestamp> parse_day_or_time(std::string_view text) {
    constexpr std::size_t day_length = 10;
    return parse_rfc3339(text.size() == day_length ? std::string(text) + "T00:00:00Z" : std::string(text));
}

int ask_of_feeds(const feeds_options& options, const config& c) {
    if (!options.since.empty() && !parse_day_or_time(options.since)) {
        complain("feeds", "--since: write 2026-01-31 or 2026-01-31T12:00:00Z, found " + options.since);
        return exit_usage;
    }
    const auto all = read_feeds(c, with_polls::no);
    if (!all) return feeds_failure(all.error());
    line_writer out(STDOUT_FILENO);
    int code = exit_ok;
    for (const std::string& wanted : options.feeds) {
        const auto found = find_feed(*all, wanted);
        if (!found) {
            code = feeds_failure(found.error());
            continue;
        }
        const stored_feed& f = **found;
        const auto change = change_for(f, options, c, system_clock().now());
        const result<> written = change ? write_changes(c, std::span(&*change, 1)) : result<>(change.error());
        if (!written) {
            complain("feeds", named(f) + ": " + written.error().detail);
            code = exit_failed;
        } else if (!out.write(named(f) + ": " + done(options)) || !out.flush()) {
            break;
        }
    }
    return out.failure() ? feeds_failure(*out.failure()) : code;
}

int feeds(const feeds_options& options) {
    log::configure({.level = "error"}, null_meter());  // what the embedded broker says of itself is for `run`
    config c;
    if (!options.config.empty()) {
        auto loaded = load_config(options.config, process_environment());
        if (!loaded) {
            complain_lines("feeds", loaded.error().detail);
            return exit_usage;
        }
        c = std::move(loaded->values);
    }
    switch (options.what) {
        case action::add:
            return add_feed(options, c);
        case action::list:
            return list_feeds(options, c);
        case action::show:
            return show_feeds(options, c);
        case action::import:
            return import_feeds(options, c);
        case action::export_all:
            return export_feeds(options, c);
        case action::discover:
            return discover_feeds(options, c);
        case action::remove:
        case action::poll_now:
        case action::backfill:
        case action::pause:
        case action::resume:
            return ask_of_feeds(options, c);
    }
    return exit_usage;
}

}  // namespace feedwatch::app
