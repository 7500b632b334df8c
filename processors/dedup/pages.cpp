#include "processors/dedup/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

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
    if (data_ != nullptr) ::munmap(data_, size_);
}

void pages::grow(std::size_t bytes) {
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t size = (bytes + page - 1) / page * page;
    if (size <= size_) return;
    void* const at = data_ == nullptr
                         ? ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                         : ::mremap(data_, size_, size, MREMAP_MAYMOVE);
    if (at == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(at);
    size_ = size;
}

}  // namespace feedwatch::dedup
