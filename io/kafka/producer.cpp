#include "io/kafka/producer.hpp"

#include <array>

#include "io/kafka/failure.hpp"
#include "io/kafka/headers.hpp"

namespace feedwatch::kafka {
namespace {

headers_ptr make_headers(const output& out) {
    constexpr std::size_t standard = 3;
    headers_ptr headers{rd_kafka_headers_new(out.record.headers.size() + standard)};
    for_each_header(out, [&](std::string_view name, std::string_view value) {
        rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    });
    return headers;
}

rd_kafka_vu_t vu(rd_kafka_vtype_t type) {
    rd_kafka_vu_t made{};
    made.vtype = type;
    return made;
}

}  // namespace

producer::producer(client_ptr client, const backend& names) : client_(std::move(client)) {
    for (const topic each : all_topics)
        topics_.emplace_back(rd_kafka_topic_new(client_.get(), names.topic_name(each).c_str(), nullptr));
}

producer::~producer() {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

rd_kafka_resp_err_t producer::enqueue(const output& out, void* opaque, timestamp written) {
    const auto& record = out.record;
    std::array<rd_kafka_vu_t, 8> with{};
    with[0] = vu(RD_KAFKA_VTYPE_RKT);
    with[0].u.rkt = topics_[static_cast<std::size_t>(record.to)].get();
    with[1] = vu(RD_KAFKA_VTYPE_PARTITION);
    with[1].u.i32 = record.partition.value_or(RD_KAFKA_PARTITION_UA);
    with[2] = vu(RD_KAFKA_VTYPE_MSGFLAGS);
    with[2].u.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK;
    with[3] = vu(RD_KAFKA_VTYPE_KEY);
    with[3].u.mem.ptr = const_cast<char*>(record.key.data());  // librdkafka copies it
    with[3].u.mem.size = record.key.size();
    with[4] = vu(RD_KAFKA_VTYPE_VALUE);
    with[4].u.mem.ptr = record.value ? const_cast<char*>(record.value->data()) : nullptr;
    with[4].u.mem.size = record.value ? record.value->size() : 0;
    with[5] = vu(RD_KAFKA_VTYPE_HEADERS);
    auto headers = make_headers(out);
    with[5].u.headers = headers.get();
    with[6] = vu(RD_KAFKA_VTYPE_OPAQUE);
    with[6].u.ptr = opaque;
    with[7] = vu(RD_KAFKA_VTYPE_TIMESTAMP);
    with[7].u.i64 = written.time_since_epoch().count();  // 0: now
    const error_ptr failed{rd_kafka_produceva(client_.get(), with.data(), with.size())};
    if (failed) return rd_kafka_error_code(failed.get());
    (void)headers.release();  // the message owns them now
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace feedwatch::kafka
