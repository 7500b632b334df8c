// Steps, sinks and waiting for tests of the runners, on whatever cluster.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "io/kafka/client.hpp"
#include "io/kafka/runner.hpp"

namespace feedwatch::kafka::test {

using namespace std::chrono_literals;

template <class Condition>
[[nodiscard]] bool eventually(const Condition& condition, duration patience = 60s) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

// Takes `room` records, then wants none until a tick, which comes 20 ms later, makes room again.
class choosy_step final : public step {
  public:
    static constexpr int room = 100;

    [[nodiscard]] std::string_view name() const override { return "choosy"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::fetched}; }
    result<> process(const record_view& record, timestamp now, emitter& out) override {
        if (!wants_input()) ++uninvited;
        ++taken_;
        free_at_ = now + std::chrono::milliseconds{20};
        out.emit({.to = topic::items,
                  .key = std::string{record.key},
                  .value = std::string{*record.value},
                  .partition = std::nullopt,
                  .headers = {}});
        return {};
    }
    void tick(timestamp now, emitter&) override {
        if (taken_ < room || now < free_at_) return;
        taken_ = 0;
        ++refills;
    }
    [[nodiscard]] std::optional<timestamp> next_tick() const override {
        return taken_ < room ? std::nullopt : std::optional{free_at_};
    }
    [[nodiscard]] bool wants_input() const override { return taken_ < room; }

    std::atomic<int> uninvited = 0;  // records of a batch already begun
    std::atomic<int> refills = 0;

  private:
    int taken_ = 0;
    timestamp free_at_{};
};

// Copies `fetched` to `items` and counts in `seen`, per key, how often it came: state that must neither run ahead of
// what is committed nor stay behind.
class copying_step final : public step {
  public:
    using hook = std::function<result<>(const record_view&, emitter&)>;
    explicit copying_step(std::string name = "copy", hook more = {}) : name_(std::move(name)), more_(std::move(more)) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::fetched}; }
    [[nodiscard]] std::vector<topic> changelogs() const override { return {topic::seen}; }

    void assigned(std::int32_t) override { ++assignments; }
    result<> restore(const record_view& record) override {
        const std::lock_guard lock{mutex_};
        counts_[std::string{record.key}] = std::stoi(std::string{*record.value});
        return {};
    }
    void revoked(std::int32_t) override {
        const std::lock_guard lock{mutex_};
        EXPECT_TRUE(undo_.empty()) << "revoked with a batch open";
        counts_.clear();
    }
    void begin_batch(std::uint64_t batch) override { undo_[batch]; }
    result<> process(const record_view& record, timestamp, emitter& out) override {
        if (more_)
            if (auto ok = more_(record, out); !ok) return ok;
        const std::string key{record.key};
        const std::lock_guard lock{mutex_};
        auto& count = counts_[key];
        undo_.rbegin()->second.push_back({key, count});
        ++count;
        out.emit({.to = topic::items,
                  .key = key,
                  .value = std::string{*record.value},
                  .partition = std::nullopt,
                  .headers = {}});
        out.emit({.to = topic::seen,
                  .key = key,
                  .value = std::to_string(count),
                  .partition = record.partition,
                  .headers = {}});
        return {};
    }
    void commit_batch(std::uint64_t batch) override {
        EXPECT_EQ(undo_.begin()->first, batch) << "commits are in order";
        undo_.erase(batch);
    }
    void rollback_batch(std::uint64_t batch) override {
        ++rollbacks;
        EXPECT_EQ(undo_.rbegin()->first, batch) << "roll-backs are newest first";
        const std::lock_guard lock{mutex_};
        auto& undo = undo_.at(batch);
        for (auto it = undo.rbegin(); it != undo.rend(); ++it) {
            if (it->second == 0)
                counts_.erase(it->first);
            else
                counts_[it->first] = it->second;
        }
        undo_.erase(batch);
    }

    [[nodiscard]] std::map<std::string, int> counts() const {
        const std::lock_guard lock{mutex_};
        return counts_;
    }
    std::atomic<int> rollbacks = 0;
    std::atomic<int> assignments = 0;

  private:
    std::string name_;
    hook more_;
    mutable std::mutex mutex_;
    std::map<std::string, int> counts_;
    std::map<std::uint64_t, std::vector<std::pair<std::string, int>>> undo_;
};

// As copying_step; remembers how much it was handed at its start.
class snapshot_step final : public step {
  public:
    explicit snapshot_step(std::string format = "counts/1") : format_(std::move(format)) {}

