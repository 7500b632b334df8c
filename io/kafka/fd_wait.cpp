#include "io/kafka/fd_wait.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <vector>

namespace feedwatch::kafka {

void wait_readable(std::span<const int> fds, duration at_most) {
    std::vector<pollfd> wanted;
    for (const int fd : fds) wanted.push_back({.fd = fd, .events = POLLIN, .revents = 0});
    const auto timeout_ms = static_cast<int>(std::clamp<duration::rep>(at_most.count(), 0, 60'000));
    (void)::poll(wanted.data(), wanted.size(), timeout_ms);
}

bool drain(int event_fd) {
    std::uint64_t count = 0;
    ssize_t got = 0;
    do {
        got = ::read(event_fd, &count, sizeof count);
    } while (got < 0 && errno == EINTR);
    return got == sizeof count;
}

}  // namespace feedwatch::kafka
