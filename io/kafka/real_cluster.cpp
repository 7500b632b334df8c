#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>

#include "io/kafka/backend.hpp"
#include "io/kafka/describe_topics.hpp"
#include "io/kafka/failure.hpp"
#include "io/kafka/message_view.hpp"
#include "io/kafka/offset_query.hpp"
#include "io/kafka/partition_reader.hpp"
#include "io/kafka/properties.hpp"
#include "io/kafka/transactional_committer.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

constexpr duration admin_patience = std::chrono::seconds{30};

class real_changelog final : public changelog {
  public:
    real_changelog(std::unique_ptr<partition_reader> reader, topic from, bool is_empty)
        : reader_(std::move(reader)), from_(from), at_end_(is_empty) {}

    result<bool> advance(const std::function<void(const record_view&)>& use, std::size_t records_max,
                         duration patience) override {
        for (std::size_t taken = 0; taken < records_max && !at_end_; ++taken) {
            auto message = reader_->next(patience);
            if (!message) return message.error();
            if (!message.value()) break;
            if (message.value()->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
                at_end_ = true;
            else
                use(view_of(*message.value(), from_, headers_));
        }
        return at_end_;
    }

  private:
    std::unique_ptr<partition_reader> reader_;
    topic from_;
    bool at_end_;
    std::vector<header> headers_;
};

class real_cluster final : public backend {
  public:
    real_cluster(const kafka_config& config, std::string id, client_ptr admin)
        : backend(config), id_(std::move(id)), admin_(std::move(admin)) {}

    [[nodiscard]] std::string id() const override { return id_; }
    [[nodiscard]] std::string bootstrap() const override { return config().brokers; }
    result<> create_missing_topics() override;
    [[nodiscard]] result<> reach(duration patience) const override;

    [[nodiscard]] std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override {
        if (who.kind == stage_kind::sink) return std::make_unique<plain_committer>(*this);
        return std::make_unique<transactional_committer>(*this, config().topic_prefix + who.name + "-" + who.instance,
                                                         consumer, who.inputs.front());
    }
    [[nodiscard]] result<std::vector<position>> committed(const stage& who, rd_kafka_t* consumer,
                                                          std::span<const topic_partition> wanted,
                                                          duration patience) override;
    [[nodiscard]] result<std::unique_ptr<changelog>> open_changelog(topic_partition which,
                                                                    const std::optional<resumption>& after) override;
    [[nodiscard]] bool keeps_offsets() const override { return true; }
    [[nodiscard]] result<extent> ends_of(const topic_partition& which) override;
    [[nodiscard]] result<std::vector<topic_settings>> topic_settings_of(duration patience) const override {
        return describe_topics(admin_.get(), *this, patience);
    }

  private:
    // Those that can be used: all partitions have a leader.
    [[nodiscard]] result<std::set<std::string>> existing_topics() const;
    result<> wait_until_usable() const;
    // A topic that must not be seen is missing from a list; asked for by name, the broker says so.
    [[nodiscard]] result<> ask_for(const std::string& name) const;
    [[nodiscard]] new_topic_ptr describe(topic t) const;

