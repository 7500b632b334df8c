// From a hash to the documents that have it: a multimap for keys that nearly always have one value. Open addressing, 8
// or 16 bytes an entry; the few keys with several values keep them in a list beside the table.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace feedwatch::dedup {

using slot = std::uint32_t;  // of a document in the store; below 2^31

template <class Key>
class postings {
  public:
    postings() : table_(16) {}

    // A pair that is there already must not be added again.
    void add(Key key, slot value);
    // A pair that is not there is ignored.
    void remove(Key key, slot value);
    // In no particular order. Valid until the next change.
    [[nodiscard]] std::span<const slot> find(Key key) const noexcept;

  private:
    static constexpr slot empty = 0xFFFFFFFFU;
    static constexpr slot list_bit = 0x80000000U;
    struct entry {
        Key key{};
        slot value = empty;  // a slot, or list_bit and the number of a list
    };

    // Anchors are minima, so their high bits are no hash any more: multiply before taking them.
    [[nodiscard]] std::size_t home(Key key) const noexcept {
        return static_cast<std::size_t>((std::uint64_t{key} * 0x9E3779B97F4A7C15ULL) >> shift_);
    }
    [[nodiscard]] std::size_t locate(Key key) const noexcept;  // its entry, or the empty one where it would go
    void grow();
    void erase_entry(std::size_t at) noexcept;

    std::vector<entry> table_;
    unsigned shift_ = 60;  // 64 - log2(table_.size())
    std::size_t used_ = 0;
    std::vector<std::vector<slot>> lists_;  // each sorted
    std::vector<std::uint32_t> free_lists_;
};

extern template class postings<std::uint32_t>;
extern template class postings<std::uint64_t>;

}  // namespace feedwatch::dedup
