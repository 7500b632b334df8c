#include "io/kafka/runner_thread.hpp"

#include <pthread.h>

#include <cstdlib>
#include <exception>

#include "io/kafka/fd_wait.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

// What leaving the group and closing sockets may take past the deadline before the watchdog ends the process.
constexpr duration watchdog_grace = std::chrono::seconds{5};
constexpr int exit_by_watchdog = 1;  // docs/cli.md: something failed

}  // namespace

void name_this_thread(std::string name) {
    constexpr std::size_t longest = 15;  // more is refused
    if (name.size() > longest) name.resize(longest);
    pthread_setname_np(pthread_self(), name.c_str());
}

runner_thread::runner_thread(std::string stage, duration shutdown_timeout)
    : stage_(std::move(stage)), shutdown_timeout_(shutdown_timeout) {}

runner_thread::~runner_thread() = default;

void runner_thread::finish() {
    request_stop();
    join();
}

void runner_thread::start() {
    thread_ = std::thread{[this] { main(); }};
}

void runner_thread::main() {
    name_this_thread(stage_);
    try {
        run();
    } catch (const std::exception& thrown) {
        fail({errc::internal, std::string{"exception in stage "} + stage_ + ": " + thrown.what()});
    }
    set_ready(false);
    const std::lock_guard lock{mutex_};
    ended_ = true;
    ended_changed_.notify_all();
}

void runner_thread::request_stop() {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        stop_deadline_ = std::chrono::steady_clock::now() + shutdown_timeout_;
        stopping_ = true;
        if (thread_.joinable()) watchdog_ = std::thread{[this] { watch(); }};
    }
    stop_signal_.wake();
    stop_waiting();
}

void runner_thread::watch() {
    std::unique_lock lock{mutex_};
    if (ended_changed_.wait_until(lock, stop_deadline_ + watchdog_grace, [this] { return ended_; })) return;
    log::error("stage did not stop in time: ending the process; its open transaction will be aborted",
               {{"stage", stage_}});
    std::_Exit(exit_by_watchdog);
}

void runner_thread::join() {
    if (thread_.joinable()) thread_.join();
    if (watchdog_.joinable()) watchdog_.join();
}

std::chrono::steady_clock::time_point runner_thread::stop_deadline() const {
    const std::lock_guard lock{mutex_};
    return stop_deadline_;
}

std::optional<error> runner_thread::failure() const {
    const std::lock_guard lock{mutex_};
    return failure_;
}

void runner_thread::fail(error why) {
    log::error("stage gives up", {{"stage", stage_}, {"error", why}});
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = std::move(why);
}

bool runner_thread::failed() const {
    const std::lock_guard lock{mutex_};
    return failure_.has_value();
}

bool runner_thread::pause(duration how_long) {
    const int fd = stop_fd();
    const auto until = std::chrono::steady_clock::now() + how_long;
    while (!stopping_) {
        const auto left = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
        if (left <= duration::zero()) break;
        wait_readable({&fd, 1}, left);
    }
    return !stopping_;
}

}  // namespace feedwatch::kafka
