#include "processors/dedup/expiry.hpp"

namespace feedwatch::dedup {
namespace {

constexpr std::int64_t first_kept = -62'135'596'800'000;  // 0001-01-01
constexpr std::uint64_t units_max = (std::uint64_t{1} << (64U - slot_bits)) - 1;

}  // namespace

// Times before the first one and after the last are of those units; they are told apart exactly.
expiry_queue::entry expiry_queue::unit_of(timestamp t) noexcept {
    const auto since = static_cast<std::uint64_t>(std::max(t.time_since_epoch().count(), first_kept)) -
                       static_cast<std::uint64_t>(first_kept);
    return std::min(since >> unit_bits, units_max);
}

void expiry_queue::push(const place& at, slot s) {
    const entry unit = unit_of(at.last_seen);
    if (unit <= front_unit_) {
        front_.push_back({at, s});
        std::ranges::push_heap(front_, std::greater<>{});
        return;
    }
    heap_.push_back(unit << slot_bits | s);
    std::ranges::push_heap(heap_, std::greater<>{});
}

}  // namespace feedwatch::dedup
