#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "io/kafka/runner.hpp"

namespace feedwatch::kafka {

event_waker::event_waker() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

event_waker::~event_waker() {
    ::close(fd_);
}

void event_waker::wake() {
    const std::uint64_t one = 1;
    // A full counter (EAGAIN) is readable already.
    while (::write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

}  // namespace feedwatch::kafka
