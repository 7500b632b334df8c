// Bytes in pages of their own, which grow where they are. A block of the heap that grows a little at a time leaves
// holes behind, of a tenth of what all such blocks hold.
#pragma once

#include <cstddef>

namespace feedwatch::dedup {

class pages {
  public:
    pages() = default;
    pages(pages&& other) noexcept;
    pages& operator=(pages&& other) noexcept;
    pages(const pages&) = delete;
    pages& operator=(const pages&) = delete;
    ~pages();

    // To at least so many bytes; what was there stays, what is new is zero. Throws std::bad_alloc.
    void grow(std::size_t bytes);

    [[nodiscard]] std::byte* data() noexcept { return data_; }
    [[nodiscard]] const std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    static constexpr std::size_t mapped_from = 4 * 1024;
    void grow_on_heap(std::size_t size);
    void grow_mapped(std::size_t size);
    void release() noexcept;

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace feedwatch::dedup
