#include "producers/discover/discover.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t title_bytes_max = 200;
constexpr std::size_t candidate_bytes_max = 4096;

std::string decoded(std::string_view raw) {
    std::string out;
    decode_entities(raw, entity_rules::attribute, out);
    return out;
}

struct link_attributes {
    std::string rel, type, href, title;
};

link_attributes attributes_of(std::string_view raw) {
    constexpr std::size_t attributes_max = 64;
    link_attributes out;
    html_attribute a;
    for (std::size_t n = 0; n < attributes_max && next_attribute(raw, a); ++n) {
        const std::string name = ascii_lower(a.name);
        if (name == "rel") out.rel = ascii_lower(decoded(a.value));
        if (name == "type") out.type = ascii_lower(decoded(a.value));
        if (name == "href") out.href = decoded(a.value);
        if (name == "title") out.title = std::string(truncate_utf8(one_line(decoded(a.value)), title_bytes_max));
    }
    return out;
}

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(" \t\r\n\f"), list.size());
        if (list.substr(0, end) == word) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool is_feed_type(std::string_view type) {
    constexpr std::array<std::string_view, 9> types{
        "application/rss+xml",   "application/atom+xml",   "application/rdf+xml",
        "application/feed+json", "application/x.atom+xml", "application/x-rss+xml",
        "application/json",      "application/xml",        "text/xml"};
    type = ascii_trimmed(type.substr(0, type.find(';')));
    return std::find(types.begin(), types.end(), type) != types.end();
}

// A URL taken apart as far as rules need it.
struct address {
    std::string origin, host, path, query;
    std::vector<std::string> segments;  // of the path, without empty ones
};

std::optional<address> address_of(std::string_view url) {
    const auto whole = resolve_url({}, url);
    if (!whole) return std::nullopt;
    address out;
    out.origin = origin_of(*whole);
    if (out.origin.empty()) return std::nullopt;
    out.host = out.origin.substr(out.origin.find("://") + 3);
    out.host = out.host.substr(0, out.host.rfind(':') == std::string::npos ? out.host.size() : out.host.rfind(':'));
    if (out.host.starts_with("www.") || out.host.starts_with("m.")) out.host.erase(0, out.host.find('.') + 1);
    const std::string_view text = std::string_view(*whole).substr(0, whole->find('#'));
    const std::size_t start = std::min(text.find('/', text.find("://") + 3), text.size());
    const std::size_t mark = std::min(text.find('?'), text.size());
    if (start < mark) out.path = text.substr(start, mark - start);
    if (mark < text.size()) out.query = text.substr(mark + 1);
    for (std::string_view rest = out.path; !rest.empty();) {
        const std::string_view segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
        if (!segment.empty()) out.segments.emplace_back(segment);
    }
    return out;
}

std::string parameter(const address& a, std::string_view name) {
    for (std::string_view rest = a.query; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return std::string(pair.substr(name.size() + 1));
    }
    return {};
}

bool is_under(const std::string& host, std::string_view domain) {
    return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

std::vector<std::string> of_youtube(const address& a) {
    const std::string base = "https://www.youtube.com/feeds/videos.xml?";
    if (a.segments.size() >= 2 && a.segments[0] == "channel") return {base + "channel_id=" + a.segments[1]};
    if (a.segments.size() >= 2 && a.segments[0] == "user") return {base + "user=" + a.segments[1]};
    if (const std::string list = parameter(a, "list"); !list.empty()) return {base + "playlist_id=" + list};
    return {};
}

std::vector<std::string> of_github(const address& a) {
    if (a.segments.size() == 1) return {a.origin + "/" + a.segments[0] + ".atom"};
    if (a.segments.size() < 2) return {};
    const std::string repository = a.origin + "/" + a.segments[0] + "/" + a.segments[1];
    const std::string what = a.segments.size() > 2 ? a.segments[2] : "";
    if (what == "commits" && a.segments.size() > 3) return {repository + "/commits/" + a.segments[3] + ".atom"};
    if (what == "commits") return {repository + "/commits.atom"};
    if (what == "tags") return {repository + "/tags.atom"};
    return {repository + "/releases.atom", repository + "/commits.atom"};
}

std::vector<std::string> of_medium(const address& a) {
    if (a.host != "medium.com") return {a.origin + "/feed"};
    if (a.segments.empty()) return {};
    if (a.segments[0] == "tag" && a.segments.size() > 1) return {a.origin + "/feed/tag/" + a.segments[1]};
    return {a.origin + "/feed/" + a.segments[0]};
}

std::string without_final_slash(std::string path) {
    while (path.ends_with('/')) path.pop_back();
    return path;
}

std::string lower_start(std::string_view document) {
    std::string start = ascii_lower(document.substr(0, 4096));
    std::erase(start, '\0');  // UTF-16 and UTF-32
    return start;
}

}  // namespace

