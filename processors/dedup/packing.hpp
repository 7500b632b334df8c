// How samples of hashes become few bytes: by the gaps between them. Never written anywhere but into memory and, with a
// check sum, into snapshots. Readers trust what they read: it was written here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch::dedup {

using packed_bytes = std::vector<std::byte>;

void put_varint(packed_bytes& out, std::uint64_t n);
[[nodiscard]] std::uint64_t get_varint(const std::byte*& at) noexcept;

// An id of the form "1:" and 32 lower-case hexadecimal digits is 17 bytes; any other its length and itself. Equal
// exactly where the ids are.
void put_id(packed_bytes& out, std::string_view id);
[[nodiscard]] std::span<const std::byte> get_id(const std::byte*& at) noexcept;  // the packed form
[[nodiscard]] std::string unpacked_id(std::span<const std::byte> packed);

// Ascending, distinct hashes of 16 or 32 bits, as the gaps between them by Rice's code: some nine bits each where a
// list is a sample of three hundred, and 29 of 32 for twenty anchors.
template <class Hash>
void put_sample(packed_bytes& out, std::span<const Hash> sample);
// Reads up to 8 bytes past the sample's end.
template <class Hash>
void get_sample(const std::byte*& at, std::vector<Hash>& sample);
void skip_sample(const std::byte*& at) noexcept;

}  // namespace feedwatch::dedup
