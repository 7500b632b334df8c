// Reading a topic from its beginning to where it ended at the start, for the commands that look inside.
#pragma once

#include <functional>

#include "core/config.hpp"
#include "core/error.hpp"
#include "io/kafka/client.hpp"

namespace feedwatch::app {

enum class progress { silent, told };  // told: a line on standard error where that is a terminal, gone at the end

// Calls use(record) for each committed record. A topic that does not exist yet has none. Partitions come one after
// another or mixed; each in its order.
[[nodiscard]] result<> read_topic(const config& from, topic t,
                                  const std::function<void(const kafka::read_record&)>& use,
                                  progress p = progress::silent);

}  // namespace feedwatch::app
