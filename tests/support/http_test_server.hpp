// An HTTP server on a free loopback port, in this process, that counts what it is asked and misbehaves as it is told.
// Each connection has a blocking thread of its own: what is tested is the client.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_certificate.hpp"
#include "tests/support/test_stream.hpp"

namespace feedwatch::test {

struct received_request {
    std::string protocol;  // "HTTP/1.1", "HTTP/2"
    std::string method;
    std::string target;                          // "/feed?x=1"
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    std::string certificate;  // the client's, in PEM; empty: it showed none
    bool resumed = false;     // over a TLS session from before
    [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

struct server_reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool with_length = true;  // Content-Length; otherwise the end of the connection ends the body

    // Faults.
    std::string raw;                    // instead of all of the above: these bytes
    bool silent = false;                // nothing at all
    std::chrono::milliseconds pace{0};  // between single bytes
    enum class ending {
        keep,
        close,
        reset,
        hang
    } then = ending::keep;      // hang: says nothing more until the server stops
    bool close_notify = false;  // TLS is told of the end before the connection is closed
    enum class http2_fault {
        none,
        goaway,  // in the place of an answer, which it leaves out
        refuse,  // RST_STREAM with REFUSED_STREAM in the place of an answer
        stall,   // in the middle of the body
    } http2 = http2_fault::none;
};

[[nodiscard]] server_reply redirect_to(std::string location, int status = 302);

class http_test_server {
  public:
    using handler = std::function<server_reply(const received_request&)>;  // on a connection's thread

    http_test_server();
    explicit http_test_server(const certificate& tls, http_version best = http_version::one);
    explicit http_test_server(const tls_options& tls);
    ~http_test_server();
    http_test_server(const http_test_server&) = delete;
    http_test_server& operator=(const http_test_server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url(const std::string& target) const;  // "http://127.0.0.1:port/target"

    // By path, without query. Anything else is 404.
    void on(const std::string& path, handler answer);
    void reply(const std::string& path, server_reply with);
    // A document with an ETag made from it: a request that names it in If-None-Match gets 304.
    void serve(const std::string& path, std::string body, std::string content_type = "application/rss+xml");

    [[nodiscard]] std::size_t requests(const std::string& path) const;
    [[nodiscard]] std::size_t requests() const;
    [[nodiscard]] received_request last(const std::string& path) const;  // empty method: none yet
    [[nodiscard]] std::size_t connections() const;                       // accepted so far
    [[nodiscard]] std::size_t connections_peak() const;                  // open at once
    // Until so many requests have come, or the deadline; whether they have.
    [[nodiscard]] bool wait_for_requests(std::size_t count, std::chrono::milliseconds patience) const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace feedwatch::test
