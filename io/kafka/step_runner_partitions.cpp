// What a step's runner does when its partitions change, and when it goes back to what was committed.
#include <algorithm>
#include <utility>

#include "io/kafka/step_runner.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {

std::vector<position> step_runner::assigned(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    settle();
    hold_active();
    const auto positions = committed_positions(partitions);
    if (!positions) return {};  // stopping or failed
    for (const auto& [of, next] : *positions) {
        owned_[of] = {.next = next, .handed_on = next, .active = false};
        if (inputs_owned_[of.partition]++ == 0) begin_restore(of.partition);
    }
    counts_.assigned.set(static_cast<double>(owned_.size()));
    if (!partitions.empty())
        log::info("partitions assigned", {{"stage", who_.name}, {"new", partitions.size()}, {"owned", owned_.size()}});
    to_activate_ = true;
    return *positions;
}

// State is restored between batches, so that no roll-back meets it: what is active already waits.
void step_runner::hold_active() {
    std::vector<topic_partition> active;
    for (auto& [of, owned] : owned_)
        if (std::exchange(owned.active, false)) active.push_back(of);
    if (active.empty()) return;
    if (auto ok = consumer_->pause(active); !ok) fail(ok.error());
}

void step_runner::revoked(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    settle();
    drop(partitions);
    log::info("partitions revoked", {{"stage", who_.name}, {"gone", partitions.size()}, {"owned", owned_.size()}});
}

void step_runner::lost(std::span<const topic_partition> partitions) {
    counts_.rebalances.add();
    if (worker_ && worker_->busy()) handle(worker_->wait());
    if (open_) {
        forget_open();
        must_rewind_ = true;
    }
    drop(partitions);
    log::warning("partitions lost", {{"stage", who_.name}, {"gone", partitions.size()}, {"owned", owned_.size()}});
}

void step_runner::drop(std::span<const topic_partition> partitions) {
    for (const auto& of : partitions) {
        if (owned_.erase(of) == 0) continue;
        failures_.forget(of);
        counts_.forget_lag(of);
        if (--inputs_owned_[of.partition] > 0) continue;
        inputs_owned_.erase(of.partition);
        restorer_.forget(of.partition);
    }
    counts_.assigned.set(static_cast<double>(owned_.size()));
    set_ready(restorer_.done() && !to_activate_ && !must_reopen_);
}

void step_runner::begin_restore(std::int32_t partition) {
    set_ready(false);
    restorer_.begin(partition);
}

void step_runner::restore_some() {
    const auto ok = restorer_.advance();
    if (ok) return;
    if (!is_retryable(ok.error())) return fail(ok.error());
    log::warning("could not read a changelog; trying again", {{"stage", who_.name}, {"error", ok.error()}});
    failures_.back_off();
}

// A step that has enough to do gets no records until one of its ticks changes that.
void step_runner::heed_back_pressure() {
    if (!restorer_.done() || to_activate_ || held_ == !step_.wants_input()) return;
    if (held_) {
        to_activate_ = true;
        return;
    }
    held_ = true;
    hold_active();
}

// Everything is restored and wanted: let records come.
void step_runner::activate_restored() {
    to_activate_ = false;
    held_ = false;
    std::vector<topic_partition> waiting;
    for (auto& [of, owned] : owned_) {
        if (owned.active) continue;
        owned.active = true;
        waiting.push_back(of);
    }
    if (!waiting.empty())
        if (auto ok = consumer_->resume(waiting); !ok) return fail(ok.error());
    tick_wanted_ = true;
    set_ready(true);
}

bool step_runner::recover() {
    const bool lost_producer = must_reopen_;
    if (lost_producer) {
        if (!reopen()) return false;
        must_reopen_ = false;
    }
    const auto names = owned_.names();
    const auto positions = committed_positions(names);
    if (!positions) return false;
    // Whether the last batch was committed is unknown, and with it what the state should be: read it back.
    if (lost_producer) {
        hold_active();
        to_activate_ = true;
        for (const auto& [partition, inputs] : inputs_owned_) {
            restorer_.forget(partition);
            begin_restore(partition);
        }
    }
    if (auto ok = consumer_->seek(*positions); !ok) {
        log::warning("could not seek to the committed offsets", {{"stage", who_.name}, {"error", ok.error()}});
        failures_.back_off();
        return false;
    }
    for (const auto& [of, next] : *positions) {
        auto& owned = owned_.at(of);
        owned.next = owned.handed_on = next;
    }
    must_rewind_ = false;
    return true;
}

bool step_runner::reopen() {
    constexpr duration longest_pause = std::chrono::seconds{10};
    duration how_long = std::chrono::milliseconds{200};
    while (!stopping()) {
        const auto opened = committer_->open();
        if (opened) return true;
        if (!is_retryable(opened.error()) && opened.error().code != errc::conflict) {
            fail(opened.error());
            return false;
        }
        log::warning("could not open the producer; trying again", {{"stage", who_.name}, {"error", opened.error()}});
        if (opened.error().code == errc::conflict) {
            counts_.fenced.add();
            if (auto ok = failures_.fenced(); !ok) fail(ok.error());
        }
        if (failed() || !pause(how_long)) return false;
        how_long = std::min(how_long * 2, longest_pause);
    }
    return false;
}

std::optional<std::vector<position>> step_runner::committed_positions(std::span<const topic_partition> wanted) {
    constexpr duration patience = std::chrono::seconds{5};
    constexpr duration between = std::chrono::milliseconds{200};
    do {
        auto found = on_.committed(who_, consumer_->client(), wanted, patience);
        if (found) return std::move(found.value());
        if (!is_retryable(found.error())) {
            fail(found.error());
            return std::nullopt;
        }
        log::warning("could not read the committed offsets; trying again",
                     {{"stage", who_.name}, {"error", found.error()}});
    } while (pause(between));
    return std::nullopt;
}

}  // namespace feedwatch::kafka