    [[nodiscard]] std::string_view name() const override { return "snap"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::fetched}; }
    [[nodiscard]] std::vector<topic> changelogs() const override { return {topic::seen}; }
    [[nodiscard]] std::string snapshot_format() const override { return format_; }

    void assigned(std::int32_t) override {
        const std::lock_guard lock{mutex_};
        counts_.clear();
    }
    void save(std::int32_t, byte_writer& out) const override {
        const std::lock_guard lock{mutex_};
        out.put(std::uint64_t{counts_.size()});
        for (const auto& [key, count] : counts_) {
            out.put_text(key);
            out.put(count);
        }
    }
    result<> load(std::int32_t, byte_reader& in) override {
        const std::lock_guard lock{mutex_};
        std::uint64_t size = 0;
        if (!in.get(size)) return error{errc::malformed, "no size"};
        for (std::uint64_t i = 0; i < size; ++i) {
            std::string key;
            int count = 0;
            if (!in.get_text(key, 1000) || !in.get(count)) return error{errc::malformed, "no entry"};
            counts_[key] = count;
            ++loaded;
        }
        return {};
    }
    result<> restore(const record_view& record) override {
        const std::lock_guard lock{mutex_};
        counts_[std::string{record.key}] = std::stoi(std::string{*record.value});
        ++restored_records;
        return {};
    }
    result<> process(const record_view& record, timestamp, emitter& out) override {
        const std::string key{record.key};
        const std::lock_guard lock{mutex_};
        out.emit({.to = topic::seen,
                  .key = key,
                  .value = std::to_string(++counts_[key]),
                  .partition = record.partition,
                  .headers = {}});
        return {};
    }

    [[nodiscard]] std::map<std::string, int> counts() const {
        const std::lock_guard lock{mutex_};
        return counts_;
    }
    std::atomic<int> loaded = 0;
    std::atomic<int> restored_records = 0;

  private:
    std::string format_;
    mutable std::mutex mutex_;
    std::map<std::string, int> counts_;
};

// Keeps what it is given, by id; refuses, fails or is slow on demand.
class keeping_sink final : public sink {
  public:
    using hook = std::function<result<>(std::span<const record_view>)>;
    explicit keeping_sink(std::string name = "keep", std::vector<topic> inputs = {topic::items}, hook before = {})
        : name_(std::move(name)), inputs_(std::move(inputs)), before_(std::move(before)) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] std::vector<topic> inputs() const override { return inputs_; }
    result<std::vector<position>> positions(std::string_view cluster,
                                            std::span<const topic_partition> wanted) override {
        const std::lock_guard lock{mutex_};
        std::vector<position> found;
        for (const auto& of : wanted)
            if (const auto it = positions_.find({std::string{cluster}, of}); it != positions_.end())
                found.push_back({of, it->second});
        return found;
    }
    result<> write(std::string_view cluster, std::span<const record_view> records,
                   std::span<const position> next) override {
        if (before_)
            if (auto ok = before_(records); !ok) return ok;
        const std::lock_guard lock{mutex_};
        for (const auto& record : records) ++rows_[std::string{record.key}];
        for (const auto& [of, to] : next) positions_[{std::string{cluster}, of}] = to;
        return {};
    }
    [[nodiscard]] std::map<std::string, int> rows() const {
        const std::lock_guard lock{mutex_};
        return rows_;
    }

  private:
    std::string name_;
    std::vector<topic> inputs_;
    hook before_;
    mutable std::mutex mutex_;
    std::map<std::string, int> rows_;
    std::map<std::pair<std::string, topic_partition>, std::int64_t> positions_;
};

inline std::string key_of(int i) {
    return "k" + std::to_string(i);
}

inline void write_records(cluster& on, int first, int last, std::size_t value_bytes = 20) {
    auto out = open_writer(on);
    ASSERT_TRUE(out) << out.error().message();
    std::vector<output_record> records;
    for (int i = first; i < last; ++i)
        records.push_back({.to = topic::fetched,
                           .key = key_of(i),
                           .value = std::string(value_bytes, 'v'),
                           .partition = std::nullopt,
                           .headers = {}});
    const auto ok = out.value()->write(records);
    ASSERT_TRUE(ok) << ok.error().message();
}

inline std::vector<read_record> read_all(const kafka_config& config, topic t, const std::string& state_dir = {}) {
    auto in =
        open_reader(config, state_dir, {.topics = {t}, .start = read_from::beginning, .at = {}, .follow = false}, 30s);
    std::vector<read_record> found;
    if (!in) {
        ADD_FAILURE() << in.error().message();
        return found;
    }
    while (!in.value()->at_end()) {
        auto record = in.value()->next(10s);
        if (!record) {
            ADD_FAILURE() << record.error().message();
            break;
        }
        if (record.value()) found.push_back(std::move(*record.value()));
    }
    return found;
}

// Every key as often as it came.
inline std::map<std::string, int> keys_of(const std::vector<read_record>& records) {
    std::map<std::string, int> keys;
    for (const auto& each : records) ++keys[each.key];
    return keys;
}

inline std::map<std::string, int> once_each(int first, int last) {
    std::map<std::string, int> keys;
    for (int i = first; i < last; ++i) keys[key_of(i)] = 1;
    return keys;
}

inline std::string header_of(const read_record& record, std::string_view name) {
    for (const auto& each : record.headers)
        if (each.name == name) return each.value;
    return "(none)";
}

class temporary_directory {
  public:
    temporary_directory() {
        std::string made = (std::filesystem::temp_directory_path() / "feedwatch test XXXXXX").string();
        path_ = mkdtemp(made.data());
    }
    ~temporary_directory() { std::filesystem::remove_all(path_); }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
};

}  // namespace feedwatch::kafka::test
