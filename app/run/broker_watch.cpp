#include "app/run/broker_watch.hpp"

namespace feedwatch::app {
namespace {

constexpr std::chrono::seconds between{2};
constexpr std::chrono::seconds patience{3};

}  // namespace

broker_watch::broker_watch(const kafka::cluster& on) : on_(on), thread_([this] { ask(); }) {}

broker_watch::~broker_watch() {
    {
        const std::lock_guard lock(guard_);
        stopping_ = true;
    }
    told_.notify_all();
    thread_.join();
}

void broker_watch::ask() {
    std::unique_lock lock(guard_);
    while (!told_.wait_for(lock, between, [this] { return stopping_; })) {
        lock.unlock();
        answers_ = on_.reach(patience).has_value();
        lock.lock();
    }
}

}  // namespace feedwatch::app
