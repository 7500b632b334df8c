// A proxy on a free loopback port that makes tunnels: HTTP's CONNECT, or SOCKS5 (RFC 1928, 1929). Whatever host it is
// asked for, it connects to 127.0.0.1 at that port.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedwatch::test {

class tunnel_server {
  public:
    enum class kind { connect, socks5 };
    // `auth`: "user:password" that it wants; empty: nothing.
    explicit tunnel_server(kind what, std::string auth = {});
    ~tunnel_server();
    tunnel_server(const tunnel_server&) = delete;
    tunnel_server& operator=(const tunnel_server&) = delete;

    [[nodiscard]] std::string url() const;                 // "http://127.0.0.1:port", "socks5h://127.0.0.1:port"
    [[nodiscard]] std::vector<std::string> asked() const;  // "host:port" of each tunnel, also those it refused
    [[nodiscard]] std::string heard() const;               // all that clients said before their tunnels began

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace feedwatch::test
