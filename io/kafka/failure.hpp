// Private: what a failure of librdkafka means to a runner, decided here for all of io/kafka.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "core/error.hpp"

namespace feedwatch::kafka {

enum class remedy {
    retry,    // the same call again
    abort,    // abort the transaction, rewind, begin another
    replace,  // the producer is of no use any more (fatal, fenced, or none of the above): make a new one
};

[[nodiscard]] remedy remedy_for(const rd_kafka_error_t& e) noexcept;

// Another producer with our transactional id has taken over, or ours was idle past transaction.timeout.ms.
[[nodiscard]] bool means_fenced(rd_kafka_resp_err_t code) noexcept;

// The failure comes from the group or the network, so that no record of the batch can be to blame for it.
[[nodiscard]] bool blames_no_record(rd_kafka_resp_err_t code) noexcept;

// Nothing of ours helps: somebody must grant a right, create a topic or correct the configuration.
[[nodiscard]] bool needs_operator(rd_kafka_resp_err_t code) noexcept;

[[nodiscard]] error to_error(rd_kafka_resp_err_t code, std::string detail);
[[nodiscard]] error to_error(const rd_kafka_error_t& e, const std::string& doing);

}  // namespace feedwatch::kafka
