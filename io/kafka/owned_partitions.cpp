#include "io/kafka/owned_partitions.hpp"

#include <algorithm>

namespace feedwatch::kafka {

std::vector<topic_partition> owned_partitions::names() const {
    std::vector<topic_partition> names;
    for (const auto& [of, owned] : *this) names.push_back(of);
    return names;
}

void owned_partitions::reached(const position& end) {
    if (const auto it = find(end.of); it != this->end()) it->second.read_to = end.next;
}

void owned_partitions::pass_markers(const position& end) {
    const auto it = find(end.of);
    if (it != this->end() && it->second.active) it->second.next = std::max(it->second.next, end.next);
}

std::vector<position> owned_partitions::moved() const {
    std::vector<position> positions;
    for (const auto& [of, owned] : *this)
        if (owned.active && owned.next != owned.handed_on) positions.push_back({of, owned.next});
    return positions;
}

void lag_report::write_if_due(const owned_partitions& owned, const group_consumer& from, instruments& to) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < housekeeping) return;
    last_ = now;
    for (const auto& [of, one] : owned)
        if (const auto end = from.end_of(of))
            to.lag(of, static_cast<double>(std::max<std::int64_t>(0, *end - std::max(one.next, one.read_to))));
}

}  // namespace feedwatch::kafka
