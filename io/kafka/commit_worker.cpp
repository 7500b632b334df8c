#include "io/kafka/commit_worker.hpp"

#include <chrono>

#include "io/kafka/fd_wait.hpp"
#include "io/kafka/runner_thread.hpp"

namespace feedwatch::kafka {

commit_worker::commit_worker(committer& by, const std::string& stage)
    : by_(by), thread_([this, name = "commit " + stage] {
          name_this_thread(name);
          run();
      }) {}

commit_worker::~commit_worker() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void commit_worker::submit(batch what) {
    busy_ = true;
    {
        const std::lock_guard lock{mutex_};
        wanted_ = std::move(what);
    }
    changed_.notify_all();
}

std::optional<commit_worker::done> commit_worker::take() {
    const std::lock_guard lock{mutex_};
    if (!result_) return std::nullopt;
    drain(finished_.fd());
    busy_ = false;
    return std::exchange(result_, std::nullopt);
}

commit_worker::done commit_worker::wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return result_.has_value(); });
    drain(finished_.fd());
    busy_ = false;
    return std::move(*std::exchange(result_, std::nullopt));
}

void commit_worker::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return wanted_ || stopping_; });
        if (!wanted_) return;
        auto what = std::move(*std::exchange(wanted_, std::nullopt));
        lock.unlock();
        const auto begin = std::chrono::steady_clock::now();
        auto how = by_.commit(what);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        lock.lock();
        result_ = done{std::move(what), std::move(how), took.count()};
        changed_.notify_all();
        finished_.wake();
    }
}

}  // namespace feedwatch::kafka
