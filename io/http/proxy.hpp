// Which proxies there are, and what can be known of a host that a proxy will look up.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "io/http/client.hpp"

namespace feedwatch::http {

struct proxy_server {
    std::string url;   // "http://", "https://" or "socks5h://" with host and port; empty: none
    std::string auth;  // "user:password" as it stood in the URL, decoded
};

// "host:port" is an http proxy. socks4 and socks5 are refused: they would look the host up here, where the answer is
// not checked, or not at all. errc::invalid_config; the detail never holds user or password.
[[nodiscard]] result<proxy_server> read_proxy(std::string_view text);

// Whether a proxy may be asked for this host (lower case, as io/http/target.hpp has it). An address in any spelling is
// checked like one that is connected to. A name is the proxy's to look up; refused are those that never are public:
// without a dot, localhost, .local, .internal (clouds' metadata), .home.arpa. errc::address_refused.
[[nodiscard]] result<> check_host_behind_proxy(std::string_view host, const address_guard& guard);

}  // namespace feedwatch::http
