#include <algorithm>

#include "core/record/dead.hpp"
#include "tests/support/driven.hpp"
#include "tests/support/memory_bytes.hpp"

namespace feedwatch::testing {

driven_step::driven_step(topology& in, topology::step_factory make) : in_(in), make_(std::move(make)) {
    start();
}

void driven_step::start() {
    step_ = make_();
    reader_.emplace(in_, step_->inputs());
    open_.clear();
    position_ = committed_;
    assign();
}

std::int32_t driven_step::partitions() const {
    std::int32_t most = 0;
    for (const topic t : step_->inputs()) most = std::max(most, in_.log().partitions_of(t));
    return most;
}

void driven_step::assign() {
    for (std::int32_t p = 0; p < partitions(); ++p) {
        step_->assigned(p);
        if (!resume(p)) restore(p);
        step_->restored(p, in_.time().now());
    }
}

void driven_step::restore(std::int32_t p) {
    const bool compacted = in_.chance(0.5);
    for (const topic t : step_->changelogs()) {
        if (p >= in_.log().partitions_of(t)) continue;
        std::vector<std::int64_t> at;
        const std::vector<log_record> records = compacted ? in_.log().compacted(t, p, &at) : in_.log().partition(t, p);
        for (std::size_t i = 0; i < records.size(); ++i) {
            const std::int64_t offset = compacted ? at[i] : static_cast<std::int64_t>(i);
            const auto done = step_->restore(memory_log::view(t, p, offset, records[i]));
            if (!done) in_.broken_.push_back("restore of " + records[i].key + ": " + done.error().message());
        }
    }
}

void driven_step::keep_snapshots() {
    for (std::int32_t p = 0; p < partitions(); ++p) {
        memory_writer out;
        step_->save(p, out);
        snapshots_[p] = {.bytes = std::move(out.bytes), .next = in_.log().end(step_->changelogs().front(), p)};
    }
}

// From the last snapshot, where there is one, and what was written after it.
bool driven_step::resume(std::int32_t p) {
    const auto kept = snapshots_.find(p);
    if (kept == snapshots_.end() || in_.chance(0.2)) return false;
    memory_reader in{kept->second.bytes};
    if (const auto done = step_->load(p, in); !done || !in.at_end())
        in_.broken_.push_back("load of a snapshot: " + (done ? "bytes are left" : done.error().message()));
    const topic log = step_->changelogs().front();
    const auto& records = in_.log().partition(log, p);
    for (std::int64_t i = kept->second.next; i < in_.log().end(log, p); ++i) {
        const auto done = step_->restore(memory_log::view(log, p, i, records[static_cast<std::size_t>(i)]));
        if (!done) in_.broken_.push_back("restore after a snapshot: " + done.error().message());
    }
    return true;
}

void driven_step::rebalance() {
    for (std::int32_t p = 0; p < partitions(); ++p) step_->revoked(p);
    position_ = committed_;
    assign();
}

bool driven_step::tick_is_due() const {
    const auto next = step_->next_tick();
    return next && *next <= in_.time().now();
}

bool driven_step::act() {
    if (in_.chance(in_.options_.faults.crash)) {
        ++in_.faults_;
        start();
        return true;
    }
    if (open_.empty() && !step_->snapshot_format().empty() && in_.chance(0.1)) keep_snapshots();
    if (open_.empty() && in_.chance(in_.options_.faults.rebalance)) {
        ++in_.faults_;
        rebalance();
        return true;
    }
    if (!open_.empty() && in_.chance(in_.options_.faults.abort)) {
        ++in_.faults_;
        abort();
        return true;
    }
    const bool may_begin = open_.empty() || (open_.size() < 2 && in_.chance(0.5));
    if (may_begin && begin()) return true;
    if (open_.empty()) return false;
    commit();
    return true;
}

// One batch: some records of some partitions, or a tick, or both.
bool driven_step::begin() {
    std::vector<topic_partition> sources = reader_->with_records(position_);
    if (sources.empty() && !tick_is_due()) return false;
    transaction t;
    t.number = ++batches_;
    step_->begin_batch(t.number);
    const std::size_t most = in_.up_to(in_.options_.batch_records_max);
    for (std::size_t i = 0; i < most && !sources.empty(); ++i) {
        process(sources[in_.up_to(sources.size()) - 1], t);
        sources = reader_->with_records(position_);
    }
    buffer out{t.outputs};
    if (tick_is_due() || in_.chance(0.2)) step_->tick(in_.time().now(), out);
    t.next = position_;
    open_.push_back(std::move(t));
    return true;
}

void driven_step::process(const topic_partition& from, transaction& t) {
    std::int64_t& next = position_[from];
    const log_record& stored = in_.log().partition(from.name, from.partition)[static_cast<std::size_t>(next)];
    const record_view record = memory_log::view(from.name, from.partition, next, stored);
    const std::size_t before = t.outputs.size();
    buffer out{t.outputs};
    const auto done = step_->process(record, in_.time().now(), out);
    if (!done) {
        if (t.outputs.size() != before)
            in_.broken_.push_back("a failed process() of " + stored.key + " emitted records");
        dead_letter_of(record, done.error(), t);
    }
    t.inputs.push_back(stored);
    ++next;
}

void driven_step::dead_letter_of(const record_view& record, const error& why, transaction& t) const {
    output_record dead;
    dead.to = topic::dead;
    dead.key = record.key;
    if (record.value) dead.value = std::string(*record.value);
    dead.headers = to_headers({.topic = std::string(name_of(record.from)),
                               .partition = record.partition,
                               .offset = record.offset,
                               .stage = std::string(step_->name()),
                               .reason = why.code.message(),
                               .exception = why.detail});
    t.outputs.push_back(std::move(dead));
}

void driven_step::commit() {
    transaction t = std::move(open_.front());
    open_.pop_front();
    for (const output_record& o : t.outputs) {
        in_.log_.append(o.to, o.partition,
                        {.key = o.key, .value = o.value, .written = in_.time().now(), .headers = o.headers});
    }
    for (const auto& [source, next] : t.next) {
        const auto before = committed_.find(source);
        if (before != committed_.end() && next < before->second) in_.broken_.push_back("an offset went back");
        if (next > in_.log().end(source.name, source.partition)) in_.broken_.push_back("an offset is past the end");
    }
    committed_ = t.next;
    step_->commit_batch(t.number);
    if (in_.observer_) in_.observer_(step_->name(), t.inputs, t.outputs);
}

// The oldest open transaction or, sometimes, only the younger of two.
void driven_step::abort() {
    const std::size_t keep = open_.size() == 2 && in_.chance(0.5) ? 1 : 0;
    step_->rollback_batch(open_[keep].number);
    open_.resize(keep);
    position_ = keep == 0 ? committed_ : open_.back().next;
}

}  // namespace feedwatch::testing
