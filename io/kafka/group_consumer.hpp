// Private: a member of a stage's consumer group. All calls, and the listener's, come from one thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "io/kafka/backend.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

// Called inside poll() and close().
class assignment_listener {
  public:
    virtual ~assignment_listener() = default;
    // Answers where each partition begins. They start paused: resume() lets records come.
    virtual std::vector<position> assigned(std::span<const topic_partition> partitions) = 0;
    // Still ours: finish what is open before returning.
    virtual void revoked(std::span<const topic_partition> partitions) = 0;
    // Somebody else's already: roll back.
    virtual void lost(std::span<const topic_partition> partitions) = 0;
};

class group_consumer {
  public:
    static result<std::unique_ptr<group_consumer>> open(const backend& on, const stage& who,
                                                        assignment_listener& listener);
    ~group_consumer();
    group_consumer(const group_consumer&) = delete;
    group_consumer& operator=(const group_consumer&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }  // readable when poll() has something
    void clear_fd() const;

    struct polled {
        message_ptr message;          // a record, or
        std::optional<position> end;  // the partition is read to here, or
        std::optional<error> failed;  // what librdkafka cannot cure
        [[nodiscard]] bool nothing() const noexcept { return !message && !end && !failed; }
    };
    [[nodiscard]] polled poll();
    // The topic of a polled message.
    [[nodiscard]] topic topic_of(const rd_kafka_message_t& message);

    [[nodiscard]] result<> seek(std::span<const position> to);
    [[nodiscard]] result<> pause(std::span<const topic_partition> partitions);
    [[nodiscard]] result<> resume(std::span<const topic_partition> partitions);
    // Records behind the position, by the cached end of the partition; nullopt before the first fetch.
    [[nodiscard]] std::optional<std::int64_t> end_of(const topic_partition& of) const;

    // Leaves the group; the listener hears of what is revoked.
    void close();
    [[nodiscard]] rd_kafka_t* client() const noexcept { return client_.get(); }

  private:
    group_consumer(const backend& on, std::string group, assignment_listener& listener, int fd);
    void take_whole_assignment();
    void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions);
    [[nodiscard]] std::vector<topic_partition> names_in(const rd_kafka_topic_partition_list_t* list) const;
    [[nodiscard]] partition_list_ptr to_list(std::span<const topic_partition> partitions) const;

    const backend& on_;
    const std::string group_;
    assignment_listener& listener_;
    int fd_;
    client_ptr client_;
    queue_ptr queue_;
    std::vector<std::pair<const rd_kafka_topic_t*, topic>> topics_seen_;
    std::optional<error> failed_;
    bool joined_ = false;                                // had an assignment, if only an empty one
    std::optional<std::vector<topic_partition>> whole_;  // no group: all of these are ours, once polled for
    bool whole_taken_ = false;
};

}  // namespace feedwatch::kafka
