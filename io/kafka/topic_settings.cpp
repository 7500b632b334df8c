#include "io/kafka/topic_settings.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "io/kafka/backend.hpp"
#include "io/kafka/describe_topics.hpp"
#include "io/kafka/failure.hpp"

namespace feedwatch::kafka {
namespace {

using resource_ptr = holder<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

// -1 and the largest number both say "no end".
std::optional<duration> span_of(std::string_view text) {
    std::int64_t ms = -1;
    std::from_chars(text.data(), text.data() + text.size(), ms);
    if (ms < 0 || ms == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return duration{ms};
}

void read_entry(std::string_view name, std::string_view value, topic_settings& out) {
    if (name == "cleanup.policy") {
        out.deletes = value.find("delete") != std::string_view::npos;
        out.compacts = value.find("compact") != std::string_view::npos;
    } else if (name == "retention.ms") {
        out.retention = span_of(value);
    } else if (name == "segment.ms") {
        out.segment = span_of(value).value_or(duration::max());
    } else if (name == "max.compaction.lag.ms") {
        out.compaction_lag_max = span_of(value);
    }
}

void read_resource(const rd_kafka_ConfigResource_t* about, std::vector<topic_settings>& all,
                   const std::vector<std::string>& names) {
    const auto at = std::find(names.begin(), names.end(), rd_kafka_ConfigResource_name(about));
    if (at == names.end() || rd_kafka_ConfigResource_error(about) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    topic_settings& settings = all[static_cast<std::size_t>(at - names.begin())];
    std::size_t count = 0;
    const auto** entries = rd_kafka_ConfigResource_configs(about, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const char* value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value != nullptr) read_entry(rd_kafka_ConfigEntry_name(entries[i]), value, settings);
    }
    settings.known = count > 0;
}

result<> describe_configs(rd_kafka_t* admin, const std::vector<std::string>& names, std::vector<topic_settings>& all,
                          duration patience) {
    std::vector<resource_ptr> wanted;
    std::vector<rd_kafka_ConfigResource_t*> lent;
    for (const std::string& name : names) {
        wanted.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
        lent.push_back(wanted.back().get());
    }
    const admin_options_ptr options{rd_kafka_AdminOptions_new(admin, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)};
    std::array<char, 512> why{};
    const auto timeout_ms = static_cast<int>(patience.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, why.data(), why.size());
    const queue_ptr answers{rd_kafka_queue_new(admin)};
    rd_kafka_DescribeConfigs(admin, lent.data(), lent.size(), options.get(), answers.get());
    const event_ptr answer{rd_kafka_queue_poll(answers.get(), timeout_ms * 2)};
    if (!answer) return error{errc::timeout, "asking for the settings of topics: no answer"};
    const auto code = rd_kafka_event_error(answer.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "asking for the settings of topics");
    std::size_t count = 0;
    const auto** resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer.get()), &count);
    for (std::size_t i = 0; i < count; ++i) read_resource(resources[i], all, names);
    return {};
}

}  // namespace

result<std::vector<topic_settings>> describe_topics(rd_kafka_t* admin, const backend& on, duration patience) {
    const rd_kafka_metadata_t* raw = nullptr;
    const auto code = rd_kafka_metadata(admin, 1, nullptr, &raw, static_cast<int>(patience.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "listing topics");
    const metadata_ptr metadata{raw};
    std::vector<topic_settings> all;
    std::vector<std::string> names;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        const auto& about = metadata->topics[i];
        const auto t = on.topic_of(about.topic);
        if (!t || about.err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        names.emplace_back(about.topic);
        all.push_back({.of = *t, .partitions = about.partition_cnt, .retention = {}, .compaction_lag_max = {}});
    }
    if (all.empty()) return all;
    if (const auto asked = describe_configs(admin, names, all, patience); !asked) return asked.error();
    return all;
}

result<std::vector<topic_settings>> read_topic_settings(const cluster& of, duration patience) {
    return dynamic_cast<const backend&>(of).topic_settings_of(patience);
}

}  // namespace feedwatch::kafka
