#include "core/hash.hpp"

#include <xxhash.h>

#include <charconv>

namespace feedwatch {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) noexcept {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string hash128_hex(std::string_view bytes) {
    const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
    static constexpr char digits[] = "0123456789abcdef";
    std::string out(32, '0');
    for (std::size_t i = 0; i < 16; ++i) {
        out[15 - i] = digits[(h.high64 >> (4 * i)) & 0xFU];
        out[31 - i] = digits[(h.low64 >> (4 * i)) & 0xFU];
    }
    return out;
}

std::string hex_of(std::uint64_t hash) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof(digits), hash, 16).ptr;
    std::string out(sizeof(digits) - static_cast<std::size_t>(end - digits), '0');
    return out.append(digits, end);
}

}  // namespace feedwatch
