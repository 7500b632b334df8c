#include "processors/dedup/postings.hpp"

#include <algorithm>

namespace feedwatch::dedup {

template <class Key>
std::size_t postings<Key>::locate(Key key) const noexcept {
    const std::size_t mask = table_.size() - 1;
    std::size_t at = home(key);
    while (table_[at].value != empty && table_[at].key != key) at = (at + 1) & mask;
    return at;
}

template <class Key>
void postings<Key>::grow() {
    std::vector<entry> old(table_.size() * 2);
    old.swap(table_);
    --shift_;
    for (const entry& e : old) {
        if (e.value != empty) table_[locate(e.key)] = e;
    }
}

template <class Key>
void postings<Key>::add(Key key, slot value) {
    if ((used_ + 1) * 3 > table_.size() * 2) grow();
    entry& e = table_[locate(key)];
    if (e.value == empty) {
        e = {key, value};
        ++used_;
        return;
    }
    if ((e.value & list_bit) == 0) {
        std::uint32_t number = static_cast<std::uint32_t>(lists_.size());
        if (free_lists_.empty()) {
            lists_.emplace_back();
        } else {
            number = free_lists_.back();
            free_lists_.pop_back();
        }
        lists_[number].push_back(e.value);
        e.value = list_bit | number;
    }
    std::vector<slot>& list = lists_[e.value & ~list_bit];
    list.insert(std::lower_bound(list.begin(), list.end(), value), value);
}

template <class Key>
void postings<Key>::remove(Key key, slot value) {
    const std::size_t at = locate(key);
    entry& e = table_[at];
    if (e.value == empty) return;
    if ((e.value & list_bit) == 0) {
        if (e.value == value) erase_entry(at);
        return;
    }
    const std::uint32_t number = e.value & ~list_bit;
    std::vector<slot>& list = lists_[number];
    const auto found = std::lower_bound(list.begin(), list.end(), value);
    if (found == list.end() || *found != value) return;
    list.erase(found);
    if (list.size() > 1) return;
    e.value = list.front();
    std::vector<slot>().swap(list);
    free_lists_.push_back(number);
}

template <class Key>
std::span<const slot> postings<Key>::find(Key key) const noexcept {
    const entry& e = table_[locate(key)];
    if (e.value == empty) return {};
    if ((e.value & list_bit) == 0) return {&e.value, 1};
    return lists_[e.value & ~list_bit];
}

// Moves later entries of the run back, so that no entry is cut off from its home (no tombstones to accumulate).
template <class Key>
void postings<Key>::erase_entry(std::size_t at) noexcept {
    const std::size_t mask = table_.size() - 1;
    std::size_t hole = at;
    for (std::size_t next = (hole + 1) & mask; table_[next].value != empty; next = (next + 1) & mask) {
        const std::size_t distance_home = (next - home(table_[next].key)) & mask;
        const std::size_t distance_hole = (next - hole) & mask;
        if (distance_home >= distance_hole) {
            table_[hole] = table_[next];
            hole = next;
        }
    }
    table_[hole].value = empty;
    --used_;
}

template class postings<std::uint32_t>;
template class postings<std::uint64_t>;

}  // namespace feedwatch::dedup
