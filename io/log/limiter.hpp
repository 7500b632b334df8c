// At most `burst` lines of one message in a window; the first line after it says how many were left out. Private to
// io/log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace feedwatch::log {

class limiter {
  public:
    using clock = std::chrono::steady_clock;
    limiter(std::uint32_t burst, clock::duration window) : burst_(burst), window_(window) {}

    // nullopt: leave this line out. Otherwise print it, with the number of lines of that message left out before it.
    // Messages are constants of ours, so the table is as small as the source code.
    [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view message, clock::time_point now);

  private:
    struct state {
        clock::time_point window_start;
        std::uint32_t printed = 0;
        std::uint64_t suppressed = 0;
    };
    std::uint32_t burst_;
    clock::duration window_;
    std::unordered_map<std::string, state> messages_;
};

}  // namespace feedwatch::log
