// Private: commits batches on a thread of its own, one at a time, while the runner already works on the next.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "io/kafka/batch.hpp"
#include "io/kafka/runner.hpp"

namespace feedwatch::kafka {

class commit_worker {
  public:
    struct done {
        batch what;
        outcome how;
        double seconds = 0;
    };

    commit_worker(committer& by, const std::string& stage);
    ~commit_worker();  // waits for what is being committed
    commit_worker(const commit_worker&) = delete;
    commit_worker& operator=(const commit_worker&) = delete;

    // Only when not busy().
    void submit(batch what);
    // From submit() until take() or wait().
    [[nodiscard]] bool busy() const noexcept { return busy_; }
    [[nodiscard]] std::optional<done> take();
    [[nodiscard]] done wait();
    [[nodiscard]] int fd() const noexcept { return finished_.fd(); }  // readable when take() has something

  private:
    void run();

    committer& by_;
    event_waker finished_;
    bool busy_ = false;  // the runner's thread only
    std::mutex mutex_;   // guards what follows
    std::condition_variable changed_;
    std::optional<batch> wanted_;
    std::optional<done> result_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace feedwatch::kafka
