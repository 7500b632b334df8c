#include "io/http/exchange.hpp"

#include <signal.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <thread>

namespace feedwatch::http {
namespace {

class threaded_exchange final : public exchange {
  public:
    threaded_exchange(client_options options, waker& wakes)
        : wakes_(wakes), client_(make_client(loop_, std::move(options))), thread_([this] { run(); }) {}

    ~threaded_exchange() override {
        loop_.stop();
        thread_.join();
    }
    threaded_exchange(const threaded_exchange&) = delete;
    threaded_exchange& operator=(const threaded_exchange&) = delete;

    void submit(std::uint64_t token, request what) override {
        ++in_flight_;
        boost::asio::post(loop_, [this, token, what = std::move(what)]() mutable {
            client_->send(std::move(what), [this, token](result<response> outcome) {
                {
                    const std::lock_guard lock(mutex_);
                    finished_.push_back({token, std::move(outcome)});
                }
                wakes_.wake();
            });
        });
    }

    std::vector<finished> take_finished() override {
        std::vector<finished> out;
        const std::lock_guard lock(mutex_);
        out.swap(finished_);
        in_flight_ -= out.size();
        return out;
    }

    std::size_t in_flight() const override { return in_flight_; }

  private:
    void run() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the main thread
        loop_.run();
    }

    waker& wakes_;
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
    std::unique_ptr<client> client_;  // used on the thread only; destroyed after it has ended
    std::atomic<std::size_t> in_flight_ = 0;
    std::mutex mutex_;
    std::vector<finished> finished_;  // guarded by mutex_
    std::thread thread_;              // last: everything it uses is there before it starts
};

}  // namespace

std::unique_ptr<exchange> make_exchange(client_options options, waker& wakes) {
    return std::make_unique<threaded_exchange>(std::move(options), wakes);
}

}  // namespace feedwatch::http
