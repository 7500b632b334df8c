// The contract between a stage and the runner (io/kafka/), an in-memory driver (tests/support/) or a filter (app/).
//
// A step is pure: no Kafka, no clock, no sockets of its own. The runner owns offsets and transactions and calls, always
// from one thread:
//
//   assigned(p)  load(p)?  restore(record)*  restored(p)   on assignment of partition p, before its first record
//   begin_batch(n)                                    n counts up by one
//     process(record, now, emit)* / tick(now, emit)*  all that is emitted becomes visible together or not at all
//   then, once per batch and in order:
//     commit_batch(n)    the batch is durable: forget how to undo it; side effects it promised may start now
//     rollback_batch(n)  undo everything since begin_batch(n), later batches included; the records come again
//   revoked(p)                                        drop what belongs to p; never called with a batch open
//
// A second batch may be begun while the first is still being committed: a step must be able to undo both, newest first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_stream.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "core/topic.hpp"

namespace feedwatch {

struct header {
    std::string name;
    std::string value;
};

// One record as read. The views live until the call returns.
struct record_view {
    topic from{};
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string_view key;
    std::optional<std::string_view> value;  // nullopt: a tombstone
    timestamp written{};                    // Kafka's own time of the record, never a feed's date
    std::span<const header> headers;
};

// One record to write. Values are UTF-8 JSON; the runner adds content-type, feedwatch-schema and traceparent headers
// (the latter continued from the record being processed).
struct output_record {
    topic to{};
    std::string key;
    std::optional<std::string> value;       // nullopt: a tombstone
    std::optional<std::int32_t> partition;  // default: by hash of the key (murmur2, as Kafka's Java clients do)
    std::vector<header> headers;            // beside the standard ones
};

class emitter {
  public:
    virtual ~emitter() = default;
    virtual void emit(output_record record) = 0;
};

class step {
  public:
    virtual ~step() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;  // "dedup": consumer group, transactional id, metric label
    [[nodiscard]] virtual std::vector<topic> inputs() const = 0;
    // Topics whose partition p is read from its beginning to its end on assignment of input partition p. An input topic
    // may be named here too: it is then restored whole before it is consumed from the committed offset.
    [[nodiscard]] virtual std::vector<topic> changelogs() const { return {}; }

    virtual void assigned(std::int32_t /*partition*/) {}
    // A record that cannot be understood is an error: the runner counts it, logs it and goes on.
    virtual result<> restore(const record_view& /*record*/) { return {}; }
    virtual void restored(std::int32_t /*partition*/, timestamp /*now*/) {}
    virtual void revoked(std::int32_t /*partition*/) {}

    // A step with much state may keep it in a file between runs, so that not all of its changelog (it has one) is read
    // again. Empty: it keeps none; what was saved under another name is not loaded.
    [[nodiscard]] virtual std::string snapshot_format() const { return {}; }
    // Between batches: what restore() of the whole changelog would bring.
    virtual void save(std::int32_t /*partition*/, byte_writer& /*out*/) const {}
    // After assigned(), before restore() of the records that came later. After an error the partition is assigned()
    // anew and all is read.
    virtual result<> load(std::int32_t /*partition*/, byte_reader& /*in*/) { return {}; }

    virtual void begin_batch(std::uint64_t /*batch*/) {}
    // An error sends the record to `dead` with the code as reason; what the call emitted or changed before it failed
    // must be nothing.
    virtual result<> process(const record_view& record, timestamp now, emitter& out) = 0;
    // Work that no input record causes: finished fetches and deliveries, timers. Called at least whenever next_tick()
    // has passed or the waker (below) that its asynchronous part was constructed with was woken.
    virtual void tick(timestamp /*now*/, emitter& /*out*/) {}
    [[nodiscard]] virtual std::optional<timestamp> next_tick() const { return std::nullopt; }
    virtual void commit_batch(std::uint64_t /*batch*/) {}
    virtual void rollback_batch(std::uint64_t /*batch*/) {}

    // Back-pressure: while false, no further record is consumed (the partitions are paused, or their records stay
    // buffered); ticks go on, and those make it true again. Asked at least before each batch; records of a batch
    // already begun may still come.
    [[nodiscard]] virtual bool wants_input() const { return true; }

    // Stop taking new work of its own (no new fetches); what is in flight may finish. True once nothing is in flight.
    virtual void drain() {}
    [[nodiscard]] virtual bool drained() const { return true; }
};

// Lets a step's own asynchronous work ask for a tick() from another thread. Thread-safe, cheap, idempotent.
class waker {
  public:
    virtual ~waker() = default;
    virtual void wake() = 0;
};

}  // namespace feedwatch
