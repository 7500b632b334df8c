#include <algorithm>

#include "core/ascii.hpp"
#include "core/url/parts.hpp"
#include "core/url/url.hpp"

namespace feedwatch::url {
namespace {

constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
// Trimmed of blanks and control characters, without the tabs and line breaks that wrapping put inside.
std::string cleaned(std::string_view text) {
    text = ascii_trimmed(text);
    std::string out;
    out.reserve(text.size());
    for (const char c : text)
        if (c != '\t' && c != '\n' && c != '\r') out += c;
    return out;
}

// Length of "scheme" in "scheme:..."; 0 where there is none.
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !is_alpha(text[0])) return 0;
    std::size_t i = 1;
    while (i < text.size() &&
           (is_alpha(text[i]) || is_digit(text[i]) || text[i] == '+' || text[i] == '-' || text[i] == '.'))
        ++i;
    return i < text.size() && text[i] == ':' ? i : 0;
}

// "8080" of ":8080", "" of ":"; nullopt for what is no port.
std::optional<std::string> port_of(std::string_view digits) {
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    if (digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    if (!digits.empty() && std::stoul(std::string(digits)) > 65535) return std::nullopt;
    return std::string(digits);
}

bool split_authority(std::string_view authority, parts& out) {
    out.has_authority = true;
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        out.userinfo = normalise_escapes(authority.substr(0, at), component::userinfo);
        authority.remove_prefix(at + 1);
    }
    std::string_view host = authority;
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        host = authority.substr(0, colon);
        auto port = port_of(authority.substr(colon + 1));
        if (!port) return false;
        out.port = *std::move(port);
    }
    auto ascii = host_to_ascii(host);
    if (!ascii) return false;
    out.host = *std::move(ascii);
    return true;
}

void split_tail(std::string_view rest, parts& out) {
    if (const std::size_t hash = rest.find('#'); hash != std::string_view::npos) {
        out.fragment = normalise_escapes(rest.substr(hash + 1), component::fragment);
        rest = rest.substr(0, hash);
    }
    if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
        out.query = normalise_escapes(rest.substr(mark + 1), component::query);
        rest = rest.substr(0, mark);
    }
    out.path = normalise_escapes(rest, component::path);
}

}  // namespace

std::optional<parts> split(std::string_view text) {
    if (text.size() > url_bytes_max) return std::nullopt;
    std::string held = cleaned(text);
    parts out;
    const std::size_t scheme = scheme_length(held);
    out.scheme = ascii_lower(std::string_view(held).substr(0, scheme));
    std::size_t at = scheme == 0 ? 0 : scheme + 1;
    const bool web = out.scheme.empty() || out.is_http();
    const std::size_t tail = std::min(held.find_first_of("?#", at), held.size());
    if (web)
        std::replace(held.begin() + static_cast<std::ptrdiff_t>(at), held.begin() + static_cast<std::ptrdiff_t>(tail),
                     '\\', '/');
    std::string_view rest = std::string_view(held).substr(at);
    std::size_t slashes = std::min(rest.find_first_not_of('/'), rest.size());
    // "http:/host", "http:///host" and "http:host" are meant as "http://host".
    const bool authority = out.is_http() || slashes >= 2;
    if (authority) {
        if (!out.is_http()) slashes = 2;
        rest.remove_prefix(slashes);
        const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
        if (!split_authority(rest.substr(0, end), out)) return std::nullopt;
        rest.remove_prefix(end);
    }
    split_tail(rest, out);
    if (out.is_http() && out.path.empty()) out.path = "/";
    return out;
}

std::string parts::str() const {
    std::string out;
    if (!scheme.empty()) out += scheme + ':';
    if (has_authority) {
        out += "//";
        if (!userinfo.empty()) out += userinfo + '@';
        out += host;
        if (!port.empty()) out += ':' + port;
    }
    out += path;
    if (query) out += '?' + *query;
    if (fragment) out += '#' + *fragment;
    return out;
}

}  // namespace feedwatch::url
