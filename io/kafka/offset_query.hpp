// Private: asks brokers for offsets by librdkafka's logical ones (RD_KAFKA_OFFSET_BEGINNING, _END).
#pragma once

#include "core/error.hpp"
#include "core/time.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

// Replaces the offsets of the list. Tries again within the time while leaders are moving or are not known yet, as they
// are right after a topic was made.
[[nodiscard]] result<> query_offsets(rd_kafka_t* client, rd_kafka_topic_partition_list_t* list, duration patience);

}  // namespace feedwatch::kafka
