#include "io/http/late_reply.hpp"

#include <boost/asio/post.hpp>

namespace feedwatch::http {
namespace {

served_reply too_late() {
    return {503, "text/plain; charset=utf-8", "no answer in time; try again\n", {}, 10};
}

class promised_reply final : public pending_reply {
  public:
    explicit promised_reply(std::shared_ptr<late_reply> to) : to_(std::move(to)) {}
    ~promised_reply() override {
        if (to_) to_->send(too_late());
    }
    promised_reply(const promised_reply&) = delete;
    promised_reply& operator=(const promised_reply&) = delete;

    void send(served_reply reply) override {
        if (const auto to = std::exchange(to_, nullptr)) to->send(std::move(reply));
    }
    [[nodiscard]] bool is_awaited() const override { return to_ && to_->is_awaited(); }

  private:
    std::shared_ptr<late_reply> to_;
};

}  // namespace

void reply_gate::close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
}

template <class Work>
void reply_gate::post(Work work) {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) boost::asio::post(*loop_, std::move(work));
}

std::unique_ptr<pending_reply> late_reply::promise() {
    return std::make_unique<promised_reply>(shared_from_this());
}

void late_reply::send(served_reply reply) {
    gate_->post([self = shared_from_this(), reply = std::move(reply)]() mutable {
        if (self->reply_) return;
        self->reply_ = std::move(reply);
        if (self->waiting_ != nullptr) self->waiting_->cancel();
    });
}

boost::asio::awaitable<served_reply> late_reply::wait(boost::asio::io_context& loop, duration patience) {
    boost::asio::steady_timer timer(loop, patience);
    waiting_ = &timer;
    if (!reply_) co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    waiting_ = nullptr;
    awaited_ = false;
    if (!reply_) reply_ = too_late();
    co_return *std::move(reply_);
}

}  // namespace feedwatch::http
