// URLs as libcurl itself reads them (its own parser, so that what is checked is what is connected to). Private to
// io/http.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch::http {

struct target {
    std::string url;       // without user and password
    std::string scheme;    // "http" or "https"
    std::string host;      // lower case, in Punycode; numeric spellings of IPv4 are normalised
    std::string origin;    // scheme, host and port: what credentials belong to
    std::string userinfo;  // "user:password" as it stood in the URL, decoded
};

// errc::url for something that is no URL or has another scheme. Details never hold user, password or query.
[[nodiscard]] result<target> read_target(std::string_view url);
[[nodiscard]] result<target> resolve_target(const target& base, std::string_view location);

}  // namespace feedwatch::http
