// Whether Kafka answers, asked again and again on a thread of its own: the steps wait out an outage without a word.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "io/kafka/runner.hpp"

namespace feedwatch::app {

class broker_watch {
  public:
    explicit broker_watch(const kafka::cluster& on);  // must outlive it
    ~broker_watch();                                  // waits for the question under way, seconds at most
    broker_watch(const broker_watch&) = delete;
    broker_watch& operator=(const broker_watch&) = delete;

    [[nodiscard]] bool answers() const noexcept { return answers_; }

  private:
    void ask();

    const kafka::cluster& on_;
    std::atomic<bool> answers_ = true;
    std::mutex guard_;
    std::condition_variable told_;
    bool stopping_ = false;  // by guard_
    std::thread thread_;
};

}  // namespace feedwatch::app
