// What somebody should look at, as warnings; the log limits them by their message.
#pragma once

#include "core/record/poll.hpp"

namespace feedwatch::polling {

void log_events(const poll& p);

}  // namespace feedwatch::polling
