#include "io/kafka/partition_reader.hpp"

#include "io/kafka/failure.hpp"
#include "io/kafka/offset_query.hpp"
#include "io/kafka/properties.hpp"

namespace feedwatch::kafka {

result<std::unique_ptr<partition_reader>> partition_reader::open(const kafka_config& config,
                                                                 const std::string& bootstrap, sees what) {
    auto conf = make_conf(config, bootstrap, client_kind::consumer,
                          {{"enable.partition.eof", "true"},
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"isolation.level", what == sees::all ? "read_uncommitted" : "read_committed"}});
    if (!conf) return conf.error();
    auto client = make_client(std::move(conf.value()), client_kind::consumer);
    if (!client) return client.error();
    return std::unique_ptr<partition_reader>(new partition_reader(std::move(client.value())));
}

partition_reader::partition_reader(client_ptr client)
    : client_(std::move(client)), queue_(rd_kafka_queue_new(client_.get())) {}

partition_reader::~partition_reader() {
    for (const auto& [topic, partition] : started_) rd_kafka_consume_stop(topic.get(), partition);
}

result<std::int32_t> partition_reader::partitions(const std::string& topic, duration patience) {
    const topic_ptr handle{rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr)};
    const rd_kafka_metadata_t* raw = nullptr;
    const auto code = rd_kafka_metadata(client_.get(), 0, handle.get(), &raw, static_cast<int>(patience.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "asking for topic " + topic);
    const metadata_ptr metadata{raw};
    if (metadata->topic_cnt != 1) return error{errc::not_found, "there is no topic " + topic};
    const auto& about = metadata->topics[0];
    if (about.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || about.err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
        return error{errc::not_found, "there is no topic " + topic};
    if (about.err != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(about.err, "asking for topic " + topic);
    return about.partition_cnt;
}

result<partition_reader::ends> partition_reader::ends_of(const std::string& topic, std::int32_t partition,
                                                         duration patience) {
    ends found;
    for (const auto& [where, into] : {std::pair{std::int64_t{RD_KAFKA_OFFSET_BEGINNING}, &found.first},
                                      std::pair{std::int64_t{RD_KAFKA_OFFSET_END}, &found.next}}) {
        const partition_list_ptr list{rd_kafka_topic_partition_list_new(1)};
        auto* entry = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
        entry->offset = where;
        if (auto ok = query_offsets(client_.get(), list.get(), patience); !ok) return ok.error();
        *into = entry->offset;
    }
    return found;
}

result<std::optional<std::int64_t>> partition_reader::first_later(const std::string& topic, std::int32_t partition,
                                                                  timestamp than, duration patience) {
    const partition_list_ptr list{rd_kafka_topic_partition_list_new(1)};
    auto* entry = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    entry->offset = than.time_since_epoch().count() + 1;
    if (auto ok = query_offsets(client_.get(), list.get(), patience); !ok) return ok.error();
    return entry->offset < 0 ? std::nullopt : std::optional{entry->offset};
}

result<> partition_reader::start(const std::string& topic, std::int32_t partition, std::int64_t offset) {
    topic_ptr handle{rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr)};
    if (rd_kafka_consume_start_queue(handle.get(), partition, offset, queue_.get()) != 0)
        return to_error(rd_kafka_last_error(), "reading " + topic + "[" + std::to_string(partition) + "]");
    started_.push_back({std::move(handle), partition});
    return {};
}

result<message_ptr> partition_reader::next(duration patience) {
    message_ptr message{rd_kafka_consume_queue(queue_.get(), static_cast<int>(patience.count()))};
    if (!message || message->err == RD_KAFKA_RESP_ERR_NO_ERROR || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return message;
    const auto code = message->err;
    if (needs_operator(code) || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
        code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return to_error(code, std::string{"reading "} + (message->rkt ? rd_kafka_topic_name(message->rkt) : "a topic"));
    return message_ptr{};  // librdkafka goes on by itself
}

}  // namespace feedwatch::kafka
