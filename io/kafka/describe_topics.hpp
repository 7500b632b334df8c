// Private: read_topic_settings() of a real cluster.
#pragma once

#include <librdkafka/rdkafka.h>

#include <vector>

#include "io/kafka/backend.hpp"
#include "io/kafka/topic_settings.hpp"

namespace feedwatch::kafka {

[[nodiscard]] result<std::vector<topic_settings>> describe_topics(rd_kafka_t* admin, const backend& on,
                                                                  duration patience);

}  // namespace feedwatch::kafka
