#include <unistd.h>

#include <algorithm>
#include <set>

#include "app/command/feeds.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/url/url.hpp"
#include "io/log/escape.hpp"
#include "producers/parse/opml.hpp"

namespace feedwatch::app {
namespace {

constexpr std::size_t at_a_time = 500;

class progress {
  public:
    explicit progress(std::size_t all) : all_(all), shown_(::isatty(STDERR_FILENO) == 1 && all > at_a_time) {}
    ~progress() { clear(); }
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    void at(std::size_t done) { say("\rfeeds: " + std::to_string(done) + " of " + std::to_string(all_)); }
    void clear() { say("\r\x1b[K"); }

  private:
    void say(const std::string& text) const {
        if (shown_) (void)!::write(STDERR_FILENO, text.data(), text.size());
    }
    std::size_t all_;
    bool shown_;
};

std::string counted(std::size_t n, std::string_view what) {
    return std::to_string(n) + " " + std::string(what);
}

}  // namespace

int import_feeds(const feeds_options& options, const config& c) {
    feeds_config from = c.feeds;
    from.files = {options.file};
    auto loaded = load_feeds(from, process_environment());
    if (!loaded) {
        complain_lines("feeds", loaded.error().detail);
        return exit_failed;
    }
    const auto known = read_feeds(c, with_polls::no);
    if (!known) return feeds_failure(known.error());
    std::set<std::string_view> urls;
    for (const auto& [id, f] : *known) urls.insert(f.what.url);

    std::vector<feed_change> changes;
    std::vector<std::string> refused = std::move(loaded->warnings);
    std::size_t there = 0;
    for (feed& f : loaded->feeds) {
        for (const std::string& tag : options.tags)
            if (std::find(f.tags.begin(), f.tags.end(), tag) == f.tags.end()) f.tags.push_back(tag);
        if (known->contains(f.id.str()) || urls.contains(f.url)) {
            ++there;
        } else if (const auto fine = check_subscription(f); !fine) {
            refused.push_back(redacted_url(f.url) + ": " + fine.error().detail);
        } else {
            changes.push_back({feed_change::action::add, std::move(f)});
        }
    }
    std::size_t added = 0;
    {
        progress shown(changes.size());
        while (added < changes.size()) {
            const auto next = std::span(changes).subspan(added, std::min(at_a_time, changes.size() - added));
            if (const auto written = write_changes(c, next); !written) {
                shown.clear();
                complain("feeds", counted(added, "feeds were added, then: ") + written.error().message() +
                                      "; the same command again goes on");
                return exit_failed;
            }
            added += next.size();
            shown.at(added);
        }
    }
    for (const std::string& why : refused) complain("feeds", why);
    line_writer out(STDOUT_FILENO);
    (void)out.write(counted(added, "added, ") + counted(there, "already there, ") + counted(refused.size(), "refused"));
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : exit_ok;
}

int export_feeds(const feeds_options& options, const config& c) {
    const auto all = read_feeds(c, with_polls::no);
    if (!all) return feeds_failure(all.error());
    std::vector<feed> feeds;
    for (const auto& [id, f] : *all) {
        const auto& tags = f.what.tags;
        const bool wanted = options.tag.empty() || std::find(tags.begin(), tags.end(), options.tag) != tags.end();
        if (wanted && carries_credentials(f.what.url)) {
            complain("feeds", redacted_url(f.what.url) + ": left out, its URL carries a user or password");
        } else if (wanted) {
            feeds.push_back(f.what);
        }
    }
    std::sort(feeds.begin(), feeds.end(), [](const feed& a, const feed& b) { return a.url < b.url; });
    std::string text = options.format == "yaml" ? to_feeds_yaml(feeds) : to_opml(feeds, "feedwatch subscriptions");
    text.pop_back();
    line_writer out(STDOUT_FILENO);
    (void)out.write(text);
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
