#include "processors/match/match.hpp"

namespace feedwatch {

match_step::match_step(const rules_source& rules, meter& counts) : source_(rules), meter_(counts) {
    take(rules.current());
}

void match_step::take(std::shared_ptr<const rule_set> fresh) {
    if (fresh == rules_) return;
    rules_ = std::move(fresh);
    meter_.get_gauge("feedwatch_match_rules", "Topics in the rules that are applied now.")
        .set(static_cast<double>(rules_->rules().size()));
    // Made at once, so that a topic that has not matched yet is 0 and not absent.
    for (const topic_rule& r : rules_->rules()) {
        counters_.emplace(r.id.str(), &meter_.get_counter("feedwatch_flagged_total",
                                                          "Items and updates that a topic matched, shadow topics too.",
                                                          {{"topic", r.id.str()}}));
    }
}

void match_step::begin_batch(std::uint64_t batch) {
    take(source_.current());
    open_.push_back({batch, {}});
}

result<> match_step::process(const record_view& record, timestamp /*now*/, emitter& out) {
    if (!record.value) {  // the story was taken down
        output_record gone;
        gone.to = topic::flagged;
        gone.key = std::string(record.key);
        out.emit(std::move(gone));
        return {};
    }
    auto flagged = flagging_.flag(*rules_, *record.value, flagging::unmatched::left_out);
    if (!flagged) return flagged.error();
    if (!flagged->value) return {};
    if (!open_.empty()) {
        for (const topic_match& m : flagging_.matches()) open_.back().flagged[m.topic.str()] += 1;
    }
    output_record record_out;
    record_out.to = topic::flagged;
    record_out.key = std::move(flagged->key);
    record_out.value = std::move(flagged->value);
    out.emit(std::move(record_out));
    return {};
}

// Counted when it has become true, so that a batch that is tried twice counts once.
void match_step::commit_batch(std::uint64_t batch) {
    while (!open_.empty() && open_.front().batch <= batch) {
        for (const auto& [topic, times] : open_.front().flagged) counters_.at(topic)->add(times);
        open_.pop_front();
    }
}

void match_step::rollback_batch(std::uint64_t batch) {
    while (!open_.empty() && open_.back().batch >= batch) open_.pop_back();
}

}  // namespace feedwatch
