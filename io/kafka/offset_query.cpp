#include "io/kafka/offset_query.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "io/kafka/failure.hpp"

namespace feedwatch::kafka {
namespace {

result<> query_once(rd_kafka_t* client, rd_kafka_topic_partition_list_t* list, duration patience) {
    const auto code = rd_kafka_offsets_for_times(client, list, static_cast<int>(patience.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "asking for offsets");
    for (int i = 0; i < list->cnt; ++i)
        if (const auto& each = list->elems[i]; each.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return to_error(each.err, std::string{"asking for offsets of "} + each.topic + "[" +
                                          std::to_string(each.partition) + "]");
    return {};
}

}  // namespace

result<> query_offsets(rd_kafka_t* client, rd_kafka_topic_partition_list_t* list, duration patience) {
    constexpr duration between = std::chrono::milliseconds{50};
    std::vector<std::int64_t> asked;
    for (int i = 0; i < list->cnt; ++i) asked.push_back(list->elems[i].offset);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto left = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
        auto answered = query_once(client, list, std::max(left, between));
        if (answered || !is_retryable(answered.error()) || left <= between) return answered;
        for (int i = 0; i < list->cnt; ++i) {
            list->elems[i].offset = asked[static_cast<std::size_t>(i)];
            list->elems[i].err = RD_KAFKA_RESP_ERR_NO_ERROR;
        }
        std::this_thread::sleep_for(between);  // librdkafka says nothing when its metadata has changed
    }
}

}  // namespace feedwatch::kafka
