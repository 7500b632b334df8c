// How a command reaches the process that owns the embedded broker: changes of the subscriptions as files in
// `state_dir`/feed-changes, which that process looks for. A file appears whole (it is renamed into place) and goes when
// what it says is in topic `feeds`; where it is refused, a file with the reason takes its place.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/run/feed_changes.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace feedwatch::app {

// Returns once the process has taken all of them. errc::timeout: it has taken none of them within the time, and will
// not; errc::refused: it said no, in the detail why.
[[nodiscard]] result<> hand_over(const std::string& state_dir, std::span<const feed_change> changes, duration patience);

class feed_spool {
  public:
    static constexpr std::size_t file_bytes_max = 64U << 20U;

    explicit feed_spool(std::string state_dir);

    // Every file that is there, oldest first. `apply` writes its changes, all or none; a retryable error leaves the
    // file for the next look. Whoever can write into the folder may be anybody: what is no plain file of ours, too
    // large or not understood is refused, and counts for nothing.
    void look(const std::function<result<>(const std::vector<feed_change>&)>& apply);

  private:
    std::string folder_;
};

}  // namespace feedwatch::app
