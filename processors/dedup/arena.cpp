#include "processors/dedup/arena.hpp"

#include <cstring>
#include <stdexcept>

namespace feedwatch::dedup {

arena::address arena::add_block(std::size_t bytes) {
    auto block = std::make_unique_for_overwrite<std::byte[]>(bytes + readable_past);
    if (!free_blocks_.empty()) {
        const address number = free_blocks_.back();
        free_blocks_.pop_back();
        blocks_[number] = std::move(block);
        return number;
    }
    constexpr std::size_t blocks_max = std::size_t{1} << (32U - unit_bits);
    if (blocks_.size() == blocks_max) throw std::length_error("the documents of an index take more than 16 GiB");
    blocks_.push_back(std::move(block));
    return static_cast<address>(blocks_.size() - 1);
}

arena::address arena::put(std::span<const std::byte> bytes) {
    const std::size_t units = units_of(bytes.size());
    address a = none;
    if (units > shared_units_max) {
        a = add_block(units * unit) << unit_bits;
    } else if (units < free_cells_.size() && free_cells_[units] != none) {
        a = free_cells_[units];
        std::memcpy(&free_cells_[units], at(a), sizeof(address));
    } else {
        if (filling_ == none || filled_ + units * unit > block_bytes) {
            filling_ = add_block(block_bytes);
            filled_ = 0;
        }
        a = (filling_ << unit_bits) | static_cast<address>(filled_ / unit);
        filled_ += units * unit;
    }
    if (!bytes.empty()) std::memcpy(at(a), bytes.data(), bytes.size());
    return a;
}

void arena::free(address a, std::size_t size) noexcept {
    const std::size_t units = units_of(size);
    if (units > shared_units_max) {
        blocks_[a >> unit_bits].reset();
        free_blocks_.push_back(a >> unit_bits);
        return;
    }
    if (units >= free_cells_.size()) free_cells_.resize(units + 1, none);
    std::memcpy(at(a), &free_cells_[units], sizeof(address));
    free_cells_[units] = a;
}

}  // namespace feedwatch::dedup
