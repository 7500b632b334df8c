#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "app/command/feeds.hpp"
#include "app/command/fetcher.hpp"
#include "app/config/credentials.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "io/log/escape.hpp"
#include "producers/discover/discover.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;

// A feed that answered and could be read.
struct found_feed {
    std::string url;
    std::string title;
    std::string format;
    std::vector<std::string> links;  // of its items
    std::size_t items = 0;
};

struct found_feeds {
    std::vector<found_feed> feeds;  // the likeliest first
    bool itself = false;            // what was asked is a feed
    std::string how;                // for people: where they are from
};

std::optional<found_feed> read_feed(const std::string& asked, const http::response& r, const std::string& title) {
    if (r.status != 200) return std::nullopt;
    const std::string* const type = r.header("content-type");
    const auto parsed = parse_feed(r.body, {r.url, type == nullptr ? std::string{} : *type});
    if (!parsed) return std::nullopt;
    // A temporary redirect says nothing of where to ask the next time.
    const bool moved =
        !r.redirects.empty() && std::all_of(r.redirects.begin(), r.redirects.end(),
                                            [](const http::hop& h) { return h.status == 301 || h.status == 308; });
    found_feed out;
    out.url = moved && !carries_credentials(r.url) ? r.url : asked;
    out.title = parsed->feed.title.empty() ? title : parsed->feed.title;
    out.format = feed_format(r.body);
    out.items = parsed->items.size();
    for (const item& i : parsed->items) out.links.push_back(i.url.empty() ? i.title : i.canonical_url);
    std::sort(out.links.begin(), out.links.end());
    return out;
}

std::vector<found_feed> read_all(fetcher& by, const std::vector<feed_link>& candidates) {
    std::vector<std::string> urls;
    for (const feed_link& c : candidates) urls.push_back(c.url);
    const auto answers = by.get(urls, accept_feeds);
    std::vector<found_feed> out;
    std::set<std::string> seen;
    for (std::size_t n = 0; n < answers.size(); ++n) {
        if (!answers[n]) continue;
        auto f = read_feed(urls[n], *answers[n], candidates[n].title);
        if (f && seen.insert(f->url).second) out.push_back(std::move(*f));
    }
    return out;
}

std::vector<feed_link> as_links(const std::vector<std::string>& urls) {
    std::vector<feed_link> out;
    for (const std::string& url : urls) out.push_back({url, "", ""});
    return out;
}

result<found_feeds> discover(fetcher& by, const std::string& url) {
    const auto page = by.get(url, accept_pages);
    found_feeds out;
    if (page) {
        if (auto itself = read_feed(url, *page, "")) {
            out.feeds.push_back(std::move(*itself));
            out.itself = true;
            return out;
        }
    }
    const bool readable = page && page->status == 200;
    if (readable) {
        out.feeds = read_all(by, links_to_feeds(page->body, page->url));
        out.how = "named by the page";
        if (!out.feeds.empty()) return out;
    }
    out.feeds = read_all(by, as_links(feeds_by_rule(url)));
    out.how = "where this site has them";
    if (!out.feeds.empty()) return out;
    if (!page) return error(page.error().code, redacted_url(url) + ": " + page.error().detail);
    if (!readable)
        return error(errc::refused, redacted_url(url) + ": the server answered " + std::to_string(page->status));
    out.feeds = read_all(by, as_links(usual_feed_urls(page->url)));
    out.how = "where feeds usually are";
    if (!out.feeds.empty()) return out;
    return error(errc::not_found, redacted_url(url) + ": no feed, and the page names none that can be read");
}

bool is_of_comments(const found_feed& f) {
    const std::string title = ascii_lower(f.title);
    return f.url.find("/comments/") != std::string::npos || title.starts_with("comments on ") ||
           title.starts_with("comments for ");
}

// The one to take: the only one, or the first where the others hold the same items or are of comments.
const found_feed* obvious(const std::vector<found_feed>& all) {
    const found_feed* taken = nullptr;
    for (const found_feed& f : all) {
        if (is_of_comments(f) && all.size() > 1) continue;
        if (taken == nullptr) {
            taken = &f;
        } else if (f.links != taken->links || f.links.empty()) {
            return nullptr;
        }
    }
    return taken == nullptr ? &all.front() : taken;
}

std::string shown(const found_feed& f) {
    return f.url + "  " + f.format + ", " + std::to_string(f.items) + (f.items == 1 ? " item" : " items") +
           (f.title.empty() ? "" : "  " + f.title);
}

