// Records of the pipeline's topics as JSON lines, and what `tap` and `dead` share.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "io/kafka/client.hpp"

namespace feedwatch::app {

// {"topic","partition","offset","timestamp","key","headers":{…},"value":…}: the value as JSON where it is JSON, else as
// text; null for a tombstone. Without a line break.
[[nodiscard]] std::string record_to_json(const kafka::read_record& record, std::string_view topic_prefix);

// "items", or with the prefix: "feedwatch.items". errc::not_found names the topics there are.
[[nodiscard]] result<topic> topic_for(std::string_view name, std::string_view topic_prefix);

}  // namespace feedwatch::app
