// How samples of hashes become few bytes: by the gaps between them. Never written anywhere but into memory. Readers
// trust what they read: it was written here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace feedwatch::dedup {

using packed_bytes = std::vector<std::byte>;

void put_varint(packed_bytes& out, std::uint64_t n);
[[nodiscard]] std::uint64_t get_varint(const std::byte*& at) noexcept;

// Ascending, distinct hashes, as the gaps between them by Rice's code: some nine bits each where a list is a sample of
// three hundred.
void put_sample(packed_bytes& out, std::span<const std::uint16_t> sample);
// Reads up to 8 bytes past the sample's end.
void get_sample(const std::byte*& at, std::vector<std::uint16_t>& sample);
void skip_sample(const std::byte*& at) noexcept;

}  // namespace feedwatch::dedup
