// What libcurl's ways to fail are to us. Private to io/http.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "core/error.hpp"
#include "io/http/client.hpp"

namespace feedwatch::http {

// `said`: the error buffer. libcurl has one code for several reasons, which its words tell apart; these are of 7.88,
// and tests hold them. `looked_up`: the host's name is known.
[[nodiscard]] error failure_of(CURLcode code, std::string_view said, bool looked_up);

}  // namespace feedwatch::http
