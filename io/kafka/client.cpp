#include "io/kafka/client.hpp"

#include <deque>
#include <map>
#include <random>
#include <thread>

#include "io/kafka/embedded_cluster.hpp"
#include "io/kafka/embedded_journal.hpp"
#include "io/kafka/headers.hpp"
#include "io/kafka/message_view.hpp"
#include "io/kafka/partition_reader.hpp"
#include "io/kafka/properties.hpp"
#include "io/kafka/transactional_committer.hpp"

namespace feedwatch::kafka {
namespace {

std::optional<std::int64_t> start_named(const reader_options& options, const topic_partition& of) {
    for (const auto& [each, next] : options.at)
        if (each == of) return next;
    return std::nullopt;
}

class log_reader final : public reader {
  public:
    log_reader(std::unique_ptr<partition_reader> from, bool follow) : from_(std::move(from)), follow_(follow) {}

    result<> start(const kafka_config& config, const reader_options& options, duration patience) {
        for (const topic t : options.topics) {
            const auto name = config.topic_prefix + std::string{name_of(t)};
            names_.emplace(name, t);
            auto count = from_->partitions(name, patience);
            if (!count) return count.error();
            for (std::int32_t p = 0; p < count.value(); ++p) {
                auto ends = from_->ends_of(name, p, patience);
                if (!ends) return ends.error();
                const auto fallback = options.start == read_from::beginning ? ends.value().first : ends.value().next;
                const auto begin = start_named(options, {t, p}).value_or(fallback);
                if (!follow_ && begin >= ends.value().next) continue;
                if (!follow_) unfinished_[{t, p}] = ends.value().next;
                if (auto ok = from_->start(name, p, begin); !ok) return ok;
            }
        }
        return {};
    }

    result<std::optional<read_record>> next(duration patience) override {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!at_end()) {
            const auto left = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
            auto message = from_->next(std::max(left, duration::zero()));
            if (!message) return message.error();
            if (!message.value()) {
                if (left <= duration::zero()) break;
                continue;
            }
            const auto& got = *message.value();
            const topic_partition of{names_.at(rd_kafka_topic_name(got.rkt)), got.partition};
            if (got.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
                unfinished_.erase(of);
                continue;
            }
            if (!follow_) {
                const auto end = unfinished_.find(of);
                if (end == unfinished_.end()) continue;
                if (got.offset >= end->second) {  // written since
                    unfinished_.erase(end);
                    continue;
                }
            }
            return std::optional{copy(got, of)};
        }
        return std::optional<read_record>{};
    }

    [[nodiscard]] bool at_end() const override { return !follow_ && unfinished_.empty(); }

  private:
    static read_record copy(const rd_kafka_message_t& message, const topic_partition& of) {
        read_record record;
        const auto view = view_of(message, of.name, record.headers);
        record.from = of.name;
        record.partition = of.partition;
        record.offset = view.offset;
        record.written = view.written;
        record.key = std::string{view.key};
        if (view.value) record.value = std::string{*view.value};
        return record;
    }

    std::unique_ptr<partition_reader> from_;
    bool follow_;
    std::map<std::string, topic, std::less<>> names_;
    std::map<topic_partition, std::int64_t> unfinished_;  // the end to read to, when not following
};

class journal_reader final : public reader {
  public:
    journal_reader(std::unique_ptr<embedded_journal> from, bool follow) : from_(std::move(from)), follow_(follow) {}

    result<> start(const reader_options& options) {
        for (const topic t : options.topics) {
            for (std::int32_t p = 0; p < from_->partitions(t); ++p) {
                auto all = from_->extent_after({t, p}, 0);
                if (!all) return all.error();
                const auto fallback = options.start == read_from::beginning ? 0 : all.value().last;
                const auto begin = start_named(options, {t, p});
                lanes_.push_back({{t, p}, begin ? *begin - 1 : fallback, all.value().last});
            }
        }
        return {};
    }

