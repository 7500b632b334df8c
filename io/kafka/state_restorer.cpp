#include "io/kafka/state_restorer.hpp"

#include "io/log/log.hpp"

namespace feedwatch::kafka {

void state_restorer::begin(std::int32_t partition) {
    step_.assigned(partition);
    const auto logs = step_.changelogs();
    jobs_.push_back({.partition = partition,
                     .logs = {logs.begin(), logs.end()},
                     .current = nullptr,
                     .begun = std::chrono::steady_clock::now()});
    count();
}

void state_restorer::forget(std::int32_t partition) {
    std::erase_if(jobs_, [&](const job& j) { return j.partition == partition; });
    step_.revoked(partition);
    count();
}

result<> state_restorer::advance() {
    constexpr std::size_t records_max = 2000;
    constexpr duration patience = std::chrono::milliseconds{100};
    if (jobs_.empty()) return {};
    auto& first = jobs_.front();
    if (!first.current && !first.logs.empty()) {
        auto opened = open({first.logs.front(), first.partition});
        if (!opened) return opened.error();
        first.current = std::move(opened.value());
    }
    if (first.current) {
        const auto at_end =
            first.current->advance([this](const record_view& record) { use(record); }, records_max, patience);
        if (!at_end) {
            first.current.reset();  // read again
            return at_end.error();
        }
        if (!at_end.value()) return {};
        first.current.reset();
        first.logs.pop_front();
        if (!first.logs.empty()) return {};
    }
    step_.restored(first.partition, time_.now());
    counts_.restore_duration.observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - first.begun).count());
    jobs_.pop_front();
    count();
    return {};
}

// After a snapshot, or from its beginning.
result<std::unique_ptr<changelog>> state_restorer::open(topic_partition which) {
    auto rest = files_.resume(which.partition);
    if (!rest || rest.value()) return rest;
    return on_.open_changelog(which);
}

void state_restorer::use(const record_view& record) {
    counts_.restored_records.add();
    const auto ok = step_.restore(record);
    if (ok) return;
    counts_.restore_errors.add();
    log::warning("changelog record cannot be understood", {{"stage", who_.name},
                                                           {"topic", on_.topic_name(record.from)},
                                                           {"partition", record.partition},
                                                           {"offset", record.offset},
                                                           {"error", ok.error()}});
}

void state_restorer::count() {
    counts_.restoring.set(static_cast<double>(jobs_.size()));
}

}  // namespace feedwatch::kafka
