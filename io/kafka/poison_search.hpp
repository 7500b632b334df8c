// Private: finds the record that makes a batch fail again and again, by halving the batch. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "core/sink.hpp"

namespace feedwatch::kafka {

class poison_search {
  public:
    // librdkafka may fail the transaction after a permanent failure once more for no reason of its own (pitfall of
    // sequence numbers), so that fewer than three say nothing about the records.
    static constexpr std::uint32_t aborts_before_suspicion = 3;

    enum class finding { none, poison };

    // The batch that began at `first` with so many records failed. `poison`: it is the single record at `first`.
    finding failed(const position& first, std::uint32_t records);
    void committed(std::uint32_t records);
    // How many records the next batch may have at most; nullopt: as many as usual.
    [[nodiscard]] std::optional<std::uint32_t> limit() const noexcept { return limit_; }

  private:
    std::uint32_t failures_ = 0;               // in a row, of whatever batch
    std::map<position, std::uint32_t> alone_;  // failures of batches of this one record
    std::uint32_t suspects_ = 0;  // records of the batch that came under suspicion, less those since cleared
    std::optional<std::uint32_t> limit_;
};

}  // namespace feedwatch::kafka
