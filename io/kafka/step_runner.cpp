#include "io/kafka/step_runner.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "io/kafka/dead_letters.hpp"
#include "io/kafka/fd_wait.hpp"
#include "io/kafka/message_view.hpp"
#include "io/kafka/properties.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {

step_runner::step_runner(step& what, event_waker& wakes, backend& on, runner_options options, meter& counts,
                         const clock& time)
    : runner_thread(std::string{what.name()}, options.shutdown_timeout),
      step_(what),
      waker_(wakes),
      on_(on),
      options_(std::move(options)),
      time_(time),
      who_{std::string{what.name()}, stage_kind::step, what.inputs(), options_.instance},
      counts_(counts, who_),
      traces_(std::random_device{}()),
      record_bytes_max_(record_bytes_max(on.config())),
      files_(what, on, who_, options_, counts, time),
      restorer_(what, on, who_, files_, counts_, time),
      failures_(options_.instance) {
    on_.enlist(who_);
}

step_runner::~step_runner() {
    finish();
}

void step_runner::run() {
    if (connect())
        while (!stopping() && !failed()) cycle();
    shut_down();
}

void step_runner::stop_waiting() {
    on_.leaving(who_);
}

bool step_runner::connect() {
    on_.starting(who_);
    auto consumer = group_consumer::open(on_, who_, *this);
    if (!consumer) {
        fail(consumer.error());
        return false;
    }
    consumer_ = std::move(consumer.value());
    committer_ = on_.make_committer(who_, consumer_->client());
    if (!reopen()) return false;
    worker_ = std::make_unique<commit_worker>(*committer_, who_.name);
    return true;
}

void step_runner::cycle() {
    if (auto finished = worker_->take()) handle(std::move(*finished));
    if (failed()) return;
    if (steady::now() >= failures_.retry_at()) {
        if ((must_rewind_ || must_reopen_) && !worker_->busy() && !recover()) return;
        if (!must_rewind_) {
            heed_back_pressure();
            if (!restorer_.done())
                restore_some();
            else if (to_activate_)
                activate_restored();
            consume();
            tick_if_due();
            close_if_due();
            if (files_.due()) keep_snapshot();
        }
    }
    lag_.write_if_due(owned_, *consumer_, counts_);
    wait();
}

void step_runner::consume() {
    input_drained_ = false;
    drain(consumer_->fd());
    while (takes_records() && !failed()) {
        auto got = consumer_->poll();
        if (got.nothing()) {
            input_drained_ = true;
            return;
        }
        if (got.failed) return fail(*got.failed);
        if (got.end) owned_.reached(*got.end);
        if (must_rewind_) return;  // a rebalance inside poll() rolled back: the record comes again
        const bool paused = !restorer_.done() || to_activate_ || held_;
        if (got.end && !paused) owned_.pass_markers(*got.end);
        if (got.message) {
            if (paused) {  // came before its pause: it comes again, too
                must_rewind_ = true;
                return;
            }
            take(*got.message);
            if (must_rewind_) return;
        }
    }
}

void step_runner::take(const rd_kafka_message_t& message) {
    const topic_partition of{consumer_->topic_of(message), message.partition};
    const auto it = owned_.find(of);
    if (it == owned_.end() || !it->second.active || message.offset < it->second.next) return;
    auto& into = open();
    if (!open_->first) open_->first = position{of, message.offset};
    process(view_of(message, of.name, header_space_));
    if (must_rewind_) return;
    it->second.next = message.offset + 1;
    ++into.records;
    into.bytes += size_of(message);
}

void step_runner::process(const record_view& record) {
    auto& outputs = open().outputs;
    const auto before = outputs.size();
    traceparent_ = traces_.continue_from(record.headers);
    if (const auto* why = failures_.poison(record)) return kill(record, *why);
    too_large_.reset();
    const auto done = step_.process(record, time_.now(), *this);
    if (!done) {
        outputs.resize(before);
        return kill(record, done.error());
    }
    if (!too_large_) return;
    // The step has taken the record in already: undo the batch, and when the record comes again it goes to `dead`.
    failures_.condemn({{record.from, record.partition}, record.offset}, *too_large_);
    forget_open();
    must_rewind_ = true;
}

