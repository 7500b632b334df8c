#include <algorithm>
#include <array>
#include <vector>

#include "core/ascii.hpp"
#include "core/url/domain.hpp"
#include "core/url/parts.hpp"
#include "core/url/plain.hpp"
#include "core/url/resolve.hpp"
#include "core/url/tracking.hpp"
#include "core/url/url.hpp"

namespace feedwatch {
namespace url {
namespace {

bool is_variant_label(std::string_view label) {
    constexpr std::array<std::string_view, 5> labels{"www", "m", "mobile", "amp", "wap"};
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// "www.", "m.", "mobile.", "amp." before the registrable domain say how a page is shown, not which one it is. Labels in
// between go, too ("en.m.wikipedia.org"); the domain itself never does ("m.co.uk").
std::string without_variant_labels(const std::string& host) {
    const std::string domain = registrable_domain_of_host(host);
    if (domain.size() >= host.size()) return host;
    std::string_view rest = std::string_view(host).substr(0, host.size() - domain.size());  // with the final dot
    std::string out;
    while (!rest.empty()) {
        const std::size_t dot = rest.find('.');
        const std::string_view label = rest.substr(0, dot);
        if (!is_variant_label(label)) (out += label) += '.';
        rest.remove_prefix(std::min(dot == std::string_view::npos ? rest.size() : dot + 1, rest.size()));
    }
    return out + domain;
}

bool is_index_file(std::string_view segment) {
    constexpr std::array<std::string_view, 9> names{"index.html",  "index.htm",    "index.php",
                                                    "index.shtml", "index.asp",    "index.aspx",
                                                    "index.jsp",   "default.aspx", "default.asp"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return equal_ignoring_case(segment, n); });
}

// "story.amp.html" is "story.html"; "story.amp" is "story".
std::string without_amp_suffix(std::string_view segment) {
    if (segment.size() > 9 && segment.ends_with(".amp.html"))
        return std::string(segment.substr(0, segment.size() - 9)) + ".html";
    if (segment.size() > 4 && segment.ends_with(".amp")) segment.remove_suffix(4);
    return std::string(segment);
}

// Without ";jsessionid=..." and its like.
std::string_view without_session(std::string_view segment) {
    for (std::size_t at = segment.find(';'); at != std::string_view::npos; at = segment.find(';', at + 1)) {
        const std::string_view name = segment.substr(at + 1, 10);
        if (equal_ignoring_case(name, "jsessionid") || equal_ignoring_case(name.substr(0, 9), "phpsessid"))
            return segment.substr(0, at);
    }
    return segment;
}

// One round; canonical_path repeats it until nothing changes, so that the whole is idempotent.
std::string shortened_path(std::string_view path) {
    std::vector<std::string> segments;
    std::string_view rest = path.substr(path.empty() ? 0 : 1);
    while (true) {
        const std::size_t slash = rest.find('/');
        segments.push_back(without_amp_suffix(without_session(rest.substr(0, slash))));
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    if (is_index_file(segments.back())) segments.back().clear();
    while (segments.size() > 1 && segments.back().empty()) segments.pop_back();
    if (segments.size() > 1) {  // "/amp" alone is a page of its own
        const bool others = std::any_of(segments.begin(), segments.end(),
                                        [](const std::string& s) { return s != "amp" && !s.empty(); });
        if (others) std::erase(segments, "amp");
    }
    std::string out;
    for (const std::string& segment : segments) (out += '/') += segment;
    return out;
}

// Whether there may be something to shorten in a path without dot segments: most have nothing.
bool may_shorten(std::string_view path) {
    const std::string_view last = path.substr(path.rfind('/') + 1);
    if (last.empty() || is_index_file(last) || path.find(';') != std::string_view::npos) return path.size() > 1;
    return path.find(".amp") != std::string_view::npos || path.find("/amp") != std::string_view::npos;
}

std::string canonical_path(std::string_view path) {
    std::string now = remove_dot_segments(path.empty() ? "/" : path);
    while (true) {
        std::string next = remove_dot_segments(shortened_path(now));
        if (next == now) return now;
        now = std::move(next);
    }
}

// "" where nothing is left.
std::string canonical_query(std::string_view rest) {
    std::string out;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (pair.starts_with("amp;")) pair.remove_prefix(4);  // escaped twice by the publisher: "&amp;utm_source"
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view name = pair.substr(0, equals);
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        if (pair.empty() || is_tracking_parameter(name, value) || is_variant_parameter(name, value)) continue;
        if (!out.empty()) out += '&';
        out += pair;
    }
    return out;
}

// Pages kept by an AMP cache name their original: google.com/amp/s/HOST/PATH, X.cdn.ampproject.org/c/s/HOST/PATH.
std::optional<parts> behind_amp_cache(const parts& p) {
    std::string_view rest = p.path;
    const std::string domain = registrable_domain_of_host(p.host);
    const auto skip = [&](std::string_view prefix) {
        if (!rest.starts_with(prefix)) return false;
        rest.remove_prefix(prefix.size());
        return true;
    };
    if (domain.starts_with("google.")) {
        if (!skip("/amp/")) return std::nullopt;
    } else if (p.host.ends_with("ampproject.org")) {
        if (!skip("/c/") && !skip("/v/") && !skip("/wp/")) return std::nullopt;
    } else {
        return std::nullopt;
    }
    const bool secure = skip("s/");
    if (rest.find('.') >= rest.find('/')) return std::nullopt;  // no host
    std::string original = (secure ? "https://" : "http://") + std::string(rest);
    if (p.query) original += '?' + *p.query;
    return split(original);
}

parts canonical(parts p) {
    for (int hops = 0; hops < 4; ++hops) {  // a cached page of a cached page is nobody's link
        p.path = remove_dot_segments(p.path);
        auto original = behind_amp_cache(p);
        if (!original) break;
        p = *std::move(original);
    }
    p.scheme = "https";  // both schemes serve one article; a site that differs by scheme is not known
    p.userinfo.clear();
    p.host = without_variant_labels(p.host);
    if (p.port == "80" || p.port == "443") p.port.clear();
    p.path = canonical_path(p.path);
    if (p.query) {
        std::string query = canonical_query(*p.query);
        p.query = query.empty() ? std::nullopt : std::optional(std::move(query));
    }
    if (p.fragment && is_tracking_fragment(*p.fragment)) p.fragment.reset();
    return p;
}

// The links of a feed are of one host.
const std::string& canonical_host(std::string_view host) {
    thread_local std::string last, canonical;
    if (host != last) {
        canonical = without_variant_labels(std::string(host));
        last = host;
    }
    return canonical;
}

bool may_be_amp_cache(std::string_view host) {
    return host.find("google.") != std::string_view::npos || host.ends_with("ampproject.org");
}

// The same as canonical(parts), without taking the URL apart.
std::string canonical(const plain& p) {
    std::string out;
    out.reserve(8 + p.host.size() + p.path.size() + (p.query ? p.query->size() + 1 : 0));
    out += "https://";
    out += canonical_host(p.host);
    if (may_shorten(p.path)) {
        out += canonical_path(p.path);
    } else {
        out += p.path;
    }
    if (p.query)
        if (const std::string query = canonical_query(*p.query); !query.empty()) (out += '?') += query;
    if (p.fragment && !is_tracking_fragment(*p.fragment)) (out += '#') += *p.fragment;
    return out;
}

}  // namespace
}  // namespace url

std::string canonical_url(std::string_view text) {
    if (const auto simple = url::as_plain(text); simple && !url::may_be_amp_cache(simple->host))
        return url::canonical(*simple);
    text = ascii_trimmed(text);
    auto p = url::split(text);
    if (!p || !p->is_http()) return std::string(text);
    return url::canonical(*std::move(p)).str();
}

}  // namespace feedwatch
