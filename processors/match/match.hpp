// The step from `items` to `flagged`: stories and their updates with the topics they match. Without state of its own
// but for counts, which follow the batches.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/meter.hpp"
#include "core/step.hpp"
#include "processors/match/flagging.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch {

class match_step final : public step {
  public:
    // Takes the source's current rules at the beginning of each batch. Both must outlive the step.
    match_step(const rules_source& rules, meter& counts);

    [[nodiscard]] std::string_view name() const override { return "match"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::items}; }

    void begin_batch(std::uint64_t batch) override;
    result<> process(const record_view& record, timestamp now, emitter& out) override;
    void commit_batch(std::uint64_t batch) override;
    void rollback_batch(std::uint64_t batch) override;

  private:
    struct batch_counts {
        std::uint64_t batch = 0;
        std::map<std::string, double> flagged;  // by topic
    };

    void take(std::shared_ptr<const rule_set> fresh);

    const rules_source& source_;
    meter& meter_;
    std::shared_ptr<const rule_set> rules_;
    flagging flagging_;
    std::deque<batch_counts> open_;  // oldest first
    std::map<std::string, counter*> counters_;
};

}  // namespace feedwatch
