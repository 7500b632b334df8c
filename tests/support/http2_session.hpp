// The server's side of one HTTP/2 connection, on nghttp2 and over a blocking stream. Private to tests/support.
#pragma once

#include <cstddef>
#include <functional>

#include "tests/support/http_test_server.hpp"

namespace feedwatch::test {

struct http2_wire {
    std::function<std::size_t(char*, std::size_t)> read;         // 0: closed
    std::function<bool(const char*, std::size_t)> write;         // false: closed
    std::function<server_reply(const received_request&)> reply;  // `raw` and `pace` are HTTP/1.1's alone
};

// Until the client closes or breaks the protocol. A reply with ending::reset loses its stream, not the connection, in
// the middle of the body.
void talk_http2(const http2_wire& wire);

}  // namespace feedwatch::test
