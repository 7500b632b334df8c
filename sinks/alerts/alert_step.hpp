// The step behind make_alerts(). Private to this folder.
#pragma once

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/record/item.hpp"
#include "sinks/alerts/alerts.hpp"
#include "sinks/alerts/channel.hpp"
#include "sinks/alerts/ledger.hpp"

namespace feedwatch::alerts {

class alert_step final : public step {
  public:
    alert_step(alerts_options options, std::vector<channel> channels, http::exchange& through, meter& counts);
    ~alert_step() override;

    [[nodiscard]] std::string_view name() const override { return "alerts"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::flagged}; }
    [[nodiscard]] std::vector<topic> changelogs() const override { return {topic::deliveries}; }

    result<> restore(const record_view& record) override;
    void restored(std::int32_t partition, timestamp now) override;
    void revoked(std::int32_t partition) override;

    void begin_batch(std::uint64_t batch) override;
    result<> process(const record_view& record, timestamp now, emitter& out) override;
    void tick(timestamp now, emitter& out) override;
    [[nodiscard]] std::optional<timestamp> next_tick() const override;
    void commit_batch(std::uint64_t batch) override;
    void rollback_batch(std::uint64_t batch) override;

    [[nodiscard]] bool wants_input() const override;
    void drain() override { draining_ = true; }
    [[nodiscard]] bool drained() const override;

  private:
    struct receiver;  // a channel and how it is doing
    struct finished_attempt {
        std::string key;
        attempt what;
    };

    void raise(const flagged_item& item, const topic_match& match, receiver& to, const record_view& record,
               timestamp now, emitter& out);
    void record_attempt(const finished_attempt& done, timestamp now, emitter& out);
    void give_up(const std::string& key, entry e, std::string_view reason, timestamp now, emitter& out);
    void change(const std::string& key, entry e, emitter& out);
    void give_up_disabled(timestamp now, emitter& out);
    void take_down(const record_view& record, emitter& out);
    void forget(const std::string& key, std::int32_t partition, emitter& out);
    void forget_old(std::int32_t partition, timestamp now, emitter& out);
    void collect_finished(timestamp now);
    void submit_due(timestamp now);
    void warn_unknown_channel(const std::string& channel);
    void update_gauges();
    [[nodiscard]] receiver* receiver_named(const std::string& name);

    alerts_options options_;
    http::exchange& through_;
    std::map<std::string, std::unique_ptr<receiver>> receivers_;
    ledger ledger_;

    std::uint64_t last_token_ = 0;
    std::unordered_map<std::uint64_t, std::string> in_flight_;  // token to key
    std::vector<finished_attempt> unrecorded_;                  // ended, and in no batch yet
    // Attempts that a batch not yet committed has recorded: they come again with it when it is rolled back.
    std::map<std::uint64_t, std::vector<finished_attempt>> recorded_;
    std::uint64_t batch_ = 0;

    std::map<std::int32_t, timestamp> stream_time_;  // the latest time of a record, by partition
    std::set<std::string> warned_;                   // channels that a topic names and nobody configured
    timestamp now_{};
    bool draining_ = false;
};

}  // namespace feedwatch::alerts
