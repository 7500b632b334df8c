#include "io/kafka/message_view.hpp"

namespace feedwatch::kafka {

record_view view_of(const rd_kafka_message_t& message, topic from, std::vector<header>& headers) {
    record_view view;
    view.from = from;
    view.partition = message.partition;
    view.offset = message.offset;
    if (message.key != nullptr) view.key = {static_cast<const char*>(message.key), message.key_len};
    if (message.payload != nullptr)
        view.value = std::string_view{static_cast<const char*>(message.payload), message.len};
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const auto written = rd_kafka_message_timestamp(&message, &type);
    if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) view.written = timestamp{duration{written}};

    std::size_t count = 0;
    rd_kafka_headers_t* held = nullptr;
    if (rd_kafka_message_headers(&message, &held) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        while (rd_kafka_header_get_all(held, count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (count == headers.size()) headers.emplace_back();
            headers[count].name.assign(name);
            headers[count].value.assign(static_cast<const char*>(value), value == nullptr ? 0 : size);
            ++count;
        }
    }
    headers.resize(count);
    view.headers = headers;
    return view;
}

std::size_t size_of(const rd_kafka_message_t& message) noexcept {
    return message.len + message.key_len;
}

}  // namespace feedwatch::kafka
