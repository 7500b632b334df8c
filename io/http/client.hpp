// HTTP client on libcurl's multi interface, driven by an Asio loop: for feeds and for webhooks. It never throws and
// never blocks; every request ends, by an answer or by an error, no later than its total timeout.
//
// The guard: each address that is connected to (after DNS, on every redirect, whatever its spelling) must be public or
// in the allow-list; else the reason is "address_refused". Protocols other than http and https are refused. Environment
// proxies are ignored. Credentials, cookies and client certificates never follow to another origin.
//
// Behind a proxy the guard looks at the proxy's own address, which needs the allow-list if it is private, and at what
// the URL itself says of its host (proxy.hpp): the name is looked up by the proxy, out of our sight.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace boost::asio {
class io_context;
}

namespace feedwatch::http {

// Why a request has no answer; name_of() is the metric label and the `outcome` of a poll.
enum class errc {
    timeout = 1,      // total deadline, or slower than the minimum rate
    dns,              // name not found, or not in time
    connect,          // refused, unreachable
    tls,              // certificate or handshake
    reset,            // closed in the middle
    protocol,         // framing, lengths, truncated or corrupt compression
    encoding,         // a content encoding that was not asked for
    too_large,        // body over the limit after decompression
    redirects,        // too many, a loop, or a downgrade from https to http; the detail lists the hops
    address_refused,  // by the guard
    url,              // not a URL, or a protocol that is not allowed
    proxy,            // it refused, or wants other credentials
    cancelled,        // the last: metrics count up to it
};
[[nodiscard]] std::string_view name_of(errc code) noexcept;
[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] boost::system::error_code make_error_code(errc code) noexcept;

using header_list = std::vector<std::pair<std::string, std::string>>;

// For TLS; PEM texts. Not of the network's configuration: each feed has its own.
struct client_certificate {
    std::string chain;       // empty: none
    std::string key;         // empty: it stands in `chain`
    std::string passphrase;  // of the key
};

struct request {
    std::string method = "GET";
    std::string url;
    header_list headers;         // a value with CR, LF or NUL is refused (errc::url)
    header_list origin_headers;  // the same, but sent to the URL's own origin only: what is secret
    std::string body;
    bool follow_redirects = true;
    std::size_t body_bytes_max = 16U << 20U;
    duration total_timeout = std::chrono::seconds{60};  // all hops; counted from leaving the host's queue
    duration connect_timeout = std::chrono::seconds{15};
    std::uint32_t redirects_max = 5;
    std::uint32_t rate_min_bytes_per_second = 64;
    duration rate_window = std::chrono::seconds{20};
    std::string basic_auth;            // "user:password", sent to the URL's own origin only
    client_certificate certificate;    // shown to the URL's own origin only
    std::optional<std::string> proxy;  // in the place of the network's; empty: none. errc::url where it is no proxy
    std::string proxy_auth;            // "user:password", sent to that proxy only
};

struct hop {
    std::uint32_t status = 0;
    std::string to;
};

// Whether such an answer sends on to its Location (RFC 9110, section 15.4).
[[nodiscard]] constexpr bool is_redirect(std::uint32_t status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

struct response {
    std::uint32_t status = 0;
    header_list headers;  // of the last hop, names in lower case
    std::string body;     // decompressed
    std::string url;      // of the last hop
    std::vector<hop> redirects;
    std::chrono::steady_clock::duration elapsed{};  // since sending; an answer may take less than 1 ms
    [[nodiscard]] const std::string* header(std::string_view lower_case_name) const noexcept;
};

using handler = std::function<void(result<response>)>;  // called once, on the loop's thread

class client {
  public:
    virtual ~client() = default;  // pending requests end as `cancelled`, their handlers are not called
    virtual void send(request what, handler done) = 0;  // on the loop's thread
};

struct client_options {
    network_config network;
    std::uint32_t connections_max = 256;
    std::uint32_t per_host_max = 2;
    std::string user_agent;
};

[[nodiscard]] std::unique_ptr<client> make_client(boost::asio::io_context& loop, client_options options);

// Whether the guard lets an address through: exposed for tests and `feedwatch check`. `address` is textual IPv4 or
// IPv6.
[[nodiscard]] bool is_public_address(std::string_view address) noexcept;
class address_guard {
  public:
    // errc::invalid_config names the block that is not a CIDR.
    static result<address_guard> make(const std::vector<std::string>& allow);
    [[nodiscard]] bool allows(std::string_view address) const noexcept;

  private:
    struct block {
        bool v6;
        unsigned char bytes[16];
        unsigned prefix;
    };
    std::vector<block> allow_;
};

}  // namespace feedwatch::http

template <>
struct boost::system::is_error_code_enum<feedwatch::http::errc> : std::true_type {};
