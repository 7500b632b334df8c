#include "io/kafka/sink_runner.hpp"

#include <algorithm>
#include <array>

#include "io/kafka/dead_letters.hpp"
#include "io/kafka/fd_wait.hpp"
#include "io/kafka/message_view.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

constexpr std::uint32_t conflicts_max = 5;
constexpr duration conflicts_within = std::chrono::minutes{10};

bool refuses_a_record(const error& why) {
    return why.code == errc::malformed || why.code == errc::too_large;
}

}  // namespace

sink_runner::sink_runner(sink& what, backend& on, runner_options options, meter& counts, const clock& /*time*/)
    : runner_thread(std::string{what.name()}, options.shutdown_timeout),
      sink_(what),
      on_(on),
      options_(std::move(options)),
      who_{std::string{what.name()}, stage_kind::sink, what.inputs(), options_.instance},
      counts_(counts, who_),
      limit_(options_.batch_records_max) {
    on_.enlist(who_);
}

sink_runner::~sink_runner() {
    finish();
}

void sink_runner::stop_waiting() {
    on_.leaving(who_);
}

void sink_runner::run() {
    on_.starting(who_);
    if (join_group())
        while (!stopping() && !failed()) cycle();
    set_ready(false);
    if (consumer_) store_positions();
    // What was read but not written comes again; a last write would only delay the end.
    pending_.clear();
    if (consumer_) consumer_->close();  // calls back: not from its destructor
    consumer_.reset();
    dead_letters_.reset();
}

bool sink_runner::join_group() {
    auto consumer = group_consumer::open(on_, who_, *this);
    if (!consumer) {
        fail(consumer.error());
        return false;
    }
    consumer_ = std::move(consumer.value());
    dead_letters_ = on_.make_committer(who_, consumer_->client());
    if (auto ok = dead_letters_->open(); !ok) {
        fail(ok.error());
        return false;
    }
    return true;
}

void sink_runner::rejoin(const error& why) {
    const auto now = steady::now();
    conflicts_.push_back(now);
    while (now - conflicts_.front() > conflicts_within) conflicts_.pop_front();
    if (conflicts_.size() >= conflicts_max)
        return fail({errc::conflict, "another process keeps moving this sink's positions: " + why.message()});
    log::warning("positions were moved by another process; joining the group again",
                 {{"stage", who_.name}, {"error", why}});
    pending_.clear();
    pending_bytes_ = 0;
    paused_ = must_rewind_ = false;
    to_resume_.clear();
    dead_letters_.reset();
    consumer_->close();
    consumer_.reset();
    (void)join_group();
}

void sink_runner::cycle() {
    if (steady::now() >= retry_at_) {
        if (must_rewind_ && !rewind()) return;
        if (paused_) release();
    }
    consume();
    if (must_rewind_) return;
    const bool old = !pending_.empty() && steady::now() - pending_since_ >= options_.batch_interval_max;
    if (!pending_.empty() && steady::now() >= retry_at_ && (is_full() || input_drained_ || old)) (void)write_some();
    if (input_drained_ && steady::now() - written_at_ >= quiet) store_positions();
    if (consumer_) lag_.write_if_due(owned_, *consumer_, counts_);  // rejoin() may have failed
    wait();
}

bool sink_runner::is_full() const {
    return pending_.size() >= options_.batch_records_max || pending_bytes_ >= options_.batch_bytes_max;
}

void sink_runner::consume() {
    if (!to_resume_.empty()) {
        if (auto ok = consumer_->resume(std::exchange(to_resume_, {})); !ok) return fail(ok.error());
        set_ready(true);
    }
    input_drained_ = false;
    drain(consumer_->fd());
    // Paused: polls only so that the group keeps us, and for rebalances.
    while ((paused_ || !is_full()) && !failed()) {
        auto got = consumer_->poll();
        if (got.nothing()) {
            input_drained_ = true;
            return;
        }
        if (got.failed) return fail(*got.failed);
        if (got.end) owned_.reached(*got.end);
        if (must_rewind_) return;
        if (got.end && !paused_) owned_.pass_markers(*got.end);
        if (!got.message) continue;
        if (paused_) {  // was on its way when the pause came
            must_rewind_ = true;
            return;
        }
        const auto from = consumer_->topic_of(*got.message);
        const auto it = owned_.find({from, got.message->partition});
        if (it == owned_.end() || got.message->offset < it->second.next) continue;
        it->second.next = got.message->offset + 1;
        if (pending_.empty()) pending_since_ = steady::now();
        pending_bytes_ += size_of(*got.message);
        pending_.push_back({std::move(got.message), from});
    }
}

