// Private: keeps a step's state in files between runs, so that not all of its changelog is read again.
//
// A snapshot is thrown away unless the changelog still goes on where it ends: of the same cluster, topic and partition,
// not truncated, not made anew, and not so old that tombstones after it may be gone. It becomes valid only with a later
// commit of the runner: whoever has lost the partition meanwhile publishes none.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/step.hpp"
#include "core/time.hpp"
#include "io/kafka/backend.hpp"
#include "io/kafka/snapshot_file.hpp"

namespace feedwatch::kafka {

class snapshots {
  public:
    snapshots(step& what, backend& on, const stage& who, const runner_options& options, meter& counts,
              const clock& time);
    ~snapshots();

    // Where there is one that can be used, hands it to the step, and gives the changelog that goes on from there; null:
    // there is none, and the step is as assigned(). Only errors that are worth another try.
    [[nodiscard]] result<std::unique_ptr<changelog>> resume(std::int32_t partition);

    // The state has changed, durably.
    void changed() noexcept { changed_ = true; }
    // Whether the state has changed and the last snapshot is so old that there should be another.
    [[nodiscard]] bool due() const;
    // Whether there is anything to write, old or not.
    [[nodiscard]] bool wanted() const noexcept { return enabled_ && changed_; }
    // Between batches: writes one of each partition beside its place. It counts once published, which wants a commit
    // in between.
    void write(const std::vector<std::int32_t>& partitions);
    [[nodiscard]] bool written() const noexcept { return !written_.empty(); }
    void publish();
    void discard();

  private:
    struct instruments;
    [[nodiscard]] std::string path_of(std::int32_t partition) const;
    [[nodiscard]] topic_partition changelog_of(std::int32_t partition) const;
    [[nodiscard]] result<> check(const snapshot_place& place, std::int32_t partition) const;
    [[nodiscard]] result<std::unique_ptr<snapshot_writer>> write_one(std::int32_t partition) const;
    void refuse(const std::string& path, const error& why);

    step& step_;
    backend& on_;
    const stage& who_;
    const clock& time_;
    const std::string folder_;
    const duration interval_;
    const std::string format_;
    const bool enabled_;
    std::unique_ptr<instruments> counts_;  // none unless enabled
    bool changed_ = false;
    std::chrono::steady_clock::time_point last_;
    std::vector<std::unique_ptr<snapshot_writer>> written_;
};

}  // namespace feedwatch::kafka
