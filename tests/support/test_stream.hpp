// A server's side of one connection, blocking, with TLS or without; and what a TLS server is told to be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/support/test_certificate.hpp"

struct ssl_st;  // OpenSSL's SSL and SSL_CTX
struct ssl_ctx_st;

namespace feedwatch::test {

enum class http_version { one, two };

struct tls_options {
    certificate own;
    http_version best = http_version::one;  // two: for clients that offer it by ALPN; others get HTTP/1.1
    enum class ask { nobody, anybody, required } clients = ask::nobody;
    std::string client_authority = {};  // PEM: whose certificates are good
    bool only_tls_1_1 = false;
    enum class handshake_end { done, closed, garbage, hangs } handshake = handshake_end::done;  // at the first byte
};

class tls_context {
  public:
    explicit tls_context(tls_options with);
    ~tls_context();
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;
    [[nodiscard]] ssl_ctx_st* get() const { return context_; }
    [[nodiscard]] tls_options::handshake_end handshake() const { return options_.handshake; }

  private:
    void ask_clients();
    tls_options options_;
    ssl_ctx_st* context_;
};

class stream {
  public:
    stream(int fd, const tls_context* tls);  // makes the handshake; owns the socket
    ~stream();
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    bool write(const char* bytes, std::size_t size);
    std::size_t read(char* bytes, std::size_t size);  // 0: closed
    [[nodiscard]] bool is_http2() const;
    [[nodiscard]] std::string peer_certificate() const;  // PEM
    [[nodiscard]] bool resumed() const;                  // a TLS session from before
    void await_end() const;  // says it has no more to say, and reads until the peer has neither
    void say_goodbye();      // close_notify
    void reset();            // RST instead of FIN when it is closed

  private:
    int fd_;
    ssl_st* ssl_ = nullptr;
    bool broken_ = false;
};

}  // namespace feedwatch::test
