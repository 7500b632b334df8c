#include "io/kafka/failure.hpp"

namespace feedwatch::kafka {

remedy remedy_for(const rd_kafka_error_t& e) noexcept {
    if (rd_kafka_error_is_fatal(&e)) return remedy::replace;
    if (rd_kafka_error_txn_requires_abort(&e)) return remedy::abort;
    if (rd_kafka_error_is_retriable(&e)) return remedy::retry;
    return remedy::replace;
}

bool means_fenced(rd_kafka_resp_err_t code) noexcept {
    switch (code) {
        case RD_KAFKA_RESP_ERR__FENCED:
        case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
        case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
        case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING:
            return true;
        default:
            return false;
    }
}

bool blames_no_record(rd_kafka_resp_err_t code) noexcept {
    switch (code) {
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
        case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
        case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
        case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
        case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
        case RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
        case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
        case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
        case RD_KAFKA_RESP_ERR__TRANSPORT:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR__WAIT_COORD:
            return true;
        default:
            return means_fenced(code) || needs_operator(code);
    }
}

bool needs_operator(rd_kafka_resp_err_t code) noexcept {
    switch (code) {
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
            return true;
        default:
            return false;
    }
}

error to_error(rd_kafka_resp_err_t code, std::string detail) {
    detail += std::string{": "} + rd_kafka_err2str(code) + " (" + rd_kafka_err2name(code) + ")";
    if (needs_operator(code)) return error{errc::refused, std::move(detail)};
    if (means_fenced(code)) return error{errc::conflict, std::move(detail)};
    switch (code) {
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            return error{errc::timeout, std::move(detail)};
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            return error{errc::too_large, std::move(detail)};
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
        case RD_KAFKA_RESP_ERR_INVALID_MSG:
            return error{errc::malformed, std::move(detail)};
        case RD_KAFKA_RESP_ERR__INVALID_ARG:
            return error{errc::invalid_config, std::move(detail)};
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            return error{errc::not_found, std::move(detail)};
        default:
            return error{errc::unavailable, std::move(detail)};
    }
}

error to_error(const rd_kafka_error_t& e, const std::string& doing) {
    auto out = to_error(rd_kafka_error_code(&e), doing);
    const std::string said = rd_kafka_error_string(&e);
    if (!said.empty() && out.detail.find(said) == std::string::npos) out.detail += ": " + said;
    return out;
}

}  // namespace feedwatch::kafka
