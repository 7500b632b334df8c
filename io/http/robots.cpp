#include "io/http/robots.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/ascii.hpp"

namespace feedwatch::http {
namespace {

constexpr std::size_t file_bytes_max = 500U << 10U;
constexpr std::size_t path_bytes_max = 4096;  // what is matched of a URL
constexpr double crawl_delay_max = 86400;     // seconds

struct line {
    std::string_view name, value;
};

line split(std::string_view text) {
    text = text.substr(0, text.find('#'));
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    return {ascii_trimmed(text.substr(0, colon)), ascii_trimmed(text.substr(colon + 1))};
}

std::string_view take_line(std::string_view& file) {
    const auto end = std::min(file.find_first_of("\r\n"), file.size());
    const std::string_view out = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void append_escaped(unsigned char c, std::string& out) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += '%';
    out += digits[c >> 4U];
    out += digits[c & 0xFU];
}

// Escapes that need not be are undone, bytes beyond ASCII and controls escaped, digits in upper case: so that
// "/%7Ejo/ä" and "/~jo/%c3%a4" are one.
std::string normalised(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto c = static_cast<unsigned char>(path[i]);
        const int high = c == '%' && i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(path[i + 2]) : -1;
        if (low >= 0) {
            const auto escaped = static_cast<unsigned char>(high * 16 + low);
            if (is_unreserved(escaped)) {
                out += static_cast<char>(escaped);
            } else {
                append_escaped(escaped, out);
            }
            i += 2;
        } else if (c <= 0x20 || c >= 0x7F) {
            append_escaped(c, out);
        } else {
            out += path[i];
        }
    }
    return out;
}

// Each piece between "*" at the first place where it fits: no step back is ever needed.
bool matches(std::string_view pattern, std::string_view path) {
    const bool to_the_end = pattern.ends_with('$');
    if (to_the_end) pattern.remove_suffix(1);
    std::size_t at = 0;
    bool first = true;
    while (true) {
        const auto star = pattern.find('*');
        const std::string_view piece = pattern.substr(0, star);
        const bool last = star == std::string_view::npos;
        if (first) {
            if (!path.starts_with(piece)) return false;
            at = piece.size();
        } else if (last && to_the_end) {
            return path.size() >= at + piece.size() && path.ends_with(piece);
        } else {
            const auto found = path.find(piece, at);
            if (found == std::string_view::npos) return false;
            at = found + piece.size();
        }
        if (last) return !to_the_end || at == path.size();
        pattern.remove_prefix(star + 1);
        first = false;
    }
}

std::string path_of(std::string_view url) {
    const auto scheme = url.find("://");
    const auto begin =
        scheme == std::string_view::npos ? 0 : std::min(url.find_first_of("/?#", scheme + 3), url.size());
    std::string_view path = url.substr(begin);
    path = path.substr(0, path.find('#')).substr(0, path_bytes_max);
    return path.starts_with('/') ? normalised(path) : "/" + normalised(path);
}

}  // namespace

std::string_view product_token(std::string_view user_agent) {
    const auto is_token = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    };
    const auto end = std::find_if_not(user_agent.begin(), user_agent.end(), is_token);
    return user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
}

robots robots::disallow_all() {
    robots out;
    out.rules_.push_back({"/", false});
    return out;
}

robots robots::read(std::string_view file, std::string_view product) {
    file = file.substr(0, file_bytes_max);
    if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);
    robots named, others;
    bool is_named = false, any_named = false, is_others = false;
    bool in_agents = false;  // the lines before were user-agents: another one joins their group
    while (!file.empty()) {
        const line l = split(take_line(file));
        if (equal_ignoring_case(l.name, "user-agent")) {
            if (!in_agents) is_named = is_others = false;
            in_agents = true;
            if (l.value == "*") is_others = true;
            if (equal_ignoring_case(product_token(l.value), product)) is_named = any_named = true;
            continue;
        }
        const bool allow = equal_ignoring_case(l.name, "allow");
        const bool delay = equal_ignoring_case(l.name, "crawl-delay");
        if (!allow && !delay && !equal_ignoring_case(l.name, "disallow")) continue;  // "sitemap" ends no group
        in_agents = false;
        for (robots* to : {is_named ? &named : nullptr, is_others ? &others : nullptr}) {
            if (to == nullptr) continue;
            if (delay) {
                double seconds = -1;
                const auto [end, code] = std::from_chars(l.value.data(), l.value.data() + l.value.size(), seconds);
                if (code == std::errc{} && std::isfinite(seconds) && seconds >= 0 && end != l.value.data())
                    to->crawl_delay_ = std::chrono::duration_cast<duration>(
                        std::chrono::duration<double>(std::min(seconds, crawl_delay_max)));
            } else if (!l.value.empty() && to->rules_.size() < rules_max) {
                to->rules_.push_back({normalised(l.value), allow});
            }
        }
    }
    return any_named ? named : others;
}

bool robots::allows(std::string_view url) const {
    const std::string path = path_of(url);
    if (path == "/robots.txt") return true;
    const rule* best = nullptr;
    for (const rule& r : rules_) {
        const bool better = best == nullptr || r.pattern.size() > best->pattern.size() ||
                            (r.pattern.size() == best->pattern.size() && r.allow);
        if (better && matches(r.pattern, path)) best = &r;
    }
    return best == nullptr || best->allow;
}

}  // namespace feedwatch::http
