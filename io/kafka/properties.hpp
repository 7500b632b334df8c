// Private: from kafka.client to librdkafka's configuration objects.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/config.hpp"
#include "io/kafka/handles.hpp"

namespace feedwatch::kafka {

enum class client_kind { consumer, producer };

// Which clients know a property, from librdkafka's own table; `unknown` when it has no such name.
enum class property_scope { unknown, consumer, producer, both };
[[nodiscard]] property_scope scope_of(const std::string& name);

// As check_properties() of runner.hpp, for a given librdkafka (rd_kafka_version()).
[[nodiscard]] result<> check_properties(const kafka_config& config, int library_version);

// Ours first, then kafka.client's for this kind of client, then `own`, which nobody overrides.
using property = std::pair<const char*, std::string>;
[[nodiscard]] result<conf_ptr> make_conf(const kafka_config& config, const std::string& bootstrap, client_kind kind,
                                         std::initializer_list<property> own);

[[nodiscard]] result<client_ptr> make_client(conf_ptr conf, client_kind kind);

// message.max.bytes as configured, else librdkafka's default; what a record may take with key, value and headers.
[[nodiscard]] std::size_t record_bytes_max(const kafka_config& config);

}  // namespace feedwatch::kafka