    std::string id_;
    client_ptr admin_;
};

result<> real_cluster::reach(duration patience) const {
    const rd_kafka_metadata_t* raw = nullptr;
    const auto code = rd_kafka_metadata(admin_.get(), 0, nullptr, &raw, static_cast<int>(patience.count()));
    const metadata_ptr metadata{raw};
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    return error{errc::unavailable, "no Kafka broker answers at " + config().brokers};
}

result<std::set<std::string>> real_cluster::existing_topics() const {
    const rd_kafka_metadata_t* raw = nullptr;
    const auto code = rd_kafka_metadata(admin_.get(), 1, nullptr, &raw, static_cast<int>(admin_patience.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "listing topics");
    const metadata_ptr metadata{raw};
    std::set<std::string> names;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        const auto& about = metadata->topics[i];
        auto* const end = about.partitions + about.partition_cnt;
        if (std::all_of(about.partitions, end, [](const auto& p) { return p.leader >= 0; })) names.insert(about.topic);
    }
    return names;
}

result<> real_cluster::ask_for(const std::string& name) const {
    const topic_ptr handle{rd_kafka_topic_new(admin_.get(), name.c_str(), nullptr)};
    const rd_kafka_metadata_t* raw = nullptr;
    const auto code = rd_kafka_metadata(admin_.get(), 0, handle.get(), &raw, static_cast<int>(admin_patience.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "asking for topic " + name);
    const metadata_ptr metadata{raw};
    for (int i = 0; i < metadata->topic_cnt; ++i)
        if (needs_operator(metadata->topics[i].err))
            return to_error(metadata->topics[i].err, "asking for topic " + name + ": grant the right to describe it");
    return {};
}

// A consumer that asks too early would take a topic for missing.
result<> real_cluster::wait_until_usable() const {
    constexpr duration between = std::chrono::milliseconds{50};
    const auto until = std::chrono::steady_clock::now() + admin_patience;
    while (true) {
        auto existing = existing_topics();
        if (!existing) return existing.error();
        std::string missing;
        for (const topic t : all_topics) {
            if (existing.value().contains(topic_name(t))) continue;
            if (auto ok = ask_for(topic_name(t)); !ok) return ok;
            missing += " " + topic_name(t);
        }
        if (missing.empty()) return {};
        if (std::chrono::steady_clock::now() > until)
            return error{errc::timeout, "topics were created but have no leader yet:" + missing};
        std::this_thread::sleep_for(between);
    }
}

new_topic_ptr real_cluster::describe(topic t) const {
    const auto& traits = traits_of(t);
    const int partitions = traits.partitions == partitioning::single ? 1 : config().partitions;
    std::array<char, 512> why{};
    new_topic_ptr made{
        rd_kafka_NewTopic_new(topic_name(t).c_str(), partitions, config().replication_factor, why.data(), why.size())};
    if (!made) return made;
    if (traits.compacted) {
        rd_kafka_NewTopic_set_config(made.get(), "cleanup.policy", "compact");
    } else {
        rd_kafka_NewTopic_set_config(made.get(), "cleanup.policy", "delete");
        rd_kafka_NewTopic_set_config(made.get(), "retention.ms", std::to_string(traits.retention.count()).c_str());
    }
    return made;
}

result<> real_cluster::create_missing_topics() {
    auto existing = existing_topics();
    if (!existing) return existing.error();
    std::vector<new_topic_ptr> wanted;
    std::vector<rd_kafka_NewTopic_t*> lent;
    for (const topic t : all_topics) {
        if (existing.value().contains(topic_name(t))) continue;
        wanted.push_back(describe(t));
        if (!wanted.back()) return error{errc::invalid_config, "topic " + topic_name(t) + " cannot be described"};
        lent.push_back(wanted.back().get());
    }
    if (wanted.empty()) return {};
    const admin_options_ptr options{rd_kafka_AdminOptions_new(admin_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS)};
    std::array<char, 512> why{};
    const auto timeout_ms = static_cast<int>(admin_patience.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, why.data(), why.size());
    // Waits until the topics are known to the controller, not only asked for.
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms, why.data(), why.size());
    const queue_ptr answers{rd_kafka_queue_new(admin_.get())};
    rd_kafka_CreateTopics(admin_.get(), lent.data(), lent.size(), options.get(), answers.get());
    const event_ptr answer{rd_kafka_queue_poll(answers.get(), timeout_ms * 2)};
    if (!answer) return error{errc::timeout, "creating topics: no answer from the controller"};
    if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return to_error(rd_kafka_event_error(answer.get()), "creating topics");
    std::size_t count = 0;
    const auto** results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = rd_kafka_topic_result_error(results[i]);
        const bool is_new = code == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (is_new && wanted.size() < all_topics.size())
            log::warning("a topic was missing beside the others: created, empty",
                         {{"topic", rd_kafka_topic_result_name(results[i])}});
        // Another process may create them at the same time.
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
        auto failed = to_error(code, std::string{"creating topic "} + rd_kafka_topic_result_name(results[i]));
        if (const char* said = rd_kafka_topic_result_error_string(results[i]))
            failed.detail += std::string{": "} + said;
        failed.detail += "; grant the right, or create it by hand (docs/ names partitions and clean-up of each topic)";
        return failed;
    }
    return wait_until_usable();
}

result<std::vector<position>> real_cluster::committed(const stage& who, rd_kafka_t* consumer,
                                                      std::span<const topic_partition> wanted, duration patience) {
    std::vector<position> found;
    if (wanted.empty()) return found;
    const auto timeout_ms = static_cast<int>(patience.count());
    const partition_list_ptr list{rd_kafka_topic_partition_list_new(static_cast<int>(wanted.size()))};
    for (const auto& [name, partition] : wanted)
        rd_kafka_topic_partition_list_add(list.get(), topic_name(name).c_str(), partition);
    if (who.kind == stage_kind::step) {
        const auto code = rd_kafka_committed(consumer, list.get(), timeout_ms);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "asking for committed offsets");
    }
    const partition_list_ptr fresh{rd_kafka_topic_partition_list_new(static_cast<int>(wanted.size()))};
    for (int i = 0; i < list->cnt; ++i) {
        const auto& each = list->elems[i];
        if (each.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return to_error(each.err, std::string{"asking for the committed offset of "} + each.topic);
        if (each.offset < 0)
            rd_kafka_topic_partition_list_add(fresh.get(), each.topic, each.partition)->offset =
                RD_KAFKA_OFFSET_BEGINNING;
        else
            found.push_back({{*topic_of(each.topic), each.partition}, each.offset});
    }
    if (fresh->cnt == 0) return found;
    if (auto ok = query_offsets(consumer, fresh.get(), patience); !ok) return ok.error();
    for (int i = 0; i < fresh->cnt; ++i) {
        const auto& each = fresh->elems[i];
        found.push_back({{*topic_of(each.topic), each.partition}, each.offset});
    }
    return found;
}

