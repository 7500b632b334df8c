#include "tests/support/memory_log.hpp"

#include <utility>

#include "core/hash.hpp"

namespace feedwatch::testing {

std::int32_t memory_log::partitions_of(topic t) const noexcept {
    return traits_of(t).partitions == partitioning::single ? 1 : configured_;
}

void memory_log::append(topic to, std::optional<std::int32_t> partition, log_record record) {
    auto& partitions = topics_[to];
    partitions.resize(static_cast<std::size_t>(partitions_of(to)));
    const std::size_t at = partition ? static_cast<std::size_t>(*partition)
                                     : static_cast<std::size_t>(hash64(record.key) % partitions.size());
    partitions.at(at).push_back(std::move(record));
}

const std::vector<log_record>& memory_log::partition(topic t, std::int32_t p) const {
    static const std::vector<log_record> nothing;
    const auto found = topics_.find(t);
    return found == topics_.end() ? nothing : found->second.at(static_cast<std::size_t>(p));
}

std::vector<log_record> memory_log::all(topic t) const {
    std::vector<log_record> records;
    for (std::int32_t p = 0; p < partitions_of(t); ++p) {
        const auto& of_partition = partition(t, p);
        records.insert(records.end(), of_partition.begin(), of_partition.end());
    }
    return records;
}

std::vector<log_record> memory_log::compacted(topic t, std::int32_t p, std::vector<std::int64_t>* offsets) const {
    const auto& whole = partition(t, p);
    std::map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < whole.size(); ++i) last[whole[i].key] = i;
    std::vector<log_record> left;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (last[whole[i].key] != i || !whole[i].value) continue;
        left.push_back(whole[i]);
        if (offsets != nullptr) offsets->push_back(static_cast<std::int64_t>(i));
    }
    return left;
}

record_view memory_log::view(topic t, std::int32_t p, std::int64_t offset, const log_record& r) noexcept {
    record_view v;
    v.from = t;
    v.partition = p;
    v.offset = offset;
    v.key = r.key;
    if (r.value) v.value = *r.value;
    v.written = r.written;
    v.headers = r.headers;
    return v;
}

}  // namespace feedwatch::testing
