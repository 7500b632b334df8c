// Private: waiting for any of several descriptors.
#pragma once

#include <span>

#include "core/time.hpp"

namespace feedwatch::kafka {

// Returns when one of them is readable or the time has passed. Interruptions by signals count as readable.
void wait_readable(std::span<const int> fds, duration at_most);

// Empties an eventfd; true if it was set.
bool drain(int event_fd);

}  // namespace feedwatch::kafka