// Whether the partition still is what was read up to there: what came before that place is not later than that time.
result<> still_goes_on(partition_reader& reader, const std::string& name, std::int32_t partition,
                       const partition_reader::ends& ends, const resumption& after) {
    if (after.first != ends.first || after.next > ends.next)
        return error{errc::conflict, name + " has offsets " + std::to_string(ends.first) + " to " +
                                         std::to_string(ends.next) + ", not " + std::to_string(after.first) + " to " +
                                         std::to_string(after.next) + " and on"};
    const auto later = reader.first_later(name, partition, after.later_than, admin_patience);
    if (!later) return later.error();
    if (*later && **later < after.next)
        return error{errc::conflict, name + " was made anew: offset " + std::to_string(**later) + " is too young"};
    return {};
}

// A broker ends a transaction a moment after it has said that it is committed: until then, what is seen to be committed
// ends before it.
result<extent> real_cluster::ends_of(const topic_partition& which) {
    constexpr duration between = std::chrono::milliseconds{20};
    auto committed = partition_reader::open(config(), bootstrap());
    if (!committed) return committed.error();
    auto all = partition_reader::open(config(), bootstrap(), partition_reader::sees::all);
    if (!all) return all.error();
    const auto name = topic_name(which.name);
    const auto until = std::chrono::steady_clock::now() + admin_patience;
    while (true) {
        const auto last = all.value()->ends_of(name, which.partition, admin_patience);
        if (!last) return last.error();
        const auto ends = committed.value()->ends_of(name, which.partition, admin_patience);
        if (!ends) return ends.error();
        if (ends->next >= last->next) return extent{ends->first, ends->next};
        if (std::chrono::steady_clock::now() > until)
            return error{errc::timeout, "a transaction in " + name + " has not ended"};
        std::this_thread::sleep_for(between);
    }
}

result<std::unique_ptr<changelog>> real_cluster::open_changelog(topic_partition which,
                                                                const std::optional<resumption>& after) {
    auto reader = partition_reader::open(config(), bootstrap());
    if (!reader) return reader.error();
    const auto name = topic_name(which.name);
    auto ends = reader.value()->ends_of(name, which.partition, admin_patience);
    if (!ends) {
        auto why = ends.error();
        const auto count = reader.value()->partitions(name, admin_patience);
        if (count && which.partition >= count.value())
            why.detail = name + " has no partition " + std::to_string(which.partition) +
                         ", which the topic that it keeps state for has: topics with state cannot be given more "
                         "partitions (docs/configuration.md); start anew under another kafka.topic_prefix";
        return why;
    }
    // The committed end is enough: whoever owned the partition before has been fenced or has finished, and nobody else
    // writes to it; what is still open there will be aborted.
    if (after)
        if (auto ok = still_goes_on(*reader.value(), name, which.partition, *ends, *after); !ok) return ok.error();
    const std::int64_t first = after ? after->next : ends->first;
    const bool is_empty = first >= ends->next;
    if (!is_empty)
        if (auto ok = reader.value()->start(name, which.partition, first); !ok) return ok.error();
    return std::unique_ptr<changelog>(
        std::make_unique<real_changelog>(std::move(reader.value()), which.name, is_empty));
}

}  // namespace

result<std::unique_ptr<cluster>> open_real_cluster(const kafka_config& config, duration patience) {
    auto conf = make_conf(config, config.brokers, client_kind::producer, {});
    if (!conf) return conf.error();
    auto admin = make_client(std::move(conf.value()), client_kind::producer);
    if (!admin) return admin.error();
    char* raw = rd_kafka_clusterid(admin.value().get(), static_cast<int>(patience.count()));
    if (raw == nullptr)
        return error{errc::unavailable, "no Kafka broker answers at " + config.brokers +
                                            "; check kafka.brokers, and kafka.client for TLS and SASL"};
    std::string id{raw};
    rd_kafka_mem_free(admin.value().get(), raw);
    return std::unique_ptr<cluster>(std::make_unique<real_cluster>(config, std::move(id), std::move(admin.value())));
}

}  // namespace feedwatch::kafka