void sink_runner::store_positions() {
    if (!pending_.empty() || paused_ || must_rewind_ || failed()) return;
    written_at_ = steady::now();
    const auto moved = owned_.moved();
    if (moved.empty()) return;
    if (const auto written = sink_.write(on_.id(), {}, moved); !written)
        log::debug("could not store positions; trying again later", {{"stage", who_.name}, {"error", written.error()}});
    else
        (void)note(moved);
}

result<> sink_runner::write_front(std::size_t records) {
    if (header_space_.size() < records) header_space_.resize(records);
    std::vector<record_view> views;
    views.reserve(records);
    std::map<topic_partition, std::int64_t> ends;
    for (std::size_t i = 0; i < records; ++i) {
        const auto& [message, from] = pending_[i];
        views.push_back(view_of(*message, from, header_space_[i]));
        ends[{from, message->partition}] = message->offset + 1;
    }
    std::vector<position> next;
    for (const auto& [of, end] : ends) next.push_back({of, end});
    const auto begin = written_at_ = steady::now();
    if (auto written = sink_.write(on_.id(), views, next); !written) return written;
    counts_.transaction_duration.observe(std::chrono::duration<double>(steady::now() - begin).count());
    counts_.committed.add();
    counts_.events_in.add(static_cast<double>(records));
    counts_.stage_duration.observe(std::chrono::duration<double>(steady::now() - pending_since_).count());
    (void)note(next);
    return {};
}

bool sink_runner::note(std::span<const position> next) {
    for (const auto& [of, end] : next)
        if (const auto it = owned_.find(of); it != owned_.end()) it->second.handed_on = end;
    batch positions;
    positions.next.assign(next.begin(), next.end());
    const auto how = dead_letters_->commit(positions);
    if (how.what == verdict::committed) return true;
    // The sink has them: they come once more after a restart, and it knows them by id.
    log::warning("could not note the positions of a sink", {{"stage", who_.name}, {"error", how.why}});
    return false;
}

void sink_runner::pop_front(std::size_t records) {
    for (std::size_t i = 0; i < records; ++i) {
        pending_bytes_ -= size_of(*pending_.front().message);
        pending_.pop_front();
    }
}

sink_runner::attempt sink_runner::write_some() {
    while (!pending_.empty()) {
        const auto records = std::min(limit_, pending_.size());
        if (auto written = write_front(records); !written) {
            const auto next = after_failure(written.error(), records);
            if (next != attempt::done) return next;
            continue;
        }
        failures_in_a_row_ = 0;
        pop_front(records);
        limit_ = std::min<std::size_t>(limit_ * 2, options_.batch_records_max);
    }
    return attempt::done;
}

// done: go on at once.
sink_runner::attempt sink_runner::after_failure(const error& why, std::size_t records) {
    if (is_retryable(why)) {
        counts_.aborted.add();
        back_off(why);
        return attempt::again;
    }
    if (why.code == errc::conflict) {
        counts_.aborted.add();
        rejoin(why);
        return attempt::stop;
    }
    if (!refuses_a_record(why)) {
        fail(why);
        return attempt::stop;
    }
    if (records > 1) {
        limit_ = (records + 1) / 2;
        return attempt::done;
    }
    return skip_front(why);
}

sink_runner::attempt sink_runner::skip_front(const error& why) {
    const auto& [message, from] = pending_.front();
    if (header_space_.empty()) header_space_.emplace_back();
    const auto view = view_of(*message, from, header_space_.front());
    batch letters;
    letters.outputs.push_back(make_dead_letter(on_, who_, view, why, 1));
    const auto how = dead_letters_->commit(letters);
    if (how.what != verdict::committed) {
        if (how.give_up) {
            fail(how.why);
            return attempt::stop;
        }
        back_off(how.why);
        return attempt::again;
    }
    log::warning("record went to the dead-letter topic", {{"stage", who_.name},
                                                          {"topic", on_.topic_name(from)},
                                                          {"partition", message->partition},
                                                          {"offset", message->offset},
                                                          {"error", why}});
    counts_.written(letters.outputs.front().record);
    const position next{{from, message->partition}, message->offset + 1};
    if (auto moved = sink_.write(on_.id(), {}, {&next, 1}); !moved) {
        // The letter is written once more if the process ends before the position has moved.
        return after_failure(moved.error(), 0);
    }
    (void)note({&next, 1});
    pop_front(1);
    return attempt::done;
}

