// URLs on Boost.URL: resolving, and the canonical form that two links to one article share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch {

// What is longer is no URL: nobody's server takes it, and a hostile document could make much work of it.
inline constexpr std::size_t url_bytes_max = 64U << 10U;

// Absolute form of `reference` against `base` (RFC 3986 with WHATWG's leniency for what feeds write: spaces,
// backslashes, unescaped non-ASCII). nullopt where nothing usable results, the scheme is not http or https, or it is
// too long.
[[nodiscard]] std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

// Told fast: whether resolve_url() would give the text back as it is. False says nothing.
[[nodiscard]] bool is_resolved_url(std::string_view text) noexcept;

// Canonical form, that links to one article share and links to two never: https, lower-case host without default port,
// under the site's main name; no tracking parameters in query or fragment (tracking.rules); AMP, mobile and print
// variants folded; percent-encoding normalised; dot segments, doubled and trailing slashes and index files removed;
// taken out of redirectors and caches that carry it. Idempotent. Something that is not an http(s) URL comes back
// trimmed and otherwise unchanged.
[[nodiscard]] std::string canonical_url(std::string_view url);

// Of the rules that canonical_url() follows: with another, some URLs have another canonical form.
[[nodiscard]] std::string_view canonical_url_version();

// "example.co.uk" of "https://www.news.example.co.uk/x"; the host itself where there is none (addresses); "" for no
// URL.
[[nodiscard]] std::string registrable_domain(std::string_view url);

// "https://host[:port]", lower case, default port dropped; "" for no URL.
[[nodiscard]] std::string origin_of(std::string_view url);

// "https://user:password@host/" does, in whatever spelling a URL is resolved from; "" and other schemes' URLs do not.
[[nodiscard]] bool carries_credentials(std::string_view url);

// Escapes undone; a percent sign that begins none stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// The URL without user:password and with the values of the query replaced: for logs and errors.
[[nodiscard]] std::string redacted_url(std::string_view url);

}  // namespace feedwatch
