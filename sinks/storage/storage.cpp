#include "sinks/storage/storage.hpp"

#include <algorithm>
#include <chrono>

#include "sinks/storage/item_store.hpp"
#include "sinks/storage/rows.hpp"

namespace feedwatch::storage {
namespace {

const std::vector<double> write_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
constexpr std::string_view tables[] = {"items", "duplicates", "matches", "feeds"};
constexpr std::string_view tables_of_stories[] = {"items", "duplicates", "matches"};
constexpr errc error_classes[] = {errc::malformed, errc::conflict, errc::unavailable,   errc::timeout,
                                  errc::refused,   errc::internal, errc::invalid_config};

counter& error_counter(meter& counts, std::string_view name, const std::string& error_class) {
    return counts.get_counter("feedwatch_storage_errors_total", "Failed calls to a store, by the error's class.",
                              {{"store", std::string(name)}, {"class", error_class}});
}

counter& row_counter(meter& counts, std::string_view name, std::string_view table) {
    return counts.get_counter("feedwatch_storage_rows_total", "Rows inserted or overwritten.",
                              {{"store", std::string(name)}, {"table", std::string(table)}});
}

counter& removal_counter(meter& counts, std::string_view name, std::string_view table) {
    return counts.get_counter("feedwatch_storage_rows_removed_total", "Rows of stories that were taken down.",
                              {{"store", std::string(name)}, {"table", std::string(table)}});
}

}  // namespace

storage_sink::storage_sink(std::string name, std::unique_ptr<item_store> store, meter& counts)
    : name_(std::move(name)),
      store_(std::move(store)),
      counts_(counts),
      write_seconds_(counts.get_histogram("feedwatch_storage_write_duration_seconds",
                                          "Time to store one batch, its commit included.", write_buckets,
                                          {{"store", name_}})) {
    for (const std::string_view table : tables) row_counter(counts_, name_, table);
    for (const std::string_view table : tables_of_stories) removal_counter(counts_, name_, table);
    for (const errc code : error_classes) error_counter(counts_, name_, make_error_code(code).message());
}

storage_sink::~storage_sink() = default;

std::vector<topic> storage_sink::inputs() const {
    return {topic::items, topic::duplicates, topic::flagged, topic::feeds, topic::polls};
}

error storage_sink::counted(error e) {
    error_counter(counts_, name_, e.code.message()).add();
    return e;
}

result<> storage_sink::open() {
    const auto opened = store_->open();
    if (!opened) return counted(opened.error());
    return {};
}

result<std::vector<position>> storage_sink::positions(std::string_view cluster,
                                                      std::span<const topic_partition> wanted) {
    auto found = store_->positions(cluster, wanted);
    if (!found) return counted(found.error());
    unknown_.reset();  // whatever became of it, the truth is now known
    for (const topic_partition& p : wanted) stored_.erase(p);
    for (const position& p : *found) stored_[p.of] = p.next;
    return found;
}

result<> storage_sink::write(std::string_view cluster, std::span<const record_view> records,
                             std::span<const position> next) {
    if (unknown_) {
        const auto settled = settle_unknown_commit(cluster);
        if (!settled) return counted(settled.error());
        if (!next.empty() && already_stored(next)) return {};
    }
    const auto began = std::chrono::steady_clock::now();  // a duration for a metric; nothing is decided by it
    const auto stored = store_rows(cluster, records, next);
    if (!stored) {
        if (is_retryable(stored.error())) unknown_.emplace(next.begin(), next.end());
        return counted(stored.error());
    }
    write_seconds_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    return {};
}

// Either all of the moves were committed or none: all that is to find out is where the positions are.
result<> storage_sink::settle_unknown_commit(std::string_view cluster) {
    std::vector<topic_partition> moved;
    for (const position& p : *unknown_) moved.push_back(p.of);
    const auto found = store_->positions(cluster, moved);
    if (!found) return found.error();
    const auto is_at = [&](const position& p) { return std::find(found->begin(), found->end(), p) != found->end(); };
    if (std::all_of(unknown_->begin(), unknown_->end(), is_at))
        for (const position& p : *unknown_) stored_[p.of] = p.next;
    // Else it was not committed, or somebody else has moved on: then the write that comes now is a conflict.
    unknown_.reset();
    return {};
}

bool storage_sink::already_stored(std::span<const position> next) const {
    return std::all_of(next.begin(), next.end(), [&](const position& p) {
        const auto at = stored_.find(p.of);
        return at != stored_.end() && at->second == p.next;
    });
}

result<> storage_sink::store_rows(std::string_view cluster, std::span<const record_view> records,
                                  std::span<const position> next) {
    const auto what = rows_of(records);
    if (!what) return what.error();
    std::vector<move> moves;
    for (const position& p : next) {
        const auto at = stored_.find(p.of);
        moves.push_back({p.of, at == stored_.end() ? std::nullopt : std::optional(at->second), p.next});
    }
    // Every process locks positions in one order.
    std::sort(moves.begin(), moves.end(), [](const move& a, const move& b) { return a.of < b.of; });
    const auto written = store_->write(cluster, *what, moves);
    if (!written) return written.error();
    for (const position& p : next) stored_[p.of] = p.next;
    for (std::size_t i = 0; i < what->removals.size(); ++i)
        removal_counter(counts_, name_, what->removals[i].table).add(static_cast<double>(written->removed[i]));
    for (std::size_t i = 0; i < what->rows.size(); ++i)
        row_counter(counts_, name_, what->rows[i].into->table).add(static_cast<double>(written->written[i]));
    return {};
}

}  // namespace feedwatch::storage
