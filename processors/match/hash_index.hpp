// Open-addressed map from 64-bit hashes to small numbers, with a filter in front: most words of a text are in no rule,
// and the filter says so in one load that stays in cache. Filled once, then only read.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedwatch::match_query {

class hash_index {
  public:
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    // Returns the number of the key: the one it has, or `fresh`, which it then gets.
    std::uint32_t insert(std::uint64_t key, std::uint32_t fresh) {
        if ((size_ + 1) * 2 > slots_.size()) grow();
        slot& s = find_slot(key);
        if (s.number == none) {
            s = {key, fresh};
            ++size_;
            mark(key);
        }
        return s.number;
    }

    [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept {
        const std::uint64_t h = mix(key);
        if (filter_.empty() || (filter_[(h >> 6U) & filter_mask_] >> (h & 63U) & 1U) == 0) return none;
        for (std::size_t i = (h >> 20U) & mask_;; i = (i + 1) & mask_) {
            if (slots_[i].number == none) return none;
            if (slots_[i].key == key) return slots_[i].number;
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return slots_.capacity() * sizeof(slot) + filter_.capacity() * sizeof(std::uint64_t);
    }

  private:
    struct slot {
        std::uint64_t key = 0;
        std::uint32_t number = none;
    };

    static std::uint64_t mix(std::uint64_t key) noexcept {
        key ^= key >> 32U;
        return key * 0x9E3779B97F4A7C15U;
    }

    slot& find_slot(std::uint64_t key) {
        std::size_t i = (mix(key) >> 20U) & mask_;
        while (slots_[i].number != none && slots_[i].key != key) i = (i + 1) & mask_;
        return slots_[i];
    }

    void mark(std::uint64_t key) {
        const std::uint64_t h = mix(key);
        filter_[(h >> 6U) & filter_mask_] |= std::uint64_t{1} << (h & 63U);
    }

    void grow() {
        std::vector<slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 16 : old.size() * 2, {});
        mask_ = slots_.size() - 1;
        // Eight bits of filter a slot, sixteen or more a key.
        filter_.assign(slots_.size() / 8, 0);
        filter_mask_ = filter_.size() - 1;
        for (const slot& s : old) {
            if (s.number == none) continue;
            find_slot(s.key) = s;
            mark(s.key);
        }
    }

    std::vector<slot> slots_;
    std::vector<std::uint64_t> filter_;
    std::size_t mask_ = 0;
    std::size_t filter_mask_ = 0;
    std::size_t size_ = 0;
};

}  // namespace feedwatch::match_query
