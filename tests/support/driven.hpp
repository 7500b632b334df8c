// What the topology driver drives: a step or a sink with the offsets that Kafka or its target would keep. Private to
// tests/support.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/topology.hpp"

namespace feedwatch::testing {

using offsets = std::map<topic_partition, std::int64_t>;

class driven {
  public:
    virtual ~driven() = default;
    // One action, a fault or progress. False if there was nothing to do.
    virtual bool act() = 0;
};

// Chooses input records after `at` in random portions; moves `at` past each.
class reader {
  public:
    reader(topology& in, std::vector<topic> inputs) : in_(in), inputs_(std::move(inputs)) {}
    [[nodiscard]] std::vector<topic_partition> sources() const;
    [[nodiscard]] std::vector<topic_partition> with_records(const offsets& at) const;

  private:
    topology& in_;
    std::vector<topic> inputs_;
};

class driven_step final : public driven {
  public:
    driven_step(topology& in, topology::step_factory make);
    bool act() override;

  private:
    struct transaction {
        std::uint64_t number = 0;
        std::vector<log_record> inputs;
        std::vector<output_record> outputs;
        offsets next;
    };
    class buffer final : public emitter {
      public:
        explicit buffer(std::vector<output_record>& to) : to_(to) {}
        void emit(output_record record) override { to_.push_back(std::move(record)); }

      private:
        std::vector<output_record>& to_;
    };

    void start();
    void assign();
    void restore(std::int32_t partition);
    void keep_snapshots();
    bool resume(std::int32_t partition);
    void rebalance();
    bool begin();
    void process(const topic_partition& from, transaction& t);
    void dead_letter_of(const record_view& record, const error& why, transaction& t) const;
    void commit();
    void abort();
    [[nodiscard]] std::int32_t partitions() const;
    [[nodiscard]] bool tick_is_due() const;

    topology& in_;
    topology::step_factory make_;
    std::unique_ptr<step> step_;
    std::optional<reader> reader_;
    struct snapshot {
        std::vector<std::byte> bytes;
        std::int64_t next = 0;  // of the changelog
    };
    std::map<std::int32_t, snapshot> snapshots_;  // durable, by partition
    offsets committed_;                           // durable
    offsets position_;                            // of the next record to process
    std::uint64_t batches_ = 0;
    std::deque<transaction> open_;  // at most two
};

class driven_sink final : public driven {
  public:
    driven_sink(topology& in, topology::sink_factory make);
    bool act() override;

  private:
    void start();
    void write(const topic_partition& from);
    void dead_letter_of(const record_view& record, const error& why);

    topology& in_;
    topology::sink_factory make_;
    std::unique_ptr<sink> sink_;
    std::optional<reader> reader_;
    offsets position_;
    offsets stored_;  // what the sink has said it stored
};

}  // namespace feedwatch::testing
