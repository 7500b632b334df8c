// How often each of some slots was named: a table as small as what is in it, so that counting misses no cache however
// many documents there are.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "processors/dedup/slot.hpp"

namespace feedwatch::dedup {

class slot_counts {
  public:
    slot_counts() : places_(first_places) {}

    // True: for the first time since clear().
    bool add(slot s) {
        place& p = find(s);
        if (p.count++ > 0) return false;
        p.of = s;
        if (++used_ * 2 > places_.size()) grow();
        return true;
    }
    [[nodiscard]] std::uint32_t of(slot s) { return find(s).count; }
    void clear() {
        if (used_ > 0) places_.assign(first_places, {});
        used_ = 0;
    }

  private:
    struct place {
        slot of = 0;
        std::uint32_t count = 0;  // 0: nobody is here
    };
    static constexpr std::size_t first_places = 512;

    [[nodiscard]] place& find(slot s) {
        const int shift = 32 - std::countr_zero(places_.size());
        std::size_t at = (s * 0x9E3779B1U) >> static_cast<unsigned>(shift);
        while (places_[at].count > 0 && places_[at].of != s) at = (at + 1) & (places_.size() - 1);
        return places_[at];
    }
    void grow() {
        std::vector<place> before(places_.size() * 2);
        before.swap(places_);
        for (const place& p : before) {
            if (p.count > 0) find(p.of) = p;
        }
    }

    std::vector<place> places_;
    std::size_t used_ = 0;
};

}  // namespace feedwatch::dedup
