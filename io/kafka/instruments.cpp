#include "io/kafka/instruments.hpp"

namespace feedwatch::kafka {
namespace {

const std::vector<double> seconds_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
const std::vector<double> restore_buckets{0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900};
constexpr const char* dead_name = "feedwatch_dlq_records_total";
constexpr const char* dead_help = "Records written to the dead-letter topic, by reason.";

labels transactions(const std::string& stage, const char* how) {
    return {{"stage", stage}, {"result", how}};
}

}  // namespace

instruments::instruments(meter& counts, const stage& who)
    : events_in(counts.get_counter("feedwatch_events_in_total", "Records that a stage has processed.",
                                   {{"stage", who.name}})),
      stage_duration(counts.get_histogram("feedwatch_stage_duration_seconds",
                                          "From the first record of a batch to its commit.", seconds_buckets,
                                          {{"stage", who.name}})),
      committed(counts.get_counter("feedwatch_kafka_transactions_total", "Transactions by result.",
                                   transactions(who.name, "committed"))),
      aborted(counts.get_counter("feedwatch_kafka_transactions_total", "Transactions by result.",
                                 transactions(who.name, "aborted"))),
      unknown(counts.get_counter("feedwatch_kafka_transactions_total", "Transactions by result.",
                                 transactions(who.name, "unknown"))),
      transaction_duration(counts.get_histogram("feedwatch_kafka_transaction_duration_seconds",
                                                "From the begin of a transaction to its result.", seconds_buckets,
                                                {{"stage", who.name}})),
      rebalances(
          counts.get_counter("feedwatch_kafka_rebalances_total", "Changes of the assignment.", {{"stage", who.name}})),
      assigned(counts.get_gauge("feedwatch_kafka_assigned_partitions", "Input partitions that this process owns.",
                                {{"stage", who.name}})),
      fenced(counts.get_counter("feedwatch_kafka_fenced_total",
                                "Times that the producer was fenced by another instance or by idling too long.",
                                {{"stage", who.name}})),
      restored_records(counts.get_counter("feedwatch_restore_records_total", "Changelog records read back into state.",
                                          {{"stage", who.name}})),
      restore_errors(counts.get_counter("feedwatch_restore_errors_total",
                                        "Changelog records that could not be understood.", {{"stage", who.name}})),
      restoring(counts.get_gauge("feedwatch_restore_remaining_partitions", "Partitions whose state is being read back.",
                                 {{"stage", who.name}})),
      restore_duration(counts.get_histogram("feedwatch_restore_duration_seconds",
                                            "From the assignment of a partition to its state being whole.",
                                            restore_buckets, {{"stage", who.name}})),
      counts_(counts),
      stage_(who.name) {
    for (const topic t : all_topics)
        out_[static_cast<std::size_t>(t)] =
            &counts.get_counter("feedwatch_events_out_total", "Records that a stage has written and committed.",
                                {{"stage", who.name}, {"topic", std::string{name_of(t)}}});
    for (const errc each : {errc::malformed, errc::too_large, errc::unsupported, errc::refused, errc::internal})
        (void)dead(make_error_code(each).message());
}

counter& instruments::dead(const std::string& reason) {
    return counts_.get_counter(dead_name, dead_help, {{"stage", stage_}, {"reason", reason}});
}

void instruments::written(const output_record& committed_record) {
    out_[static_cast<std::size_t>(committed_record.to)]->add();
    if (committed_record.to != topic::dead) return;
    for (const auto& [name, value] : committed_record.headers)
        if (name == "feedwatch.dlq.reason") dead(value).add();
}

void instruments::lag(const topic_partition& of, double records) {
    auto& series = lags_[of];
    if (series == nullptr)
        series = &counts_.get_gauge(
            "feedwatch_kafka_consumer_lag_records", "Records of a partition not yet processed.",
            {{"stage", stage_}, {"topic", std::string{name_of(of.name)}}, {"partition", std::to_string(of.partition)}});
    series->set(records);
}

void instruments::forget_lag(const topic_partition& of) {
    const auto it = lags_.find(of);
    if (it == lags_.end()) return;
    counts_.remove(*it->second);
    lags_.erase(it);
}

}  // namespace feedwatch::kafka
