// The rules that are compared: ours, a fixed interval, and Media Cloud's.
#pragma once

#include <memory>

#include "bench/schedule/simulate.hpp"

namespace feedwatch::bench {

// producers/schedule/interval.hpp, as the poller uses it.
[[nodiscard]] std::unique_ptr<interval_rule> make_ours(std::size_t feeds, const poll_interval& limits);

// The same interval for all. Hints are obeyed, as ours obeys them.
[[nodiscard]] std::unique_ptr<interval_rule> make_fixed(duration interval, const poll_interval& limits);

// mediacloud/rss-fetcher, fetcher/tasks.py (_check_auto_adjust and its helpers, commit 0038254) with the defaults of
// fetcher/config.py (commit db74c74). `scale` stretches all of its times alike: 1 is the rule as it stands.
[[nodiscard]] std::unique_ptr<interval_rule> make_media_cloud(std::size_t feeds, double scale,
                                                              const poll_interval& limits);

}  // namespace feedwatch::bench
