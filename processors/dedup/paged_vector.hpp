// A vector in pages of its own: it grows by an eighth and where it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "processors/dedup/pages.hpp"

namespace feedwatch::dedup {

template <class T>
class paged_vector {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    paged_vector() = default;
    paged_vector(paged_vector&& other) noexcept
        : pages_(std::move(other.pages_)), size_(std::exchange(other.size_, 0)) {}
    paged_vector& operator=(paged_vector&& other) noexcept {
        pages_ = std::move(other.pages_);
        std::swap(size_, other.size_);
        return *this;
    }
    paged_vector(const paged_vector&) = delete;
    paged_vector& operator=(const paged_vector&) = delete;
    ~paged_vector() = default;

    void push_back(T value) {
        grow_for(size_ + 1);
        std::construct_at(begin() + size_, value);
        ++size_;
    }
    void pop_back() noexcept { --size_; }
    // To a size that is not smaller.
    void resize(std::size_t size) {
        grow_for(size);
        for (; size_ < size; ++size_) std::construct_at(begin() + size_);
    }

    [[nodiscard]] T& operator[](std::size_t i) noexcept { return begin()[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return begin()[i]; }
    [[nodiscard]] T& front() noexcept { return *begin(); }
    [[nodiscard]] T* begin() noexcept { return reinterpret_cast<T*>(pages_.data()); }
    [[nodiscard]] const T* begin() const noexcept { return reinterpret_cast<const T*>(pages_.data()); }
    [[nodiscard]] T* end() noexcept { return begin() + size_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  private:
    void grow_for(std::size_t size) {
        if (size * sizeof(T) <= pages_.size()) return;
        pages_.grow(std::max(size * sizeof(T), pages_.size() + pages_.size() / 8));
    }

    pages pages_;
    std::size_t size_ = 0;
};

}  // namespace feedwatch::dedup
