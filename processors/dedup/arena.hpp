// Small cells of bytes in large blocks, found by four bytes: no allocation, and no pointer, for each document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace feedwatch::dedup {

class arena {
  public:
    using address = std::uint32_t;

    // Copies the bytes. 16 GiB fit; past them std::length_error. Up to readable_past bytes after them may be read.
    [[nodiscard]] address put(std::span<const std::byte> bytes);
    void free(address at, std::size_t size) noexcept;  // `size`: of what was put there
    [[nodiscard]] std::byte* at(address a) noexcept { return blocks_[a >> unit_bits].get() + offset_of(a); }
    [[nodiscard]] const std::byte* at(address a) const noexcept { return blocks_[a >> unit_bits].get() + offset_of(a); }

    // What bytes of that size take here.
    [[nodiscard]] static constexpr std::size_t cell(std::size_t size) noexcept { return units_of(size) * unit; }

    static constexpr std::size_t readable_past = 8;
    static constexpr address none = 0xFFFFFFFFU;  // no address

  private:
    static constexpr std::size_t unit = 4;
    static constexpr unsigned unit_bits = 18;
    static constexpr std::size_t block_bytes = unit << unit_bits;
    // A cell of more has a block of its own.
    static constexpr std::size_t shared_units_max = 8192;

    static constexpr std::size_t units_of(std::size_t size) noexcept {
        return size == 0 ? 1 : (size + unit - 1) / unit;
    }
    static constexpr std::size_t offset_of(address a) noexcept { return (a & ((1U << unit_bits) - 1)) * unit; }
    [[nodiscard]] address add_block(std::size_t bytes);

    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::vector<address> free_blocks_;  // numbers of blocks that are gone
    std::vector<address> free_cells_;   // by size in units: the first of a chain through the cells
    address filling_ = none;            // the block that is being filled
    std::size_t filled_ = 0;            // bytes of it
};

}  // namespace feedwatch::dedup
