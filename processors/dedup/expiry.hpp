// Which document was last seen longest ago, at eight bytes a document.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "processors/dedup/paged_vector.hpp"
#include "processors/dedup/slot.hpp"

namespace feedwatch::dedup {

class expiry_queue {
  public:
    struct place {
        timestamp last_seen{};
        std::uint64_t id_hash = 0;
        friend bool operator==(const place&, const place&) = default;
    };

    // When a slot is taken and when its last_seen moved back. When that moved on nothing need be said: an entry that is
    // too early is renewed when it comes to the top.
    void push(const place& at, slot s);

    // The one with the smallest last_seen and, of several, the smallest hash of its id, whatever the order in which
    // they came. look(slot) is std::optional<place>: what is there now.
    template <class Look>
    [[nodiscard]] std::optional<slot> oldest(const Look& look);

  private:
    // A second and a bit over the slot.
    using entry = std::uint64_t;
    static constexpr unsigned unit_bits = 10;  // of the milliseconds
    [[nodiscard]] static entry unit_of(timestamp t) noexcept;

    struct exact {
        place at;
        slot of = 0;
        friend bool operator>(const exact& a, const exact& b) noexcept {
            return std::tuple(a.at.last_seen, a.at.id_hash, a.of) > std::tuple(b.at.last_seen, b.at.id_hash, b.of);
        }
    };
    template <class Look>
    bool fill_front(const Look& look);

    // Both with the smallest on top: exactly up to a second, and by the second alone after it.
    std::vector<exact> front_;
    paged_vector<entry> heap_;
    entry front_unit_ = 0;
};

template <class Look>
std::optional<slot> expiry_queue::oldest(const Look& look) {
    for (;;) {
        if (front_.empty() && !fill_front(look)) return std::nullopt;
        if (front_.empty()) continue;
        const exact first = front_.front();
        const std::optional<place> now = look(first.of);
        if (now == first.at) return first.of;
        std::ranges::pop_heap(front_, std::greater<>{});
        front_.pop_back();
        if (now) push(*now, first.of);
    }
}

// False: there are no more.
template <class Look>
bool expiry_queue::fill_front(const Look& look) {
    if (heap_.empty()) return false;
    front_unit_ = heap_.front() >> slot_bits;
    while (!heap_.empty() && heap_.front() >> slot_bits == front_unit_) {
        const auto s = static_cast<slot>(heap_.front() & ((entry{1} << slot_bits) - 1));
        std::ranges::pop_heap(heap_, std::greater<>{});
        heap_.pop_back();
        if (const std::optional<place> now = look(s)) push(*now, s);
    }
    return true;
}

}  // namespace feedwatch::dedup