std::string as_json(const found_feed& f) {
    return json::serialize(json::object{{"url", to_valid_utf8(f.url)},
                                        {"title", to_valid_utf8(f.title)},
                                        {"format", to_valid_utf8(f.format)},
                                        {"items", f.items}});
}

error with_hint(const error& why, std::string_view flag) {
    const bool guarded = why.code == make_error_code(http::errc::address_refused);
    return guarded ? error(why.code, why.detail + "; " + std::string(flag)) : why;
}

// What the command line says of the subscription. exit_usage where it is wrong.
result<feed> wanted_feed(const feeds_options& options, const config& c) {
    feed f;
    f.url = options.feeds.front();
    f.id = feed_id(options.id);
    f.title = options.title;
    f.publisher = options.publisher;
    f.language = options.language;
    f.tags = options.tags;
    f.interval = c.feeds.interval;
    f.first_fetch = c.feeds.first_fetch;
    f.credentials = options.credentials;
    if (!options.first_fetch.empty()) {
        const auto policy = parse_first_fetch(options.first_fetch);
        if (!policy) return error(errc::invalid_config, "--first-fetch: " + policy.error().detail);
        f.first_fetch = *policy;
    }
    feed whole = f;
    if (whole.id.empty()) whole.id = feed_id("x");
    if (const auto fine = check_subscription(whole); !fine) return fine.error();
    return f;
}

}  // namespace

int discover_feeds(const feeds_options& options, const config& c) {
    network_config network = c.network;
    network.allow.insert(network.allow.end(), options.allow.begin(), options.allow.end());
    if (const auto guard = http::address_guard::make(options.allow); !guard) {
        complain("feeds", "--allow: " + guard.error().detail);
        return exit_usage;
    }
    if (origin_of(options.feeds.front()).empty()) {
        complain("feeds", "not an http or https URL: " + redacted_url(options.feeds.front()));
        return exit_usage;
    }
    fetcher by(network, c.fetch);
    const auto found = discover(by, options.feeds.front());
    if (!found) return feeds_failure(with_hint(found.error(), "here --allow BLOCK lets it through"));
    line_writer out(STDOUT_FILENO);
    for (const found_feed& f : found->feeds)
        if (!out.write(options.json ? as_json(f) : log::printable(shown(f)))) break;
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : exit_ok;
}

int add_feed(const feeds_options& options, const config& c) {
    auto wanted = wanted_feed(options, c);
    if (!wanted) {
        complain("feeds", wanted.error().detail);
        return exit_usage;
    }
    feed f = std::move(*wanted);
    line_writer out(STDOUT_FILENO);
    const auto known = read_feeds(c, with_polls::no);
    if (!known) return feeds_failure(known.error());
    const auto is_there = [&known](const std::string& url) {
        return std::any_of(known->begin(), known->end(), [&](const auto& k) { return k.second.what.url == url; });
    };
    std::string how;
    if (!options.unseen && !is_there(f.url)) {
        if (!f.credentials.empty()) {
            complain("feeds", "a feed with credentials is not asked here: give --unseen, and the poller asks it");
            return exit_usage;
        }
        fetcher by(c.network, c.fetch);
        const auto found = discover(by, f.url);
        if (!found) {
            const error why = with_hint(found.error(), "the configuration's network.allow lets it through");
            complain("feeds", why.message() + "; --unseen adds it all the same");
            return exit_failed;
        }
        const found_feed* const taken = obvious(found->feeds);
        if (taken == nullptr) {
            complain("feeds", redacted_url(f.url) + " has several feeds; add one of these:");
            for (const found_feed& each : found->feeds) (void)out.write(log::printable(shown(each)));
            (void)out.flush();
            return exit_failed;
        }
        if (!found->itself) how = " (" + found->how + ")";
        f.url = taken->url;
        if (f.title.empty()) f.title = std::string(truncate_utf8(taken->title, 200));
    }
    if (f.id.empty()) f.id = feed_id(hash128_hex(f.url));
    const feed_change change{feed_change::action::add, f};
    if (const auto written = write_changes(c, std::span(&change, 1)); !written) return feeds_failure(written.error());
    (void)out.write("added " + f.id.str() + "  " +
                    log::printable(f.url + how + (f.title.empty() ? "" : "  " + f.title)));
    (void)out.flush();
    return out.failure() ? feeds_failure(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
