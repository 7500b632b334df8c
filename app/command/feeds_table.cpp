#include "app/command/feeds_table.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "io/log/escape.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t column_count = 7;
using row = std::array<std::string, column_count>;
const row head{"ID", "HEALTH", "LAST OK", "NEXT", "A DAY", "FEED", "LAST ERROR"};
constexpr std::size_t feed_column = 5;
constexpr std::size_t flexible_min = 12;  // of FEED and of LAST ERROR

// Whoever reads topic `feeds` may see it whole, but a password is nobody's.
std::string shown_url(const std::string& url) {
    return carries_credentials(url) ? redacted_url(url) : url;
}

std::size_t width_of(UChar32 c) {
    const auto category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
    const auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

// Of the character at `at`, which moves past it.
std::size_t width_of_next(std::string_view text, std::int32_t& at) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    UChar32 c = 0;
    U8_NEXT(bytes, at, static_cast<std::int32_t>(text.size()), c);
    return c < 0 ? 1 : width_of(c);
}

std::string decimal(double value) {
    std::array<char, 32> buffer;
    const auto [end, code] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                           std::chars_format::fixed, value < 10 ? 1 : 0);
    return code == std::errc{} ? std::string(buffer.data(), end) : std::string("-");
}

// An id made from the URL is long, and its beginning says as much; a configured one is a name.
std::string shown_id(const std::string& id, std::size_t enough) {
    const bool is_hash = id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    return log::printable(is_hash ? id.substr(0, enough) : id);
}

std::size_t enough_of_ids(std::span<const stored_feed* const> feeds) {
    std::vector<std::string_view> ids;
    for (const stored_feed* f : feeds) ids.push_back(f->what.id.str());
    std::sort(ids.begin(), ids.end());
    std::size_t enough = 8;
    for (std::size_t n = 1; n < ids.size(); ++n) {
        const auto [a, b] = std::mismatch(ids[n].begin(), ids[n].end(), ids[n - 1].begin(), ids[n - 1].end());
        enough = std::max(enough, static_cast<std::size_t>(a - ids[n].begin()) + 1);
    }
    return enough;
}

std::string last_error(const poll& p) {
    if (p.failures == 0) return "";
    return p.detail.empty() ? p.outcome : p.outcome + ": " + p.detail;
}

row row_of(const stored_feed& f, timestamp now, std::size_t id_length) {
    row out;
    out[0] = shown_id(f.what.id.str(), id_length);
    out[1] = health_of(f);
    out[2] = out[3] = out[4] = "-";
    if (f.last) {
        if (f.last->last_success) out[2] = rough(now - *f.last->last_success) + " ago";
        if (!f.what.is_paused()) out[3] = f.last->next_due <= now ? "now" : "in " + rough(f.last->next_due - now);
        if (const auto rate = items_a_day(*f.last)) out[4] = decimal(*rate);
        out[6] = log::printable(last_error(*f.last));
    } else if (!f.what.is_paused()) {
        out[3] = "now";
    }
    out[5] = log::printable(f.what.title.empty() ? shown_url(f.what.url) : f.what.title);
    return out;
}

std::string padded(const std::string& text, std::size_t columns) {
    return text + std::string(columns - std::min(columns, display_width(text)), ' ');
}

json::value time_or_null(const std::optional<timestamp>& t) {
    return t && *t != timestamp{} ? json::value(to_rfc3339(*t)) : json::value(nullptr);
}

json::array strings(const std::vector<std::string>& all) {
    json::array out;
    for (const std::string& s : all) out.emplace_back(to_valid_utf8(s));
    return out;
}

json::value backfill_json(const stored_feed& f) {
    if (!f.last || !f.last->backfill) return nullptr;
    const backfill_progress& b = *f.last->backfill;
    return json::object{{"asked", time_or_null(b.asked)},
                        {"state", to_valid_utf8(b.state)},
                        {"pages", b.pages},
                        {"items", b.items},
                        {"detail", to_valid_utf8(b.detail)}};
}

