#include "core/url/parts.hpp"
#include "core/url/path.hpp"
#include "core/url/plain.hpp"
#include "core/url/resolve.hpp"
#include "core/url/site.hpp"
#include "core/url/tracking.hpp"
#include "core/url/url.hpp"
#include "core/url/wrapped.hpp"

#include "core/ascii.hpp"

namespace feedwatch {
namespace url {
namespace {

// Taking wrappings off is linear in the length for each, and a hostile URL may have many: longer ones keep theirs.
constexpr std::size_t wrapped_bytes_max = 8U << 10U;

void set_or_reset(std::optional<std::string>& field, std::string value) {
    field = value.empty() ? std::nullopt : std::optional(std::move(value));
}

// But for wrappings. Idempotent.
parts cleaned(parts p, const site& of) {
    p.scheme = "https";  // both schemes serve one article; a site that differs by scheme is not known
    p.userinfo.clear();
    p.host = of.host;
    if (p.port == "80" || p.port == "443") p.port.clear();
    p.path = canonical_path(p.path);
    if (p.query) set_or_reset(p.query, canonical_query(*p.query, p.path, of.rules));
    if (p.fragment) set_or_reset(p.fragment, canonical_fragment(*p.fragment, p.path, of.rules));
    return p;
}

// Ends where neither step has anything left to do, which makes the whole idempotent; each wrapping that goes leaves a
// shorter URL.
std::string canonical(parts p) {
    while (true) {
        const site of = site_of(p.host);
        const bool may_wrap = of.wraps && p.str().size() <= wrapped_bytes_max;
        if (may_wrap) {
            p.path = remove_dot_segments(p.path);
            if (auto inner = wrapped_in(p, of)) {
                p = *std::move(inner);
                continue;
            }
        }
        parts clean = cleaned(p, of);
        std::string out = clean.str();
        if (!of.wraps || out == p.str()) return out;
        p = std::move(clean);
    }
}

// The same as canonical(parts), without taking the URL apart.
std::string canonical(const plain& p, const site& of) {
    std::string shortened;
    std::string_view path = p.path;
    if (may_shorten(path)) path = shortened = canonical_path(path);
    std::string out;
    out.reserve(8 + of.host.size() + path.size() + (p.query ? p.query->size() + 1 : 0));
    ((out += "https://") += of.host) += path;
    if (p.query)
        if (const std::string query = canonical_query(*p.query, path, of.rules); !query.empty()) (out += '?') += query;
    if (p.fragment)
        if (const std::string fragment = canonical_fragment(*p.fragment, path, of.rules); !fragment.empty())
            (out += '#') += fragment;
    return out;
}

}  // namespace
}  // namespace url

std::string_view canonical_url_version() {
    return url::rules().version();
}

std::string canonical_url(std::string_view text) {
    if (const auto simple = url::as_plain(text)) {
        const url::site& of = url::site_of(simple->host);
        if (!of.wraps) return url::canonical(*simple, of);
    }
    text = ascii_trimmed(text);
    auto p = url::split(text);
    if (!p || !p->is_http()) return std::string(text);
    return url::canonical(*std::move(p));
}

}  // namespace feedwatch
