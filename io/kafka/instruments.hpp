// Private: what a runner counts. Every series exists from the start.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/meter.hpp"
#include "core/sink.hpp"
#include "io/kafka/backend.hpp"

namespace feedwatch::kafka {

class instruments {
  public:
    instruments(meter& counts, const stage& who);

    counter& events_in;
    histogram& stage_duration;  // from a batch's first record to its commit
    counter& committed;
    counter& aborted;
    counter& unknown;
    histogram& transaction_duration;
    counter& rebalances;
    gauge& assigned;
    counter& fenced;
    counter& restored_records;
    counter& restore_errors;
    gauge& restoring;
    histogram& restore_duration;

    void written(const output_record& committed_record);
    void lag(const topic_partition& of, double records);
    void forget_lag(const topic_partition& of);

  private:
    [[nodiscard]] counter& dead(const std::string& reason);

    meter& counts_;
    std::string stage_;
    std::array<counter*, all_topics.size()> out_{};
    std::map<topic_partition, gauge*> lags_;
};

}  // namespace feedwatch::kafka
