// Private: reads partitions without a group (librdkafka's simple consumer).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

class partition_reader {
  public:
    enum class sees { committed, all };
    [[nodiscard]] static result<std::unique_ptr<partition_reader>> open(const kafka_config& config,
                                                                        const std::string& bootstrap,
                                                                        sees what = sees::committed);
    ~partition_reader();
    partition_reader(const partition_reader&) = delete;
    partition_reader& operator=(const partition_reader&) = delete;

    // How many partitions the topic has; errc::not_found if there is no such topic.
    [[nodiscard]] result<std::int32_t> partitions(const std::string& topic, duration patience);
    struct ends {
        std::int64_t first = 0;
        std::int64_t next = 0;  // of the part that is seen
    };
    [[nodiscard]] result<ends> ends_of(const std::string& topic, std::int32_t partition, duration patience);

    // The first record written later, of those that are there; nullopt: there is none.
    [[nodiscard]] result<std::optional<std::int64_t>> first_later(const std::string& topic, std::int32_t partition,
                                                                  timestamp than, duration patience);

    [[nodiscard]] result<> start(const std::string& topic, std::int32_t partition, std::int64_t offset);
    // A record, or the end of a partition (err is _PARTITION_EOF), or null when nothing came within the time.
    [[nodiscard]] result<message_ptr> next(duration patience);
    // In place, with the names of `message`.
    [[nodiscard]] rd_kafka_t* client() const noexcept { return client_.get(); }

  private:
    struct started {
        topic_ptr topic;
        std::int32_t partition;
    };
    explicit partition_reader(client_ptr client);

    client_ptr client_;
    queue_ptr queue_;
    std::vector<started> started_;
};

}  // namespace feedwatch::kafka
