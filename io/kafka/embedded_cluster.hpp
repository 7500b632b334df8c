// Private: `brokers: embedded`. The journal is the truth; a pump thread produces what it holds into librdkafka's
// in-memory cluster, partition by partition, no further ahead of the slowest stage than that cluster can hold.
#pragma once

// clang-format off
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>  // after rdkafka.h
// clang-format on

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "io/kafka/backend.hpp"
#include "io/kafka/embedded_journal.hpp"
#include "io/kafka/embedded_lanes.hpp"
#include "io/kafka/producer.hpp"

namespace feedwatch::kafka {

struct embedded_limits {
    embedded_lane::window in_memory;
    // Of one partition in the journal, not yet passed: past it, whoever writes to it waits.
    std::size_t backlog_bytes = 64U << 20U;
};

class embedded_cluster final : public backend {
  public:
    static result<std::unique_ptr<embedded_cluster>> open(const kafka_config& config, const std::string& state_dir,
                                                          embedded_limits limits = {});
    ~embedded_cluster() override;

    [[nodiscard]] std::string id() const override { return id_; }
    [[nodiscard]] std::string bootstrap() const override { return bootstrap_; }
    result<> create_missing_topics() override { return {}; }  // they exist from the start
    [[nodiscard]] result<> reach(duration /*patience*/) const override { return {}; }

    [[nodiscard]] std::optional<std::vector<topic_partition>> whole_assignment(const stage& who) const override;
    void enlist(const stage& who) override;
    void starting(const stage& who) override;
    void leaving(const stage& who) override;
    [[nodiscard]] std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override;
    [[nodiscard]] result<std::vector<position>> committed(const stage& who, rd_kafka_t* consumer,
                                                          std::span<const topic_partition> wanted,
                                                          duration patience) override;
    [[nodiscard]] result<std::unique_ptr<changelog>> open_changelog(topic_partition which,
                                                                    const std::optional<resumption>& after) override;
    [[nodiscard]] bool keeps_offsets() const override { return false; }
    [[nodiscard]] result<extent> ends_of(const topic_partition& which) override;

    // Journals the batch, then waits while what it wrote to is too far behind.
    outcome commit(const stage& who, const batch& what);
    // Journals without waiting; positions are of no stage.
    result<> append(std::span<const output> records);

  private:
    struct destroy_cluster {
        void operator()(rd_kafka_mock_cluster_t* held) const { rd_kafka_mock_cluster_destroy(held); }
    };

    embedded_cluster(const kafka_config& config, embedded_limits limits) : backend(config), limits_(limits) {}
    result<> start_memory();
    void note_appended(const std::vector<embedded_journal::appended>& ends);
    void wait_for_room(const stage& who, const std::vector<embedded_journal::appended>& ends);

    void pump();
    bool pump_lane(const topic_partition& of, std::unique_lock<std::mutex>& lock);
    void prune();
    static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* self);

    const embedded_limits limits_;
    std::string id_;
    std::string bootstrap_;
    int lock_fd_ = -1;  // on the lock file, while this process owns the state
    std::unique_ptr<embedded_journal> journal_;
    client_ptr host_;  // the mock cluster lives in it
    std::unique_ptr<rd_kafka_mock_cluster_t, destroy_cluster> memory_;
    std::unique_ptr<producer> producer_;  // the pump's thread only

    std::mutex mutex_;               // guards what follows
    std::condition_variable work_;   // for the pump
    std::condition_variable moved_;  // lanes have changed
    std::map<topic_partition, embedded_lane> lanes_;
    std::set<std::string> leaving_;
    std::optional<error> broken_;
    bool stopping_ = false;
    bool pump_started_ = false;
    std::thread pump_;
};

}  // namespace feedwatch::kafka
