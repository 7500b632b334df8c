#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "app/command/feeds.hpp"
#include "app/command/feeds_table.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/ascii.hpp"

namespace feedwatch::app {
namespace {

// 0: no terminal, so whoever reads cuts for himself.
std::size_t terminal_columns() {
    winsize size{};
    if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

bool is_wanted(const stored_feed& f, const feeds_options& options) {
    const std::string_view health = health_of(f);
    if (options.failing && health != "backoff" && health != "gone") return false;
    const auto& tags = f.what.tags;
    return options.tag.empty() || std::find(tags.begin(), tags.end(), options.tag) != tags.end();
}

std::string sort_key(const stored_feed& f) {
    return ascii_lower(f.what.title.empty() ? f.what.url : f.what.title);
}

void tell_unreadable(std::size_t unreadable) {
    if (unreadable > 0)
        complain("feeds",
                 std::to_string(unreadable) + " records of topics feeds and polls cannot be read and are left out");
}

}  // namespace

int list_feeds(const feeds_options& options, const config& c) {
    std::size_t unreadable = 0;
    const auto all = read_feeds(c, with_polls::yes, &unreadable);
    if (!all) return feeds_failure(all.error());
    tell_unreadable(unreadable);
    std::vector<std::pair<std::string, const stored_feed*>> sorted;
    for (const auto& [id, f] : *all)
        if (is_wanted(f, options)) sorted.emplace_back(sort_key(f), &f);
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const stored_feed*> feeds;
    for (const auto& [key, f] : sorted) feeds.push_back(f);

    line_writer out(STDOUT_FILENO);
    if (options.json) {
        for (const stored_feed* f : feeds)
            if (!out.write(listed_json(*f))) break;
    } else if (!feeds.empty()) {
        std::string table = feeds_table(feeds, system_clock().now(), terminal_columns());
        table.pop_back();
        (void)out.write(table);
    } else {
        complain("feeds", all->empty()
                              ? "no feeds; `feedwatch feeds add URL` adds one, and so do the files of feeds.files"
                              : "none of the " + std::to_string(all->size()) + " feeds is like that");
    }
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : exit_ok;
}

int show_feeds(const feeds_options& options, const config& c) {
    std::size_t unreadable = 0;
    const auto all = read_feeds(c, with_polls::yes, &unreadable);
    if (!all) return feeds_failure(all.error());
    tell_unreadable(unreadable);
    line_writer out(STDOUT_FILENO);
    int code = exit_ok;
    bool first = true;
    for (const std::string& wanted : options.feeds) {
        const auto found = find_feed(*all, wanted);
        if (!found) {
            code = feeds_failure(found.error());
            continue;
        }
        const stored_feed& f = **found;
        if (options.json) {
            (void)out.write(R"({"feed":)" + to_json(f.what) + R"(,"owner":")" + f.owner + R"(","poll":)" +
                            (f.last ? to_json(*f.last) : "null") + "}");
        } else {
            std::string text = shown_feed(f, f.from_files() ? file_of(c, f.what.id) : "", system_clock().now());
            text.pop_back();
            (void)out.write((first ? "" : "\n") + text);
        }
        first = false;
    }
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : code;
}

}  // namespace feedwatch::app
