// Private: outputs and consumer offsets in one Kafka transaction.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "io/kafka/backend.hpp"
#include "io/kafka/producer.hpp"

namespace feedwatch::kafka {

class transactional_committer final : public committer {
  public:
    // `consumer` lends its group's metadata and must outlive this; `input` is one of the group's topics.
    transactional_committer(const backend& on, std::string transactional_id, rd_kafka_t* consumer, topic input)
        : on_(on), transactional_id_(std::move(transactional_id)), consumer_(consumer), input_(input) {}

    result<> open() override;
    outcome commit(const batch& what) override;

  private:
    void drop_stray_offsets();
    outcome abort(outcome why);
    outcome after(const rd_kafka_error_t& failed, const std::string& doing);
    [[nodiscard]] std::string transaction(const batch& what) const;
    error_ptr send_offsets(std::span<const position> positions);

    const backend& on_;
    std::string transactional_id_;
    rd_kafka_t* consumer_;
    topic input_;
    std::unique_ptr<producer> producer_;
};

// For sinks, whose target keeps the offsets: only their dead letters are written here.
class plain_committer final : public committer {
  public:
    explicit plain_committer(const backend& on) : on_(on) {}
    result<> open() override;
    outcome commit(const batch& what) override;

  private:
    const backend& on_;
    std::unique_ptr<producer> producer_;
};

// Writes the records and waits until each is acknowledged; the first failure is the result.
[[nodiscard]] result<> write_and_flush(producer& to, std::span<const output> records);
[[nodiscard]] result<std::unique_ptr<producer>> open_plain_producer(const backend& on);

}  // namespace feedwatch::kafka
