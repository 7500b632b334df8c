// What is counted and said of a poll.
#pragma once

#include "core/record/poll.hpp"
#include "producers/poll/metrics.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {

[[nodiscard]] report report_of(const conclusion& c, const result<http::response>& outcome);

// In the log, what somebody should know of; what was known before is not said again.
void tell(const poll& before, const conclusion& c);
// A backfill has come so far; said where that is its end.
void tell(const feed_id& feed, const backfill_progress& at);

}  // namespace feedwatch::polling
