// A stream of bytes in memory (core/byte_stream.hpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "core/byte_stream.hpp"

namespace feedwatch::testing {

class memory_writer final : public byte_writer {
  public:
    void write(std::span<const std::byte> more) override { bytes.insert(bytes.end(), more.begin(), more.end()); }
    std::vector<std::byte> bytes;
};

class memory_reader final : public byte_reader {
  public:
    explicit memory_reader(std::span<const std::byte> bytes) : left_(bytes) {}
    [[nodiscard]] bool read(std::span<std::byte> into) override {
        if (into.size() > left_.size()) return false;
        std::ranges::copy(left_.first(into.size()), into.begin());
        left_ = left_.subspan(into.size());
        return true;
    }
    [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }

  private:
    std::span<const std::byte> left_;
};

}  // namespace feedwatch::testing
