#include "core/record/dead.hpp"
#include "tests/support/driven.hpp"

namespace feedwatch::testing {
namespace {

constexpr std::string_view cluster = "memory";

}  // namespace

driven_sink::driven_sink(topology& in, topology::sink_factory make) : in_(in), make_(std::move(make)) {
    start();
}

void driven_sink::start() {
    sink_ = make_();
    reader_.emplace(in_, sink_->inputs());
    position_.clear();
    const std::vector<topic_partition> wanted = reader_->sources();
    const auto stored = sink_->positions(cluster, wanted);
    if (!stored) {
        in_.broken_.push_back("positions: " + stored.error().message());
        return;
    }
    for (const position& p : *stored) position_[p.of] = p.next;
    for (const auto& [source, next] : stored_) {
        if (position_[source] < next) in_.broken_.push_back("a sink forgot what it had stored");
    }
}

bool driven_sink::act() {
    if (in_.chance(in_.options_.faults.crash)) {
        ++in_.faults_;
        start();
        return true;
    }
    const std::vector<topic_partition> sources = reader_->with_records(position_);
    if (sources.empty()) return false;
    write(sources[in_.up_to(sources.size()) - 1]);
    return true;
}

void driven_sink::write(const topic_partition& from) {
    const auto& log = in_.log().partition(from.name, from.partition);
    const std::int64_t first = position_[from];
    const auto available = static_cast<std::size_t>(in_.log().end(from.name, from.partition) - first);
    const std::size_t count = in_.up_to(std::min(available, in_.options_.batch_records_max));
    std::vector<record_view> records;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t offset = first + static_cast<std::int64_t>(i);
        records.push_back(memory_log::view(from.name, from.partition, offset, log[static_cast<std::size_t>(offset)]));
    }
    const std::vector<position> next{{from, first + static_cast<std::int64_t>(count)}};
    auto done = sink_->write(cluster, records, next);
    if (!done && done.error().code == make_error_code(errc::malformed) && count == 1) {
        dead_letter_of(records.front(), done.error());
        done = sink_->write(cluster, {}, next);
    }
    if (done) {
        position_[from] = stored_[from] = next.front().next;
        // The write may be durable and the answer lost: the sink has to say where it is.
        if (in_.chance(in_.options_.faults.abort)) {
            ++in_.faults_;
            start();
        }
    } else if (done.error().code == make_error_code(errc::conflict)) {
        start();
    }
    // A retryable error, or a refused record among others: the next action tries again, in time with a batch of one.
}

void driven_sink::dead_letter_of(const record_view& record, const error& why) {
    log_record dead;
    dead.key = record.key;
    if (record.value) dead.value = std::string(*record.value);
    dead.written = in_.time().now();
    dead.headers = to_headers({.topic = std::string(name_of(record.from)),
                               .partition = record.partition,
                               .offset = record.offset,
                               .stage = std::string(sink_->name()),
                               .reason = why.code.message(),
                               .exception = why.detail});
    in_.log_.append(topic::dead, std::nullopt, std::move(dead));
}

}  // namespace feedwatch::testing