    result<std::optional<read_record>> next(duration patience) override {
        // Another process writes the file and cannot wake us.
        constexpr duration look_again = std::chrono::milliseconds{100};
        const auto until = std::chrono::steady_clock::now() + patience;
        while (ready_.empty()) {
            if (auto ok = fetch(); !ok) return ok.error();
            if (!ready_.empty() || at_end()) break;
            const auto left = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
            if (left <= duration::zero()) break;
            std::this_thread::sleep_for(std::min(left, look_again));
        }
        if (ready_.empty()) return std::optional<read_record>{};
        std::optional<read_record> front{std::move(ready_.front())};
        ready_.pop_front();
        return front;
    }

    [[nodiscard]] bool at_end() const override {
        if (follow_ || !ready_.empty()) return false;
        for (const auto& each : lanes_)
            if (each.read < each.end) return false;
        return true;
    }

  private:
    struct lane {
        topic_partition of;
        journal_seq read;
        journal_seq end;
    };

    result<> fetch() {
        for (auto& [of, read, end] : lanes_) {
            if (!follow_ && read >= end) continue;
            auto records = from_->read(of, read, {});
            if (!records) return records.error();
            if (records.value().empty()) end = read;
            for (auto& each : records.value()) {
                read = each.seq;
                if (!follow_ && each.seq > end) break;
                ready_.push_back({of.name, of.partition, each.seq, each.written, std::move(each.key),
                                  std::move(each.value), std::move(each.headers)});
            }
        }
        return {};
    }

    std::unique_ptr<embedded_journal> from_;
    bool follow_;
    std::vector<lane> lanes_;
    std::deque<read_record> ready_;
};

std::vector<output> as_outputs(std::span<const output_record> records) {
    static thread_local trace_source traces{std::random_device{}()};
    std::vector<output> outputs;
    outputs.reserve(records.size());
    for (const auto& each : records) outputs.push_back({each, traces.continue_from(each.headers)});
    return outputs;
}

class log_writer final : public writer {
  public:
    explicit log_writer(std::unique_ptr<producer> by) : by_(std::move(by)) {}
    result<> write(std::span<const output_record> records) override {
        return write_and_flush(*by_, as_outputs(records));
    }

  private:
    std::unique_ptr<producer> by_;
};

class journal_writer final : public writer {
  public:
    explicit journal_writer(embedded_cluster& on) : on_(on) {}
    result<> write(std::span<const output_record> records) override { return on_.append(as_outputs(records)); }

  private:
    embedded_cluster& on_;
};

}  // namespace

result<std::unique_ptr<reader>> open_reader(const kafka_config& config, const std::string& state_dir,
                                            reader_options options, duration patience) {
    if (config.embedded()) {
        auto journal = embedded_journal::open_read_only(state_dir + "/embedded.db");
        if (!journal) return journal.error();
        auto made = std::make_unique<journal_reader>(std::move(journal.value()), options.follow);
        if (auto ok = made->start(options); !ok) return ok.error();
        return std::unique_ptr<reader>(std::move(made));
    }
    auto from = partition_reader::open(config, config.brokers);
    if (!from) return from.error();
    auto made = std::make_unique<log_reader>(std::move(from.value()), options.follow);
    if (auto ok = made->start(config, options, patience); !ok) return ok.error();
    return std::unique_ptr<reader>(std::move(made));
}

result<std::unique_ptr<writer>> open_writer(cluster& on) {
    auto& behind = backend_of(on);
    if (auto* embedded = dynamic_cast<embedded_cluster*>(&behind))
        return std::unique_ptr<writer>(std::make_unique<journal_writer>(*embedded));
    auto by = open_plain_producer(behind);
    if (!by) return by.error();
    return std::unique_ptr<writer>(std::make_unique<log_writer>(std::move(by.value())));
}

}  // namespace feedwatch::kafka
