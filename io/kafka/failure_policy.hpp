// Private: what a step's runner does about failed transactions: how long it waits, when it gives up, which records it
// suspects and which it knows to be poison. Touches no Kafka.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "core/step.hpp"
#include "io/kafka/batch.hpp"
#include "io/kafka/poison_search.hpp"

namespace feedwatch::kafka {

class failure_policy {
  public:
    using steady = std::chrono::steady_clock;

    explicit failure_policy(std::string instance) : instance_(std::move(instance)) {}

    void committed(const batch& what);
    // `first`: of the batch's records; none if it had none. An error: give up with it.
    result<> failed(const batch& what, const outcome& how, const std::optional<position>& first);
    result<> fenced();
    void back_off();
    [[nodiscard]] steady::time_point retry_at() const noexcept { return retry_at_; }

    // How many records the next batch may have at most, while suspects are narrowed down.
    [[nodiscard]] std::optional<std::uint32_t> limit() const noexcept { return search_.limit(); }

    // Why the record goes to the dead letters; nullptr: it does not. Lives until the next call that is not const.
    [[nodiscard]] const error* poison(const record_view& record) const;
    // False if it was known to be poison already.
    bool condemn(const position& record, const error& why);
    void forget(const topic_partition& of) { poison_.erase(of); }

  private:
    result<> suspect(const batch& what, const error& why, const std::optional<position>& first);

    std::string instance_;
    std::uint32_t failures_in_a_row_ = 0;
    steady::time_point retry_at_{};
    std::deque<steady::time_point> fencings_;
    poison_search search_;
    std::map<topic_partition, std::map<std::int64_t, error>> poison_;
};

}  // namespace feedwatch::kafka
