// libcurl's multi handle driven by an Asio loop: curl says which sockets and which timeout, Asio waits. Private to
// io/http.
#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <unordered_map>

namespace feedwatch::http {

struct multi_options {
    long connections_max = 256;
    long per_host_max = 2;
};

// Everything happens on the loop's thread. Asynchronous waits hold weak references, so that the loop may outlive it.
class multi : public std::enable_shared_from_this<multi> {
  public:
    using done_handler = std::function<void(CURL*, CURLcode)>;

    static std::shared_ptr<multi> make(boost::asio::io_context& loop, multi_options options, done_handler done);
    ~multi();
    multi(const multi&) = delete;
    multi& operator=(const multi&) = delete;

    void add(CURL* easy) { curl_multi_add_handle(handle_, easy); }
    void remove(CURL* easy) { curl_multi_remove_handle(handle_, easy); }
    void forget_done() { done_ = nullptr; }

  private:
    struct watch;
    multi(boost::asio::io_context& loop, multi_options options, done_handler done);

    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    void watch_socket(curl_socket_t fd, int what);
    void wait(const std::shared_ptr<watch>& w, int direction);
    void act(curl_socket_t fd, int events);

    boost::asio::io_context& loop_;
    boost::asio::steady_timer timer_;
    done_handler done_;
    CURLM* handle_;
    std::unordered_map<curl_socket_t, std::shared_ptr<watch>> sockets_;
};

}  // namespace feedwatch::http
