// Private: puts outputs into a librdkafka producer; what the transactional, the plain and the embedded one share.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "io/kafka/backend.hpp"
#include "io/kafka/batch.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

class producer {
  public:
    producer(client_ptr client, const backend& names);
    // Aborts what is still queued: nothing waits in the destructor.
    ~producer();
    producer(const producer&) = delete;
    producer& operator=(const producer&) = delete;

    // Enqueues; waits while librdkafka's queue is full.
    // The record's time is now unless `written` says otherwise (the embedded cluster, for records it has kept).
    [[nodiscard]] rd_kafka_resp_err_t enqueue(const output& out, void* opaque = nullptr, timestamp written = {});
    [[nodiscard]] rd_kafka_t* get() const noexcept { return client_.get(); }

  private:
    client_ptr client_;
    std::vector<topic_ptr> topics_;  // by topic; librdkafka's handles
};

}  // namespace feedwatch::kafka
