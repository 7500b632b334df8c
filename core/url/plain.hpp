// URLs as most are written: "http(s)://host/...", with nothing that split() and str() would change. Telling them saves
// taking them apart. Private to core/url.
#pragma once

#include <optional>
#include <string_view>

namespace feedwatch::url {

// Views of the text: scheme + "://" + host + path + ["?" query] + ["#" fragment], each valid by RFC 3986.
struct plain {
    std::string_view scheme;  // "http" or "https"
    std::string_view host;    // lower-case ASCII letters, digits, ".", "-", "_"; no port
    std::string_view path;    // begins with "/"; no dot segments, no escapes
    std::optional<std::string_view> query;
    std::optional<std::string_view> fragment;  // not empty
};
[[nodiscard]] std::optional<plain> as_plain(std::string_view text) noexcept;

// "/path?query#fragment" of such a URL.
[[nodiscard]] bool is_plain_tail(std::string_view text) noexcept;

}  // namespace feedwatch::url
