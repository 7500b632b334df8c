// Private: hands a step the changelogs of the partition numbers that it was given, one after the other and a few
// records at a time, so that the runner stays answerable meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

#include "core/step.hpp"
#include "core/time.hpp"
#include "io/kafka/backend.hpp"
#include "io/kafka/instruments.hpp"
#include "io/kafka/snapshots.hpp"

namespace feedwatch::kafka {

class state_restorer {
  public:
    state_restorer(step& what, backend& on, const stage& who, snapshots& files, instruments& counts, const clock& time)
        : step_(what), on_(on), who_(who), files_(files), counts_(counts), time_(time) {}

    void begin(std::int32_t partition);   // tells the step that it is assigned
    void forget(std::int32_t partition);  // tells the step that it is revoked, restored or not
    [[nodiscard]] bool done() const noexcept { return jobs_.empty(); }
    // Reads on. Retryable errors are tried again by the caller.
    result<> advance();

  private:
    struct job {
        std::int32_t partition = 0;
        std::deque<topic> logs;
        std::unique_ptr<changelog> current;
        std::chrono::steady_clock::time_point begun;
    };
    [[nodiscard]] result<std::unique_ptr<changelog>> open(topic_partition which);
    void use(const record_view& record);
    void count();

    step& step_;
    backend& on_;
    const stage& who_;
    snapshots& files_;
    instruments& counts_;
    const clock& time_;
    std::deque<job> jobs_;
};

}  // namespace feedwatch::kafka
