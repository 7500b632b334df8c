// The answer of a receiver, on its way from any thread to the server's. Private to io/http.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "io/http/server.hpp"

namespace feedwatch::http {

// What outlives the server: a loop that is gone is not posted to.
class reply_gate {
  public:
    explicit reply_gate(boost::asio::io_context& loop) : loop_(&loop) {}
    void close();
    template <class Work>
    void post(Work work);

  private:
    std::mutex mutex_;
    boost::asio::io_context* loop_;  // guarded by mutex_; nullptr once closed
};

class late_reply : public std::enable_shared_from_this<late_reply> {
  public:
    explicit late_reply(std::shared_ptr<reply_gate> gate) : gate_(std::move(gate)) {}

    // For the receiver; once.
    [[nodiscard]] std::unique_ptr<pending_reply> promise();
    // On the server's thread.
    [[nodiscard]] boost::asio::awaitable<served_reply> wait(boost::asio::io_context& loop, duration patience);

    void send(served_reply reply);
    [[nodiscard]] bool is_awaited() const { return awaited_; }

  private:
    std::shared_ptr<reply_gate> gate_;
    std::atomic<bool> awaited_ = true;
    // Used on the server's thread only.
    std::optional<served_reply> reply_;
    boost::asio::steady_timer* waiting_ = nullptr;
};

}  // namespace feedwatch::http