void sink_runner::back_off(const error& why) {
    constexpr duration first_pause = std::chrono::milliseconds{100};
    constexpr duration longest_pause = std::chrono::seconds{10};
    const auto how_long = std::min<duration>(first_pause * (1 << std::min(failures_in_a_row_, 7U)), longest_pause);
    if (failures_in_a_row_++ == 0)
        log::warning("sink cannot be written now; trying again", {{"stage", who_.name}, {"error", why}});
    retry_at_ = steady::now() + how_long;
    if (paused_) return;
    if (auto ok = consumer_->pause(owned_.names()); !ok) return fail(ok.error());
    paused_ = true;
}

void sink_runner::release() {
    if (!pending_.empty() && write_some() != attempt::done) return;
    paused_ = false;
    if (failed() || !consumer_) return;
    log::info("sink is written again", {{"stage", who_.name}});
    to_resume_ = owned_.names();
}

std::vector<position> sink_runner::assigned(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    const auto positions = stored_positions(partitions);
    if (!positions) return {};
    for (const auto& [of, next] : *positions) {
        owned_[of] = {.next = next, .handed_on = next, .active = true};
        if (!paused_) to_resume_.push_back(of);
    }
    counts_.assigned.set(static_cast<double>(owned_.size()));
    if (owned_.empty()) set_ready(true);
    if (!partitions.empty())
        log::info("partitions assigned", {{"stage", who_.name}, {"new", partitions.size()}, {"owned", owned_.size()}});
    return *positions;
}

void sink_runner::revoked(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    // One attempt; what it leaves is read again by whoever owns it next.
    for (bool going = !pending_.empty() && !stopping() && !failed(); going;) {
        const auto records = std::min(limit_, pending_.size());
        going = write_front(records).has_value();
        if (going) pop_front(records);
        going = going && !pending_.empty();
    }
    if (!pending_.empty()) must_rewind_ = true;
    drop(partitions);
    log::info("partitions revoked", {{"stage", who_.name}, {"gone", partitions.size()}, {"owned", owned_.size()}});
}

void sink_runner::lost(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    if (!pending_.empty()) must_rewind_ = true;
    drop(partitions);
    log::warning("partitions lost", {{"stage", who_.name}, {"gone", partitions.size()}, {"owned", owned_.size()}});
}

void sink_runner::drop(std::span<const topic_partition> partitions) {
    pending_.clear();
    pending_bytes_ = 0;
    for (const auto& of : partitions) {
        owned_.erase(of);
        counts_.forget_lag(of);
        std::erase(to_resume_, of);
    }
    counts_.assigned.set(static_cast<double>(owned_.size()));
}

std::optional<std::vector<position>> sink_runner::stored_positions(std::span<const topic_partition> wanted) {
    constexpr duration patience = std::chrono::seconds{5};
    duration between = std::chrono::milliseconds{200};
    constexpr duration longest = std::chrono::seconds{10};
    do {
        auto stored = sink_.positions(on_.id(), wanted);
        auto why = stored ? error{} : stored.error();
        if (stored) {
            auto& found = stored.value();
            std::vector<topic_partition> missing;
            for (const auto& of : wanted)
                if (std::none_of(found.begin(), found.end(), [&](const position& p) { return p.of == of; }))
                    missing.push_back(of);
            auto firsts = on_.committed(who_, consumer_->client(), missing, patience);
            if (firsts) {
                found.insert(found.end(), firsts.value().begin(), firsts.value().end());
                return std::move(found);
            }
            why = firsts.error();
        }
        if (!is_retryable(why)) {
            fail(why);
            return std::nullopt;
        }
        log::warning("could not read a sink's positions; trying again", {{"stage", who_.name}, {"error", why}});
        between = std::min(between * 2, longest);
    } while (pause(between));
    return std::nullopt;
}

bool sink_runner::rewind() {
    const auto positions = stored_positions(owned_.names());
    if (!positions) return false;
    if (auto ok = consumer_->seek(*positions); !ok) {
        back_off(ok.error());
        return false;
    }
    for (const auto& [of, next] : *positions) owned_.at(of).next = owned_.at(of).handed_on = next;
    pending_.clear();
    pending_bytes_ = 0;
    must_rewind_ = false;
    return true;
}

void sink_runner::wait() {
    if (!consumer_ || !to_resume_.empty()) return;
    const auto now = steady::now();
    auto until = now + housekeeping;
    if (now < retry_at_)
        until = std::min(until, retry_at_);
    else if (must_rewind_ || !input_drained_ || !pending_.empty())
        return;
    const std::array fds{consumer_->fd(), stop_fd()};
    wait_readable(fds, std::chrono::ceil<duration>(until - now));
}

}  // namespace feedwatch::kafka