void step_runner::kill(const record_view& record, const error& why) {
    auto letter = make_dead_letter(on_, who_, record, why, 1);
    letter.traceparent = traceparent_;
    open().outputs.push_back(std::move(letter));
    log::warning("record went to the dead-letter topic", {{"stage", who_.name},
                                                          {"topic", on_.topic_name(record.from)},
                                                          {"partition", record.partition},
                                                          {"offset", record.offset},
                                                          {"error", why}});
}

void step_runner::emit(output_record record) {
    output out{std::move(record), traceparent_};
    const auto bytes = wire_bytes(out);
    if (bytes > record_bytes_max_) {
        error why{errc::too_large, "a record of " + std::to_string(bytes) + " bytes for " +
                                       on_.topic_name(out.record.to) + " is above message.max.bytes (" +
                                       std::to_string(record_bytes_max_) + ")"};
        if (!in_tick_) {
            too_large_ = std::move(why);
            return;
        }
        log::warning("record went to the dead-letter topic", {{"stage", who_.name}, {"error", why}});
        out = make_dead_letter(on_, who_, std::move(out.record), why);
    }
    open_->what.bytes += bytes;
    open_->what.outputs.push_back(std::move(out));
}

void step_runner::tick_if_due() {
    if (must_rewind_ || !restorer_.done() || to_activate_ || is_full()) return;
    if (failures_.limit() && open_ && open_->what.records > 0) return;
    if (drain(waker_.fd())) tick_wanted_ = true;
    const auto now = time_.now();
    if (const auto due = step_.next_tick(); due && *due <= now) tick_wanted_ = true;
    if (!tick_wanted_) return;
    tick_wanted_ = false;
    (void)open();
    traceparent_ = traces_.continue_from({});
    in_tick_ = true;
    step_.tick(now, *this);
    in_tick_ = false;
}

batch& step_runner::open() {
    if (!open_) {
        open_.emplace();
        open_->what.number = ++batches_;
        open_->begun = steady::now();
        step_.begin_batch(batches_);
    }
    return open_->what;
}

bool step_runner::is_full() const {
    if (!open_) return false;
    const auto& [number, outputs, next, records, bytes] = open_->what;
    return records >= failures_.limit().value_or(options_.batch_records_max) || bytes >= options_.batch_bytes_max ||
           outputs.size() >= 4U * std::size_t{options_.batch_records_max};
}

bool step_runner::takes_records() const {
    // While suspects are being narrowed down, what a tick emitted goes alone.
    const bool goes_alone = failures_.limit() && open_ && open_->what.records == 0 && !open_->what.outputs.empty();
    return !goes_alone && !is_full();
}

void step_runner::close_if_due() {
    if (worker_->busy() || must_rewind_) return;
    if (!open_) {
        if (input_drained_ && steady::now() - submitted_at_ >= quiet && !owned_.moved().empty()) submit_positions();
        return;
    }
    const bool old = steady::now() - open_->begun >= options_.batch_interval_max;
    if (!is_full() && !input_drained_ && !old) return;
    submit();
}

void step_runner::submit_positions() {
    (void)open();
    submit(true);
}

void step_runner::submit(bool positions_alone) {
    auto& what = open_->what;
    if (what.records == 0 && what.outputs.empty() && !positions_alone) {
        // Nothing to make durable.
        const auto number = what.number;
        open_.reset();
        step_.commit_batch(number);
        return;
    }
    for (auto& [of, owned] : owned_) {
        // Without input all positions go along, so that a zombie is told by its generation.
        if (what.records == 0 || owned.next != owned.handed_on) what.next.push_back({of, owned.next});
        owned.handed_on = owned.next;
    }
    in_flight_first_ = open_->first;
    in_flight_begun_ = open_->begun;
    submitted_at_ = steady::now();
    worker_->submit(std::move(what));
    open_.reset();
}

void step_runner::forget_open() {
    if (!open_) return;
    const auto number = open_->what.number;
    open_.reset();
    step_.rollback_batch(number);
}

void step_runner::handle(commit_worker::done finished) {
    counts_.transaction_duration.observe(finished.seconds);
    if (finished.how.what != verdict::committed) return handle_failed(finished);
    counts_.committed.add();
    counts_.events_in.add(finished.what.records);
    counts_.stage_duration.observe(std::chrono::duration<double>(steady::now() - in_flight_begun_).count());
    for (const auto& out : finished.what.outputs) counts_.written(out.record);
    failures_.committed(finished.what);
    step_.commit_batch(finished.what.number);
    if (!finished.what.outputs.empty()) files_.changed();
}

