// The one port of a process: /metrics, /healthz, /readyz and whatever else is registered. GET and HEAD only. It has a
// thread of its own, and limits on everything a client can take its time or our memory with.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/meter.hpp"
#include "core/time.hpp"

namespace feedwatch::http {

struct served_request {
    std::string path;   // "/metrics"
    std::string query;  // behind the '?', as sent
};

struct served_reply {
    std::uint32_t status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::string etag{};  // with its quotes; a request that names it in If-None-Match gets a 304 without the body
};

// Called on the server's thread, so one at a time: answer from memory, never wait. An exception is a logged 500.
using route = std::function<served_reply(const served_request&)>;
using route_table = std::map<std::string, route, std::less<>>;  // by exact path

struct server_options {
    std::string listen = "127.0.0.1:0";  // host:port, [v6]:port; port 0 picks a free one
    std::uint32_t header_bytes_max = 8U << 10U;
    std::uint32_t body_bytes_max = 64U << 10U;
    std::uint32_t connections_max = 256;                // one more is told 503 and closed
    duration idle_timeout = std::chrono::minutes{2};    // between requests
    duration read_timeout = std::chrono::seconds{10};   // from a request's first byte to its last
    duration write_timeout = std::chrono::seconds{30};  // for a whole answer: a slower reader is cut off
};

class server {
  public:
    virtual ~server() = default;  // closes everything and joins the thread
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::string address() const = 0;  // "127.0.0.1:9464", the real port
};

// errc::invalid_config for an address that is none, errc::unavailable where it cannot be bound (detail says why).
// `counts` must outlive the server.
[[nodiscard]] result<std::unique_ptr<server>> start_server(server_options options, route_table routes, meter& counts);

struct host_and_port {
    std::string host;
    std::uint16_t port = 0;
};
// "127.0.0.1:9464", "[::1]:9464", "localhost:0", ":9464" (all addresses).
[[nodiscard]] result<host_and_port> parse_listen(std::string_view text);

}  // namespace feedwatch::http
