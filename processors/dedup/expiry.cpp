#include "processors/dedup/expiry.hpp"

namespace feedwatch::dedup {
namespace {

constexpr std::int64_t first_kept = -62'135'596'800'000;  // 0001-01-01
constexpr std::uint64_t units_max = (std::uint64_t{1} << (64U - slot_bits)) - 1;

}  // namespace

// Times before the first one and after the last are of those units; they are told apart in front_.
expiry_queue::entry expiry_queue::unit_of(timestamp t) noexcept {
    const std::int64_t since = std::max(t.time_since_epoch().count(), first_kept) - first_kept;
    return std::min(static_cast<std::uint64_t>(since) >> unit_bits, units_max);
}

void expiry_queue::push(timestamp last_seen, slot s) {
    if (!front_.empty() && unit_of(last_seen) <= front_unit_) drop_front();
    heap_.push_back(entry_of(last_seen, s));
    std::ranges::push_heap(heap_, std::greater<>{});
}

void expiry_queue::drop_front() {
    const std::vector<exact> front = std::exchange(front_, {});
    for (const exact& e : front) push(e.at.last_seen, e.of);
}

}  // namespace feedwatch::dedup
