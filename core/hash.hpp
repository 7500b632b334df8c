// Stable hashes: the same bytes give the same value on every machine and in every version (xxHash XXH3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace feedwatch {

[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;

// 128 bits as 32 lower-case hexadecimal digits: for ids that must not collide.
[[nodiscard]] std::string hash128_hex(std::string_view bytes);

// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string hex_of(std::uint64_t hash);

}  // namespace feedwatch
