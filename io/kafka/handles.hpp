// Private: who owns what of librdkafka's C API. One holder template over the destroy function, one alias per C type.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace feedwatch::kafka {

template <auto Destroy>
struct destroy_with {
    template <class T>
    void operator()(T* held) const noexcept {
        Destroy(held);
    }
};
template <class T, auto Destroy>
using holder = std::unique_ptr<T, destroy_with<Destroy>>;

using conf_ptr = holder<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using client_ptr = holder<rd_kafka_t, rd_kafka_destroy>;  // a consumer must have been closed before
using topic_ptr = holder<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using queue_ptr = holder<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using message_ptr = holder<rd_kafka_message_t, rd_kafka_message_destroy>;
using event_ptr = holder<rd_kafka_event_t, rd_kafka_event_destroy>;
using headers_ptr = holder<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using error_ptr = holder<rd_kafka_error_t, rd_kafka_error_destroy>;
using partition_list_ptr = holder<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using group_metadata_ptr = holder<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>;
using new_topic_ptr = holder<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using admin_options_ptr = holder<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using metadata_ptr = holder<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

}  // namespace feedwatch::kafka
