#include "core/url/plain.hpp"

#include <array>

#include "core/url/url.hpp"

namespace feedwatch::url {
namespace {

constexpr auto table_of(std::string_view marks) {
    std::array<bool, 256> t{};
    for (unsigned c = 'a'; c <= 'z'; ++c) t[c] = true;
    for (unsigned c = '0'; c <= '9'; ++c) t[c] = true;
    for (const char c : marks) t[static_cast<unsigned char>(c)] = true;
    return t;
}
constexpr auto host_bytes = table_of(".-_");
constexpr auto tail_bytes = table_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&()*+,;=:@/");

std::size_t run_of(const std::array<bool, 256>& bytes, std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && bytes[static_cast<unsigned char>(text[at])]) ++at;
    return at;
}

// Where path, query and fragment end; false where something in them is not plain.
bool split_tail(std::string_view text, std::size_t path_at, plain& out) noexcept {
    if (path_at >= text.size() || text[path_at] != '/') return false;
    std::size_t end = run_of(tail_bytes, text, path_at);
    out.path = text.substr(path_at, end - path_at);
    if (out.path.find("/.") != std::string_view::npos) return false;  // may be a dot segment
    if (end < text.size() && text[end] == '?') {
        const std::size_t from = end + 1;
        end = run_of(tail_bytes, text, from);
        out.query = text.substr(from, end - from);
    }
    if (end < text.size() && text[end] == '#') {
        out.fragment = text.substr(end + 1);
        end = run_of(tail_bytes, text, end + 1);
        if (out.fragment->empty()) return false;
    }
    return end == text.size();
}

}  // namespace

std::optional<plain> as_plain(std::string_view text) noexcept {
    plain out;
    if (!text.starts_with("http") || text.size() > url_bytes_max) return std::nullopt;
    out.scheme = text.substr(0, text.substr(4).starts_with('s') ? 5 : 4);
    if (!text.substr(out.scheme.size()).starts_with("://")) return std::nullopt;
    const std::size_t host_at = out.scheme.size() + 3;
    const std::size_t end = run_of(host_bytes, text, host_at);
    out.host = text.substr(host_at, end - host_at);
    constexpr std::size_t host_bytes_max = 253;
    if (out.host.empty() || out.host.size() > host_bytes_max || out.host.back() == '.') return std::nullopt;
    if (!split_tail(text, end, out)) return std::nullopt;
    return out;
}

bool is_plain_tail(std::string_view text) noexcept {
    plain out;
    return text.size() <= url_bytes_max / 2 && !text.starts_with("//") && split_tail(text, 0, out);
}

}  // namespace feedwatch::url
