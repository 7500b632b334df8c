// SIGTERM, SIGINT and SIGHUP as values that the main thread waits for, so that nothing ever runs inside a handler.
#pragma once

#include <chrono>
#include <optional>

namespace feedwatch::app {

enum class asked { stop, reload };

class signals {
  public:
    // Blocks the signals for this thread and for all that it starts later: make it first. Ignores SIGPIPE.
    signals();
    ~signals();
    signals(const signals&) = delete;
    signals& operator=(const signals&) = delete;

    // The next one, or nullopt after the time.
    [[nodiscard]] std::optional<asked> wait(std::chrono::milliseconds patience);

  private:
    int fd_;
};

}  // namespace feedwatch::app