std::vector<feed_link> links_to_feeds(std::string_view html, std::string_view page_url) {
    std::vector<feed_link> found;
    std::string base(page_url);
    bool based = false;
    html_reader reader(html);
    for (html_token t = reader.next(); t.what != html_token::kind::end; t = reader.next()) {
        if (t.what != html_token::kind::start_tag) continue;
        const bool is_base = t.name == "base";
        if (!is_base && t.name != "link" && t.name != "a") continue;
        const link_attributes link = attributes_of(t.attributes);
        if (link.href.empty()) continue;
        if (is_base) {
            if (auto resolved = resolve_url(page_url, link.href); resolved && !based) base = *std::move(resolved);
            based = true;
            continue;
        }
        const bool named = has_word(link.rel, "feed") || (has_word(link.rel, "alternate") && is_feed_type(link.type));
        if (!named) continue;
        auto url = resolve_url(base, link.href);
        if (!url || url->size() > candidate_bytes_max || carries_credentials(*url)) continue;
        const bool known = std::any_of(found.begin(), found.end(), [&](const feed_link& f) { return f.url == *url; });
        if (known) continue;
        found.push_back({*std::move(url), link.title, link.type});
        if (found.size() >= feed_links_max) break;
    }
    return found;
}

std::vector<std::string> feeds_by_rule(std::string_view page_url) {
    const auto at = address_of(page_url);
    if (!at) return {};
    const address& a = *at;
    const bool deep = !a.segments.empty();
    if (is_under(a.host, "youtube.com")) return of_youtube(a);
    if (is_under(a.host, "reddit.com")) return {a.origin + without_final_slash(a.path) + "/.rss"};
    if (a.host == "github.com") return of_github(a);
    if (a.host == "gitlab.com" && a.segments.size() >= 2)
        return {a.origin + "/" + a.segments[0] + "/" + a.segments[1] + "/-/releases.atom",
                a.origin + "/" + a.segments[0] + "/" + a.segments[1] + ".atom"};
    if (is_under(a.host, "medium.com")) return of_medium(a);
    if (is_under(a.host, "blogspot.com")) return {a.origin + "/feeds/posts/default"};
    if (is_under(a.host, "tumblr.com"))
        return {a.host == "tumblr.com" && deep ? "https://" + a.segments[0] + ".tumblr.com/rss" : a.origin + "/rss"};
    if (is_under(a.host, "substack.com")) return {a.origin + "/feed"};
    if (is_under(a.host, "wordpress.com")) return {a.origin + "/feed/"};
    const bool exchange = a.host == "stackoverflow.com" || is_under(a.host, "stackexchange.com");
    if (exchange && a.segments.size() >= 3 && a.segments[0] == "questions" && a.segments[1] == "tagged")
        return {a.origin + "/feeds/tag/" + a.segments[2]};
    if (exchange) return {a.origin + "/feeds"};
    return {};
}

std::vector<std::string> usual_feed_urls(std::string_view page_url) {
    constexpr std::array<std::string_view, 9> endings{"/feed",     "/rss.xml",   "/atom.xml",
                                                      "/feed.xml", "/index.xml", "/feed.json",
                                                      "/rss",      "/atom",      "/feeds/posts/default"};
    const auto at = address_of(page_url);
    if (!at) return {};
    std::vector<std::string> out;
    std::string below = without_final_slash(at->path);
    // A file's folder; below a page that is none, its own feed comes first.
    if (const auto slash = below.rfind('/'); slash != std::string::npos && below.find('.', slash) != std::string::npos)
        below.resize(slash);
    for (const std::string& folder : {below, std::string()}) {
        for (const std::string_view ending : endings) {
            std::string url = at->origin + folder + std::string(ending);
            if (std::find(out.begin(), out.end(), url) == out.end()) out.push_back(std::move(url));
        }
        if (below.empty()) break;
    }
    return out;
}

std::string feed_format(std::string_view document) {
    const std::string start = lower_start(document);
    const std::size_t first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF\xFF\xFE");
    if (first != std::string::npos && start[first] == '{') return "JSON Feed";
    if (const auto rss = start.find("<rss"); rss != std::string::npos) {
        const std::string_view tag = std::string_view(start).substr(rss, start.find('>', rss) - rss);
        const auto version = tag.find("version=");
        if (version == std::string_view::npos || version + 9 >= tag.size()) return "RSS";
        const std::string_view number = tag.substr(version + 9);
        const std::size_t digits = std::min<std::size_t>(number.find_first_not_of("0123456789."), 5);
        return "RSS " + std::string(number.substr(0, digits));
    }
    if (start.find("rdf:rdf") != std::string::npos) return "RSS 1.0";
    if (start.find("<feed") != std::string::npos || start.find(":feed") != std::string::npos) return "Atom";
    if (start.find("<urlset") != std::string::npos) return "news sitemap";
    if (start.find("<channel") != std::string::npos) return "CDF";
    return "feed";
}

}  // namespace feedwatch
