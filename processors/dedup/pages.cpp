#include "processors/dedup/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace feedwatch::dedup {

pages::pages(pages&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

pages& pages::operator=(pages&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

pages::~pages() {
    release();
}

void pages::release() noexcept {
    if (size_ >= mapped_from) {
        ::munmap(data_, size_);
    } else {
        std::free(data_);
    }
}

void pages::grow(std::size_t bytes) {
    if (bytes <= size_) return;
    if (bytes < mapped_from) {
        grow_on_heap(bytes);
        return;
    }
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    grow_mapped((bytes + page - 1) / page * page);
}

void pages::grow_on_heap(std::size_t size) {
    void* const at = std::realloc(data_, size);
    if (at == nullptr) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(at);
    std::memset(data_ + size_, 0, size - size_);
    size_ = size;
}

void pages::grow_mapped(std::size_t size) {
    const bool is_mapped = size_ >= mapped_from;
    void* const at = is_mapped ? ::mremap(data_, size_, size, MREMAP_MAYMOVE)
                               : ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    if (!is_mapped && size_ > 0) {
        std::memcpy(at, data_, size_);
        std::free(data_);
    }
    data_ = static_cast<std::byte*>(at);
    size_ = size;
}

}  // namespace feedwatch::dedup
