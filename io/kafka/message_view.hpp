// Private: a librdkafka message as the record that steps see.
#pragma once

#include <vector>

#include "core/step.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

// Views into the message; `headers` is the caller's to reuse and must outlive the view.
[[nodiscard]] record_view view_of(const rd_kafka_message_t& message, topic from, std::vector<header>& headers);

[[nodiscard]] std::size_t size_of(const rd_kafka_message_t& message) noexcept;

}  // namespace feedwatch::kafka
