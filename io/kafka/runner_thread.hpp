// Private: the thread of a runner, its stop and its watchdog; what the step and the sink runner share.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "io/kafka/runner.hpp"

namespace feedwatch::kafka {

// What top, gdb and perf show; cut to 15 bytes.
void name_this_thread(std::string name);

class runner_thread : public runner {
  public:
    runner_thread(std::string stage, duration shutdown_timeout);
    ~runner_thread() override;

    void start() final;
    void request_stop() final;
    void join() final;
    [[nodiscard]] bool ready() const final { return ready_ && !stopping_; }
    [[nodiscard]] std::optional<error> failure() const final;

  protected:
    // The runner's work, until stopping() or after fail(). Exceptions become the failure.
    virtual void run() = 0;
    // Anything that must learn of the stop at once (flow control). From any thread.
    virtual void stop_waiting() {}
    // Derived destructors call it first: the thread uses their members.
    void finish();

    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    [[nodiscard]] std::chrono::steady_clock::time_point stop_deadline() const;
    [[nodiscard]] int stop_fd() const noexcept { return stop_signal_.fd(); }  // readable once stopping
    void set_ready(bool now) noexcept { ready_ = now; }
    void fail(error why);
    [[nodiscard]] bool failed() const;
    // Sleeps, unless stopping; false when stopping.
    bool pause(duration how_long);
    [[nodiscard]] const std::string& stage_name() const noexcept { return stage_; }

  private:
    void main();
    void watch();

    const std::string stage_;
    const duration shutdown_timeout_;
    event_waker stop_signal_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> ready_ = false;
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable ended_changed_;
    std::optional<error> failure_;
    std::chrono::steady_clock::time_point stop_deadline_{};
    bool ended_ = false;
    std::thread thread_;
    std::thread watchdog_;
};

}  // namespace feedwatch::kafka
