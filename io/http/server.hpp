// The one port of a process: /metrics, /healthz, /readyz and whatever else is registered. Routes are answered from
// memory, to GET and HEAD only; receivers take what is posted to them, and answer when they can. It has a thread of its
// own, and limits on everything a client can take its time or our memory with.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    std::uint32_t retry_after_seconds{};  // 0: nothing is said of it
};

// Called on the server's thread, so one at a time: answer from memory, never wait. An exception is a logged 500.
using route = std::function<served_reply(const served_request&)>;
using route_table = std::map<std::string, route, std::less<>>;  // by exact path

struct received_request {
    bool is_post = false;                                      // or GET
    std::string path;                                          // "/websub/…", as sent
    std::string query;                                         // behind the '?', as sent
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::shared_ptr<void> place;  // of its admission
    // nullptr: none. The first, where there are several.
    [[nodiscard]] const std::string* header(std::string_view lower_case_name) const noexcept;
};

// An answer that somebody waits for. Destroyed unsent, it is a 503.
class pending_reply {
  public:
    virtual ~pending_reply() = default;
    virtual void send(served_reply reply) = 0;          // any thread; once; after the server's end it does nothing
    [[nodiscard]] virtual bool is_awaited() const = 0;  // false: it took too long, the client was told 503
};

// Takes requests whose answers take time.
class receiver {
  public:
    struct admission {
        std::optional<served_reply> refusal;
        std::size_t body_bytes_max = 0;
        std::shared_ptr<void> place;  // kept while the body is read, then given to the request
    };
    virtual ~receiver() = default;
    // Both on the server's thread, so they must not wait. admit() sees the header alone; `body_bytes` is what it says.
    [[nodiscard]] virtual admission admit(const received_request& head, std::optional<std::uint64_t> body_bytes) = 0;
    virtual void receive(received_request what, std::unique_ptr<pending_reply> reply) = 0;
};
using receiver_table = std::map<std::string, receiver*, std::less<>>;  // by what a path begins with; they outlive it

struct server_options {
    std::string listen = "127.0.0.1:0";  // host:port, [v6]:port; port 0 picks a free one
    std::uint32_t header_bytes_max = 8U << 10U;
    std::uint32_t body_bytes_max = 64U << 10U;
    std::uint32_t connections_max = 256;                  // one more is told 503 and closed
    duration idle_timeout = std::chrono::minutes{2};      // between requests
    duration read_timeout = std::chrono::seconds{10};     // from a request's first byte to its last
    duration write_timeout = std::chrono::seconds{30};    // for a whole answer: a slower reader is cut off
    duration receive_timeout = std::chrono::seconds{30};  // for the body of a request to a receiver
    duration answer_timeout = std::chrono::seconds{20};   // for a receiver's answer; then it is 503
};

class server {
  public:
    virtual ~server() = default;  // closes everything and joins the thread
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::string address() const = 0;  // "127.0.0.1:9464", the real port
};

// errc::invalid_config for an address that is none, errc::unavailable where it cannot be bound (detail says why).
// `counts` must outlive the server.
[[nodiscard]] result<std::unique_ptr<server>> start_server(server_options options, route_table routes, meter& counts,
                                                           receiver_table receivers = {});

struct host_and_port {
    std::string host;
    std::uint16_t port = 0;
};
// "127.0.0.1:9464", "[::1]:9464", "localhost:0", ":9464" (all addresses).
[[nodiscard]] result<host_and_port> parse_listen(std::string_view text);

}  // namespace feedwatch::http