void step_runner::handle_failed(const commit_worker::done& finished) {
    const auto& how = finished.how;
    (how.what == verdict::aborted ? counts_.aborted : counts_.unknown).add();
    log::warning("transaction failed; its records are processed again",
                 {{"stage", who_.name}, {"records", finished.what.records}, {"error", how.why}});
    forget_open();
    step_.rollback_batch(finished.what.number);
    must_rewind_ = true;
    if (how.what == verdict::unknown) must_reopen_ = true;
    if (how.fenced) counts_.fenced.add();
    if (auto ok = failures_.failed(finished.what, how, in_flight_first_); !ok) fail(ok.error());
}

// Between batches. Positions alone are committed after it: only who still owns the partitions can.
void step_runner::keep_snapshot() {
    if (!restorer_.done() || to_activate_ || failed() || must_rewind_) return;
    settle();
    if (open_ || must_rewind_ || failed() || inputs_owned_.empty()) return;
    std::vector<std::int32_t> partitions;
    for (const auto& [partition, inputs] : inputs_owned_) partitions.push_back(partition);
    files_.write(partitions);
    if (!files_.written()) return;
    submit_positions();
    handle(worker_->wait());
    if (must_rewind_ || failed())
        files_.discard();
    else
        files_.publish();
}

// Makes everything open durable, or rolls it back.
void step_runner::settle() {
    if (worker_ && worker_->busy()) handle(worker_->wait());
    if (open_ && (must_rewind_ || failed())) return forget_open();
    if (open_)
        submit();
    else if (worker_ && !must_rewind_ && !failed() && !owned_.moved().empty())
        submit_positions();
    else
        return;
    if (worker_->busy()) handle(worker_->wait());
}

void step_runner::wait() {
    // restore_some() waits for data itself.
    if ((!restorer_.done() || to_activate_) && !must_rewind_ && steady::now() >= failures_.retry_at()) return;
    const auto now = steady::now();
    auto until = now + housekeeping;
    const bool waiting_to_retry = now < failures_.retry_at();
    if (waiting_to_retry) until = std::min(until, failures_.retry_at());
    if (must_rewind_ && !waiting_to_retry && !worker_->busy()) return;
    if (held_ && !waiting_to_retry && step_.wants_input()) return;
    if (open_ && !worker_->busy()) until = std::min(until, open_->begun + options_.batch_interval_max);
    std::vector<int> fds{worker_->fd(), stop_fd()};
    if (!waiting_to_retry && !must_rewind_ && !is_full()) {
        fds.push_back(consumer_->fd());
        fds.push_back(waker_.fd());
        if (const auto due = step_.next_tick())
            until = std::min(until, now + std::max(duration::zero(), *due - time_.now()));
        // What waits in the consumer's queue makes its descriptor readable no second time.
        if (!input_drained_ && takes_records()) return;
    }
    wait_readable(fds, std::chrono::ceil<duration>(until - now));
}

void step_runner::shut_down() {
    set_ready(false);
    if (!worker_) {
        if (consumer_) consumer_->close();  // calls back: not from its destructor
        consumer_.reset();
        committer_.reset();
        return;
    }
    step_.drain();
    while (!failed() && !must_rewind_ && restorer_.done() && !to_activate_ && steady::now() < stop_deadline()) {
        if (auto finished = worker_->take()) {
            handle(std::move(*finished));
            continue;
        }
        tick_if_due();
        const bool nothing_left = step_.drained() && !worker_->busy();
        if (open_ && !worker_->busy() && !must_rewind_) {
            submit();
            continue;
        }
        if (nothing_left && !open_) break;
        const std::array fds{worker_->fd(), waker_.fd()};
        wait_readable(fds, std::chrono::milliseconds{100});
    }
    settle();
    if (files_.wanted() && steady::now() < stop_deadline()) keep_snapshot();
    consumer_->close();
    worker_.reset();
    committer_.reset();
    consumer_.reset();
}

}  // namespace feedwatch::kafka
