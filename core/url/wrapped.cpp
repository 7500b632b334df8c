#include "core/url/wrapped.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"
#include "core/record/base64.hpp"
#include "core/url/tracking.hpp"
#include "core/url/url.hpp"

namespace feedwatch::url {
namespace {

using text_or_none = std::optional<std::string>;

bool is_web_address(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

// A value that is a URL; some are escaped twice.
text_or_none address_of(std::string_view escaped) {
    std::string text = percent_decoded(escaped);
    if (const std::string begin = ascii_lower(std::string_view(text).substr(0, 8));
        begin.starts_with("http%3a") || begin.starts_with("https%3a"))
        text = percent_decoded(text);
    return is_web_address(text) ? text_or_none(std::move(text)) : std::nullopt;
}

text_or_none base64url(std::string_view text) {
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    while (!standard.empty() && standard.back() == '=') standard.pop_back();
    standard.append((4 - standard.size() % 4) % 4, '=');
    std::string bytes;
    return record::read_base64(standard, bytes) ? text_or_none(std::move(bytes)) : std::nullopt;
}

text_or_none parameter(const parts& p, std::string_view wanted) {
    text_or_none out;
    for_each_parameter(p.query ? std::string_view(*p.query) : std::string_view{},
                       [&](std::string_view name, std::string_view value, std::string_view) {
                           if (name == wanted) out = std::string(value);
                           return !out;
                       });
    return out;
}

// What follows `begin` of the path, with the query.
text_or_none rest_of(const parts& p, std::string_view begin) {
    if (!p.path.starts_with(begin)) return std::nullopt;
    std::string out = p.path.substr(begin.size());
    if (p.query) (out += '?') += *p.query;
    return out;
}

// "s/HOST/PATH" is https, "HOST/PATH" http.
text_or_none cached_page(text_or_none rest) {
    if (!rest) return std::nullopt;
    std::string_view text = *rest;
    const bool secure = text.starts_with("s/");
    if (secure) text.remove_prefix(2);
    if (text.find('.') >= text.find('/')) return std::nullopt;  // no host
    return (secure ? "https://" : "http://") + std::string(text);
}

text_or_none amp_viewer(const parts& p) {
    return cached_page(rest_of(p, "/amp/"));
}

text_or_none amp_cache(const parts& p) {
    for (const std::string_view begin : {"/c/", "/v/", "/wp/"}) {
        if (p.path.starts_with(begin)) return cached_page(rest_of(p, begin));
    }
    return std::nullopt;
}

// news.google.com/articles/CBMi...: a message of protocol buffers in base64. Until 2024 its field 4 was the article's
// URL; what it holds now only Google can read.
text_or_none google_news(const parts& p) {
    const std::size_t at = p.path.find("/articles/");
    if (at == std::string::npos) return std::nullopt;
    const auto message = base64url(std::string_view(p.path).substr(at + 10));
    constexpr std::string_view begin = "\x08\x13\x22";  // field 1 is 19; field 4, of bytes
    if (!message || !message->starts_with(begin)) return std::nullopt;
    std::size_t length = 0;
    std::size_t from = begin.size();
    for (unsigned shift = 0; from < message->size() && shift < 21; shift += 7) {
        const auto byte = static_cast<unsigned char>((*message)[from++]);
        length |= (byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    if (length == 0 || length > message->size() - from) return std::nullopt;
    std::string url = message->substr(from, length);
    return is_web_address(url) ? text_or_none(std::move(url)) : std::nullopt;
}

// bing.com/ck/a?u=a1aHR0cHM6Ly9...
text_or_none bing(const parts& p) {
    const auto value = p.path == "/ck/a" ? parameter(p, "u") : std::nullopt;
    if (!value || !value->starts_with("a1")) return std::nullopt;
    auto url = base64url(std::string_view(*value).substr(2));
    return url && is_web_address(*url) ? url : std::nullopt;
}

// rss.feedsportal.com/c/1/f/2/s/3/l/0L0Sexample0N0Cstory/story01.htm
text_or_none feedsportal(const parts& p) {
    constexpr std::string_view codes = "ABCDEFGHIJKLMNOPQRSTUVWXZ";
    constexpr std::array<std::string_view, codes.size()> texts{
        "0",    ".",      "/", "?", "-", "=",    "&", ",", "_", "%", "+", "http://", "https://",
        ".com", ".co.uk", ";", "|", ":", "www.", "#", "$", "~", "!", "(", "Z"};
    const std::size_t at = p.path.find("/l/");
    if (at == std::string::npos) return std::nullopt;
    std::string_view coded = std::string_view(p.path).substr(at + 3);
    coded = coded.substr(0, coded.find('/'));
    std::string out;
    for (std::size_t i = 0; i < coded.size(); ++i) {
        const std::size_t code = coded[i] == '0' && i + 1 < coded.size() ? codes.find(coded[i + 1]) : std::string::npos;
        if (code == std::string::npos) {
            out += coded[i];
        } else {
            out += texts[code];
            ++i;
        }
    }
    return is_web_address(out) ? text_or_none(std::move(out)) : std::nullopt;
}

// urldefense.proofpoint.com/v2/url?u=https-3A__example.com_story, urldefense.com/v3/__https://example.com/story__;!!x$
text_or_none proofpoint(const parts& p) {
    if (p.path == "/v2/url") {
        auto value = parameter(p, "u");
        if (!value) return std::nullopt;
        std::replace(value->begin(), value->end(), '-', '%');
        std::replace(value->begin(), value->end(), '_', '/');
        return address_of(*value);
    }
    auto rest = rest_of(p, "/v3/__");
    if (!rest) return std::nullopt;
    const std::size_t end = rest->find("__;");
    if (end == std::string::npos) return std::nullopt;
    rest->resize(end);
    if (rest->find('*') != std::string::npos) return std::nullopt;  // stands for characters that it keeps elsewhere
    if (const std::size_t colon = rest->find(":/"); colon != std::string::npos && rest->compare(colon, 3, "://") != 0)
        rest->insert(colon + 1, "/");  // some mail programs fold the slashes
    return is_web_address(*rest) ? rest : std::nullopt;
}

// r.search.yahoo.com/_ylt=x/RU=https%3a%2f%2fexample.com%2fstory/RK=2/RS=y
text_or_none yahoo(const parts& p) {
    const std::size_t at = p.path.find("/RU=");
    if (at == std::string::npos) return std::nullopt;
    const std::string_view value = std::string_view(p.path).substr(at + 4);
    return address_of(value.substr(0, value.find('/')));
}

// go.theregister.com/feed/www.theregister.com/2026/11/27/story/
text_or_none the_register(const parts& p) {
    const auto rest = rest_of(p, "/feed/");
    return rest && rest->find('.') < rest->find('/') ? text_or_none("https://" + *rest) : std::nullopt;
}

text_or_none video(const parts& p, std::string_view begin) {
    if (!p.path.starts_with(begin)) return std::nullopt;
    const std::string_view id = std::string_view(p.path).substr(begin.size());
    constexpr std::size_t id_bytes = 11;
    constexpr std::array<std::string_view, 2> lists{"videoseries", "live_stream"};  // what they are is in the query
    const std::string_view one = id.substr(0, id.find('/'));
    if (one.size() != id_bytes || std::find(lists.begin(), lists.end(), one) != lists.end()) return std::nullopt;
    return "https://youtube.com/watch?v=" + std::string(one);
}
text_or_none short_video(const parts& p) {
    return video(p, "/");
}
text_or_none embedded_video(const parts& p) {
    for (const std::string_view begin : {"/shorts/", "/embed/", "/live/", "/v/"}) {
        if (auto out = video(p, begin)) return out;
    }
    return std::nullopt;
}

// href.li/?https://example.com/story
text_or_none whole_query(const parts& p) {
    return p.query ? address_of(*p.query) : std::nullopt;
}

struct wrapper {
    std::string_view site;       // and what is below it; "google.*" is under any public suffix
    std::string_view path;       // empty: `read` looks at it
    std::string_view parameter;  // that holds the URL
    text_or_none (*read)(const parts&) = nullptr;
    bool last = false;  // what it leads to wraps nothing, and may be longer
};

constexpr std::array wrappers{
    wrapper{"google.*", "/url", "q"},
    wrapper{"google.*", "/url", "url"},
    wrapper{"google.*", "/news/url", "url"},
    wrapper{"google.*", "", "", amp_viewer},
    wrapper{"news.google.com", "", "", google_news},
    wrapper{"ampproject.org", "", "", amp_cache},
    wrapper{"bing-amp.com", "", "", amp_cache},
    wrapper{"bing.com", "/news/apiclick.aspx", "url"},
    wrapper{"bing.com", "", "", bing},
    wrapper{"r.search.yahoo.com", "", "", yahoo},
    wrapper{"duckduckgo.com", "/l", "uddg"},
    wrapper{"feedsportal.com", "", "", feedsportal},
    wrapper{"go.theregister.com", "", "", the_register},
    wrapper{"facebook.com", "/l.php", "u"},
    wrapper{"l.messenger.com", "/l.php", "u"},
    wrapper{"l.instagram.com", "/", "u"},
    wrapper{"l.threads.net", "/", "u"},
    wrapper{"l.threads.com", "/", "u"},
    wrapper{"out.reddit.com", "/", "url"},
    wrapper{"t.umblr.com", "/redirect", "z"},
    wrapper{"vk.com", "/away.php", "to"},
    wrapper{"linkedin.com", "/redir/redirect", "url"},
    wrapper{"linkedin.com", "/safety/go", "url"},
    wrapper{"youtube.com", "/redirect", "q"},
    wrapper{"youtube.com", "", "", embedded_video},
    wrapper{"youtu.be", "", "", short_video, true},
    wrapper{"steamcommunity.com", "/linkfilter", "url"},
    wrapper{"steamcommunity.com", "/linkfilter", "u"},
    wrapper{"flipboard.com", "/redirect", "url"},
    wrapper{"getpocket.com", "/redirect", "url"},
    wrapper{"slack-redir.net", "/link", "url"},
    wrapper{"safelinks.protection.outlook.com", "/", "url"},
    wrapper{"urldefense.com", "", "", proofpoint},
    wrapper{"urldefense.proofpoint.com", "", "", proofpoint},
    wrapper{"urldefense.proofpoint.com", "/v1/url", "u"},
    wrapper{"exit.sc", "/", "url"},
    wrapper{"gate.sc", "/", "url"},
    wrapper{"href.li", "/", "", whole_query},
    wrapper{"anonym.to", "/", "", whole_query},
    wrapper{"redirect.viglink.com", "/", "u"},
    wrapper{"go.skimresources.com", "/", "url"},
    wrapper{"click.linksynergy.com", "/deeplink", "murl"},
};

bool is_of(const wrapper& w, const site& of) {
    if (w.site.ends_with(".*")) {
        return of.name == w.site.substr(0, w.site.size() - 2);
    }
    const std::string_view host = of.host;
    return host.ends_with(w.site) && (host.size() == w.site.size() || host[host.size() - w.site.size() - 1] == '.');
}

bool has_path(const parts& p, std::string_view path) {
    return path.empty() || p.path == path ||
           (p.path.size() == path.size() + 1 && p.path.ends_with('/') && p.path.starts_with(path));
}

}  // namespace

bool wraps(const site& of) {
    return std::any_of(wrappers.begin(), wrappers.end(), [&](const wrapper& w) { return is_of(w, of); });
}

std::optional<parts> wrapped_in(const parts& p, const site& of) {
    for (const wrapper& w : wrappers) {
        if (!is_of(w, of) || !has_path(p, w.path)) continue;
        text_or_none text;
        if (w.read != nullptr) {
            text = w.read(p);
        } else if (const auto value = parameter(p, w.parameter)) {
            text = address_of(*value);
        }
        if (!text) continue;
        auto inner = split(*text);
        // A host without a dot is in nobody's public feed; what is not shorter could go on for ever.
        if (inner && inner->is_http() && inner->host.find('.') != std::string::npos &&
            (w.last || inner->str().size() < p.str().size()))
            return inner;
    }
    return std::nullopt;
}

}  // namespace feedwatch::url
