#include "io/kafka/failure_policy.hpp"

#include <algorithm>

namespace feedwatch::kafka {
namespace {

constexpr std::uint32_t fencings_max = 5;
constexpr duration fencings_within = std::chrono::minutes{10};

}  // namespace

void failure_policy::committed(const batch& what) {
    failures_in_a_row_ = 0;
    search_.committed(what.records);
    for (const auto& [of, next] : what.next)
        if (const auto it = poison_.find(of); it != poison_.end())
            it->second.erase(it->second.begin(), it->second.lower_bound(next));
}

result<> failure_policy::failed(const batch& what, const outcome& how, const std::optional<position>& first) {
    if (how.give_up) return how.why;
    if (how.fenced)
        if (auto ok = fenced(); !ok) return ok;
    if (how.blames_records) return suspect(what, how.why, first);
    back_off();
    return {};
}

result<> failure_policy::suspect(const batch& what, const error& why, const std::optional<position>& first) {
    if (!first) {
        // No input to blame: what the step makes by itself cannot be written.
        if (failures_in_a_row_ >= 2 * poison_search::aborts_before_suspicion) return why;
        back_off();
        return {};
    }
    if (search_.failed(*first, what.records) != poison_search::finding::poison) return {};
    if (!condemn(*first, why))
        return error{errc::unavailable, "the dead-letter topic takes no record: " + why.message()};
    return {};
}

result<> failure_policy::fenced() {
    const auto now = steady::now();
    fencings_.push_back(now);
    while (now - fencings_.front() > fencings_within) fencings_.pop_front();
    if (fencings_.size() < fencings_max) return {};
    return error{errc::conflict, "fenced " + std::to_string(fencings_.size()) +
                                     " times: does another process run as instance '" + instance_ + "'?"};
}

void failure_policy::back_off() {
    constexpr duration first_pause = std::chrono::milliseconds{20};
    constexpr duration longest_pause = std::chrono::seconds{10};
    const auto doubled = first_pause * (1 << std::min(failures_in_a_row_, 9U));
    ++failures_in_a_row_;
    retry_at_ = steady::now() + std::min<duration>(doubled, longest_pause);
}

const error* failure_policy::poison(const record_view& record) const {
    const auto of = poison_.find({record.from, record.partition});
    if (of == poison_.end()) return nullptr;
    const auto why = of->second.find(record.offset);
    return why == of->second.end() ? nullptr : &why->second;
}

bool failure_policy::condemn(const position& record, const error& why) {
    return poison_[record.of].emplace(record.next, why).second;
}

}  // namespace feedwatch::kafka
