// What `credentials` of a feed says, in a feeds file and in topic `feeds` alike: how a secret is sent and where it
// stands. Never the secret.
//
//   basic:file:/path              user:password
//   bearer:env:NAME               a token
//   cookie:file:/path             the value of Cookie
//   header:X-Api-Key:env:NAME     the value of that header
//   file:/path, env:NAME          user:password, or a token where there is no colon in it
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch::app {

struct credentials_reference {
    enum class kind { basic, bearer, header, either } sent_as = kind::either;  // either: basic or bearer
    std::string header;  // of kind::header, which a cookie is as well
    enum class source { file, variable } from = source::file;
    std::string name;  // the file's path, the variable's name
};

// errc::invalid_config never shows the text: it may be a secret in the wrong place.
[[nodiscard]] result<credentials_reference> parse_credentials(std::string_view text);

// file:/path or env:NAME alone, for what is sent in one way only (certificates, proxies); `from` and `name` are set.
[[nodiscard]] result<credentials_reference> parse_secret_reference(std::string_view text);

}  // namespace feedwatch::app