std::string backfill_said(const stored_feed& f) {
    const auto& wanted = f.what.asked.backfill;
    const bool begun = f.last && f.last->backfill && (!wanted || f.last->backfill->asked == wanted->asked);
    if (!begun) return wanted ? "waits for its first page" : "";
    const backfill_progress& b = *f.last->backfill;
    const std::string state = b.state == "running" && !wanted ? "stopped" : b.state;
    std::string out = state + ", " + std::to_string(b.pages) + (b.pages == 1 ? " page, " : " pages, ") +
                      std::to_string(b.items) + (b.items == 1 ? " item" : " items");
    if (!b.detail.empty()) out += ": " + b.detail;
    return out;
}

}  // namespace

std::string_view health_of(const stored_feed& f) {
    if (f.what.is_paused()) return "paused";
    if (!f.last) return "never polled";
    switch (polling::state_of(*f.last)) {
        case polling::feed_state::ok:
            return "ok";
        case polling::feed_state::backoff:
            return "backoff";
        case polling::feed_state::gone:
            return "gone";
    }
    return "ok";
}

std::optional<double> items_a_day(const poll& checkpoint) {
    const auto& window = checkpoint.window;
    const auto before = [](const window_entry& a, const window_entry& b) { return a.last_present < b.last_present; };
    if (window.empty()) return std::nullopt;
    const timestamp latest = std::max_element(window.begin(), window.end(), before)->last_present;
    const timestamp oldest = std::min_element(window.begin(), window.end(), before)->last_present;
    const auto left =
        std::count_if(window.begin(), window.end(), [&](const auto& e) { return e.last_present < latest; });
    if (left == 0) return std::nullopt;
    constexpr double day = 24.0 * 3600 * 1000;
    // A feed that has just begun to move says little: at least an hour.
    const double reach = std::max(static_cast<double>((latest - oldest).count()), day / 24);
    return static_cast<double>(left) * day / reach;
}

std::string rough(duration d) {
    d = std::max(d, duration::zero());
    const auto in = [&](duration unit, const char* name) { return std::to_string(d / unit) + name; };
    if (d < 2min) return in(1s, "s");
    if (d < 2h) return in(1min, "m");
    if (d < 48h) return in(1h, "h");
    return in(24h, "d");
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) width += width_of_next(text, at);
    return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string(text);
    if (columns == 0) return {};
    std::size_t width = 1;  // of the "…"
    std::int32_t end = 0;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size()); end = at) {
        width += width_of_next(text, at);
        if (width > columns) break;
    }
    return std::string(text.substr(0, static_cast<std::size_t>(end))) + "…";
}

