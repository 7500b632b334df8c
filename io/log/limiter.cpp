#include "io/log/limiter.hpp"

#include <utility>

namespace feedwatch::log {

std::optional<std::uint64_t> limiter::admit(std::string_view message, clock::time_point now) {
    state& s = messages_.try_emplace(std::string(message), state{now}).first->second;
    if (now - s.window_start >= window_) {
        s.window_start = now;
        s.printed = 0;
    }
    if (s.printed >= burst_) {
        ++s.suppressed;
        return std::nullopt;
    }
    ++s.printed;
    return std::exchange(s.suppressed, 0);
}

}  // namespace feedwatch::log
