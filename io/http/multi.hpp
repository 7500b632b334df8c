// libcurl's multi handle driven by an Asio loop: curl says which sockets and which timeout, Asio waits. Private to
// io/http.
#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>

namespace feedwatch::http {

struct multi_options {
    long connections_max = 256;
    long per_host_max = 2;
};

// Everything happens on the loop's thread. Asynchronous waits hold weak references, so that the loop may outlive it.
// curl's sockets come and go with every poll of a feed: they are watched by an epoll of its own, of which Asio sees one
// descriptor, and the timer is armed only where it would fire too late. Asio's own watching of each socket took as much
// CPU as the rest of a poll.
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
    using clock = std::chrono::steady_clock;
    multi(boost::asio::io_context& loop, multi_options options, done_handler done);

    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    void watch_socket(curl_socket_t fd, int what);
    void wait_for_sockets();
    void take_events();
    void set_deadline(long timeout_ms);
    void arm_timer();
    void time_out();
    void collect_ended();

    boost::asio::io_context& loop_;
    boost::asio::posix::stream_descriptor events_;  // the epoll
    std::unordered_set<curl_socket_t> wanted_;      // sockets that curl waits for
    boost::asio::steady_timer timer_;
    std::optional<clock::time_point> deadline_;  // curl's
    std::optional<clock::time_point> armed_;     // the timer's, never later than the deadline
    done_handler done_;
    CURLM* handle_;
};

}  // namespace feedwatch::http
