// A URL taken apart leniently, as feeds write them. Private to core/url.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace feedwatch::url {

struct parts {
    std::string scheme;  // lower case; empty: none
    bool has_authority = false;
    std::string userinfo;
    std::string host;  // lower case ASCII (punycode), IPv6 in brackets
    std::string port;  // digits without leading zeros
    std::string path;
    std::optional<std::string> query;
    std::optional<std::string> fragment;

    // Every component is valid by RFC 3986 after split(), so this is, too.
    [[nodiscard]] std::string str() const;
    [[nodiscard]] bool is_http() const noexcept { return scheme == "http" || scheme == "https"; }
};

// Surrounding blanks and inner tabs and line breaks go, backslashes are slashes, what may not stand raw is escaped,
// stray percent signs too. nullopt where the host or the port cannot be one.
[[nodiscard]] std::optional<parts> split(std::string_view text);

// A host as it is compared: IDNA to ASCII (UTS #46), lower case, no final dot. nullopt for what can be no host.
[[nodiscard]] std::optional<std::string> host_to_ascii(std::string_view host);

// Which bytes may stand raw.
enum class component { path, query, fragment, userinfo };
// Raw bytes that may not stand there are escaped, escapes of unreserved characters undone, hexadecimal digits made
// upper case. Idempotent.
[[nodiscard]] std::string normalise_escapes(std::string_view text, component where);

}  // namespace feedwatch::url
