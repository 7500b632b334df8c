// Private: how far each partition of the embedded cluster has been produced into librdkafka's in-memory log, and how
// far its stages have passed. Pure bookkeeping, no locking of its own.
//
// The in-memory log drops its oldest records past 5 MiB or 100,000 batches, so that no more than `window` may be in it
// that some stage has not passed.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/kafka/embedded_journal.hpp"

namespace feedwatch::kafka {

class embedded_lane {
  public:
    struct window {
        std::size_t bytes = 3U << 20U;
        std::size_t records = 50'000;
    };

    // A stage that reads this partition and what it has passed already.
    void add_reader(const std::string& stage, journal_seq passed);
    [[nodiscard]] bool has_readers() const noexcept { return !passed_.empty(); }
    [[nodiscard]] journal_seq passed_by_all() const;
    [[nodiscard]] journal_seq passed_by(const std::string& stage) const;

    // What the journal holds beyond what all have passed; grows with commits, shrinks with pass().
    void add_backlog(journal_seq last, std::size_t bytes);
    [[nodiscard]] std::size_t backlog_bytes() const noexcept { return backlog_bytes_; }

    // Producing. Nothing is produced before begin().
    void begin();
    [[nodiscard]] bool behind() const noexcept { return begun_ && produced_ < last_; }
    [[nodiscard]] journal_seq produced() const noexcept { return produced_; }
    // Whether a record of this size may be produced now. One that is larger than the window goes alone.
    [[nodiscard]] bool fits(std::size_t bytes, const window& limit) const noexcept;
    // Its offset.
    std::int64_t produce(journal_seq seq, std::size_t bytes);
    void delivered() noexcept { ++delivered_; }
    [[nodiscard]] bool all_delivered() const noexcept { return delivered_ == next_offset(); }

    // The offset where a stage goes on after what it has passed.
    [[nodiscard]] std::int64_t offset_after(journal_seq passed) const;
    // The record before an offset; what the stage had passed if nothing before it was produced.
    [[nodiscard]] journal_seq seq_before(const std::string& stage, std::int64_t offset) const;
    void pass(const std::string& stage, journal_seq seq);

  private:
    struct in_memory {
        journal_seq seq;
        std::size_t bytes;
    };
    [[nodiscard]] std::int64_t next_offset() const noexcept {
        return first_offset_ + static_cast<std::int64_t>(unpassed_.size());
    }

    std::map<std::string, journal_seq> passed_;
    journal_seq last_ = 0;      // the newest record of the journal
    journal_seq produced_ = 0;  // the newest record in memory
    bool begun_ = false;
    std::deque<in_memory> unpassed_;  // produced and not yet passed by all; the front has first_offset_
    std::int64_t first_offset_ = 0;
    std::int64_t delivered_ = 0;
    journal_seq before_first_ = 0;  // the record before the front, if it was produced
    std::size_t unpassed_bytes_ = 0;
    std::size_t backlog_bytes_ = 0;
};

}  // namespace feedwatch::kafka