std::string feeds_table(std::span<const stored_feed* const> feeds, timestamp now, std::size_t columns) {
    std::vector<row> rows{head};
    const std::size_t id_length = enough_of_ids(feeds);
    for (const stored_feed* f : feeds) rows.push_back(row_of(*f, now, id_length));
    const bool errors = std::any_of(rows.begin() + 1, rows.end(), [](const row& r) { return !r.back().empty(); });
    const std::size_t shown = errors ? column_count : column_count - 1;

    std::array<std::size_t, column_count> widths{};
    for (const row& r : rows)
        for (std::size_t n = 0; n < shown; ++n) widths[n] = std::max(widths[n], display_width(r[n]));
    if (columns > 0) {
        constexpr std::size_t id_max = 24;
        widths[0] = std::min(widths[0], id_max);
        std::size_t fixed = 2 * (shown - 1);
        for (std::size_t n = 0; n < feed_column; ++n) fixed += widths[n];
        std::size_t room = columns > fixed ? columns - fixed : 0;
        if (errors) {  // what the title leaves free is the error's
            const std::size_t title = std::max(std::min(widths[feed_column], room / 2), std::min(room, flexible_min));
            widths[feed_column] = title;
            room -= title;
            widths[column_count - 1] = std::min(widths[column_count - 1], room);
        } else {
            widths[feed_column] = std::min(widths[feed_column], std::max(room, flexible_min));
        }
    }
    std::string out;
    for (const row& r : rows) {
        std::string line;
        for (std::size_t n = 0; n < shown; ++n)
            line += (n == 0 ? "" : "  ") + padded(fitted(r[n], widths[n]), widths[n]);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string listed_json(const stored_feed& f) {
    const poll none;
    const poll& p = f.last ? *f.last : none;
    const auto rate = f.last ? items_a_day(p) : std::nullopt;
    const auto here = [&](const auto& v) { return f.last ? json::value(v) : json::value(nullptr); };
    return json::serialize(json::object{
        {"id", to_valid_utf8(f.what.id.str())},
        {"url", to_valid_utf8(shown_url(f.what.url))},
        {"title", to_valid_utf8(f.what.title)},
        {"publisher", to_valid_utf8(f.what.publisher)},
        {"tags", strings(f.what.tags)},
        {"owner", f.owner},
        {"health", std::string(health_of(f))},
        {"paused", f.what.is_paused()},
        {"last_poll", here(time_or_null(p.at))},
        {"last_success", time_or_null(p.last_success)},
        {"next_poll", f.what.is_paused() ? json::value(nullptr) : here(time_or_null(p.next_due))},
        {"interval", here(to_string(p.interval))},
        {"outcome", here(to_valid_utf8(p.outcome))},
        {"status", here(p.status)},
        {"failures", here(p.failures)},
        {"detail", here(to_valid_utf8(p.detail))},
        {"possibly_missed", here(p.possibly_missed)},
        {"items_per_day", rate ? json::value(*rate) : json::value(nullptr)},
        {"backfill", backfill_json(f)},
    });
}

std::string shown_feed(const stored_feed& f, std::string_view file, timestamp now) {
    std::string out;
    const auto line = [&out](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        out += std::string(name) + std::string(14 - std::min<std::size_t>(name.size(), 13), ' ') +
               log::printable(value) + "\n";
    };
    const auto when = [&](timestamp t) {
        return to_rfc3339(t) + (t <= now ? " (" + rough(now - t) + " ago)" : " (in " + rough(t - now) + ")");
    };
    line("id", f.what.id.str());
    line("url", shown_url(f.what.url));
    line("title", f.what.title);
    line("publisher", f.what.publisher);
    std::string tags;
    for (const std::string& tag : f.what.tags) (tags += tags.empty() ? "" : ", ") += tag;
    line("tags", tags);
    line("language", f.what.language);
    line("subscribed", !file.empty()            ? "by " + std::string(file)
                       : f.from_files()         ? "by a feeds file that this configuration does not name"
                       : f.owner == "elsewhere" ? "by something that wrote to topic feeds"
                                                : "by `feedwatch feeds`");
    line("first fetch", to_string(f.what.first_fetch));
    line("limits", to_string(f.what.interval.min) + " to " + to_string(f.what.interval.max) + " between polls");
    line("credentials", f.what.credentials);
    line("health", health_of(f));
    if (f.what.paused) line("paused", "where it is subscribed");
    if (f.what.asked.paused) line("paused", "by `feedwatch feeds pause`");
    if (f.last) {
        const poll& p = *f.last;
        line("last poll",
             when(p.at) + ", " + p.outcome + (p.status == 0 ? "" : ", status " + std::to_string(p.status)));
        if (p.last_success) line("last success", when(*p.last_success));
        if (!f.what.is_paused()) line("next poll", when(p.next_due));
        line("interval", to_string(p.interval));
        if (p.failures > 0) line("failures", std::to_string(p.failures) + " in a row");
        line("last error", last_error(p));
        line("items", std::to_string(p.items_new) + " new, " + std::to_string(p.items_updated) + " changed, " +
                          std::to_string(p.items_known) + " known in the last poll");
        if (const auto rate = items_a_day(p)) line("items a day", decimal(*rate));
        if (p.possibly_missed) line("missed", "items may have been: none of the poll before was left");
        line("moved to", shown_url(p.redirected_to));
        line("etag", p.etag);
        line("modified", p.last_modified);
        for (const std::string& w : p.warnings) line("warning", w);
        for (const poll_event& e : p.events) line("noticed", e.kind + ": " + e.detail);
    }
    line("backfill", backfill_said(f));
    return out;
}

}  // namespace feedwatch::app
