#include "producers/poll/full_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/page.hpp"
#include "producers/extract/page_head.hpp"
#include "producers/parse/encoding.hpp"

namespace feedwatch::polling {
namespace {

constexpr std::size_t warnings_max = 20;
constexpr std::size_t tail_bytes = 80;
constexpr std::size_t failure_bytes_max = 200;
constexpr std::size_t text_bytes_max = 256U << 10U;  // as of a feed's own fields

constexpr std::array<std::string_view, 8> cut_ends{"...",   "\u2026",     "[...]",   "[\u2026]",
                                                   "(...)", "[&hellip;]", "\u2026]", "...]"};
constexpr std::array<std::string_view, 8> cut_words{"read more", "continue reading", "weiterlesen", "lire la suite",
                                                    "leer más",  "leggi tutto",      "lees meer",   "read the full"};

bool ends_cut(std::string_view text) {
    text = ascii_trimmed(text);
    if (std::any_of(cut_ends.begin(), cut_ends.end(), [&](std::string_view e) { return text.ends_with(e); }))
        return true;
    const std::string tail = ascii_lower(text.substr(text.size() - std::min(text.size(), tail_bytes)));
    return std::any_of(cut_words.begin(), cut_words.end(),
                       [&](std::string_view w) { return tail.find(w) != std::string::npos; });
}

bool is_page(std::string_view content_type) {
    const std::string type = ascii_lower(ascii_trimmed(content_type.substr(0, content_type.find(';'))));
    return type.empty() || type == "text/html" || type == "application/xhtml+xml" || type == "text/plain" ||
           type == "application/xml" || type == "text/xml";
}

bool is_front_page(std::string_view url) {
    const auto scheme = url.find("://");
    const auto path = scheme == std::string_view::npos ? scheme : url.find_first_of("/?#", scheme + 3);
    return path == std::string_view::npos || url.substr(path) == "/";
}

}  // namespace

bool is_truncated(const item& i) {
    return i.content_html.empty() || i.text.size() < whole_bytes_min || ends_cut(i.text);
}

wanted_articles articles_wanted(const std::vector<item>& items) {
    wanted_articles out;
    std::set<std::string_view> seen;
    for (auto i = items.rbegin(); i != items.rend(); ++i) {  // a conclusion has the oldest first
        if (i->origin != origin::live || origin_of(i->url).empty() || !is_truncated(*i)) continue;
        if (!seen.insert(i->url).second) continue;
        if (out.urls.size() < articles_max) {
            out.urls.push_back(i->url);
        } else {
            out.left_out.push_back(i->url);
        }
    }
    return out;
}

articles_by_url not_read(const std::vector<std::string>& urls, const std::string& why) {
    articles_by_url out;
    for (const std::string& url : urls) out[url].failure = why;
    return out;
}

void put_articles(conclusion& c, const articles_by_url& read) {
    std::map<std::string_view, std::size_t> shared;
    for (const auto& [url, a] : read) ++shared[a.canonical];
    std::map<std::string, std::size_t> failures;
    const auto fail = [&](item& i, const std::string& why) {
        ++failures[why];
        i.warnings.push_back("the article was not read: " + why);
    };
    for (item& i : c.items) {
        const auto found = read.find(i.url);
        if (found == read.end()) continue;
        const article& a = found->second;
        if (!a.failure.empty()) {
            fail(i, a.failure);
        } else if (a.text.size() < i.text.size()) {
            fail(i, "its page has less text than the feed");
        } else {
            i.text = truncate_utf8(a.text, text_bytes_max);
        }
        if (a.canonical.empty() || shared[a.canonical] > 1 || is_front_page(a.canonical)) continue;
        i.canonical_url = a.canonical;
        if (a.origin.empty()) continue;
        i.origin_url = a.origin;
        i.origin_publisher = registrable_domain(a.origin);
    }
    for (const auto& [why, times] : failures) {
        if (c.next.warnings.size() >= warnings_max) break;
        c.next.warnings.push_back(std::to_string(times) + (times == 1 ? " article was" : " articles were") +
                                  " not read: " + why);
    }
}

article read_article(const http::response& r) {
    article out;
    if (r.status != 200 && r.status != 203) {
        out.failure = "status " + std::to_string(r.status);
        return out;
    }
    const std::string* type = r.header("content-type");
    if (type != nullptr && !is_page(*type)) {
        out.failure = "it is no page but " + std::string(truncate_utf8(to_valid_utf8(*type), failure_bytes_max));
        return out;
    }
    const std::string page = decode_page(r.body, type == nullptr ? "" : *type);
    auto text = extract_page(page, redacted_url(r.url));
    if (!text) {
        out.failure = "there is no article in its page";
        return out;
    }
    out.text = *std::move(text);
    if (const std::string said = page_canonical(page, r.url); !said.empty()) {
        out.canonical = canonical_url(said);
        if (registrable_domain(out.canonical) != registrable_domain(canonical_url(r.url))) out.origin = out.canonical;
    }
    return out;
}

}  // namespace feedwatch::polling
