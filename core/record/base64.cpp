#include "core/record/base64.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace feedwatch::record {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xFF;

constexpr auto values_of_digits = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(none);
    for (std::size_t i = 0; i < digits.size(); ++i)
        table[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

template <class Integer>
void append(std::string& out, const std::vector<Integer>& values) {
    out.reserve(out.size() + (values.size() * sizeof(Integer) + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned held = 0;  // bytes in `bits`
    const auto flush = [&] {
        for (unsigned i = 0; i < 4; ++i) out += i <= held ? digits[(bits >> (18 - 6 * i)) & 0x3FU] : '=';
        bits = 0;
        held = 0;
    };
    for (const Integer value : values) {
        for (unsigned i = 0; i < sizeof(Integer); ++i) {
            const std::uint32_t byte = (static_cast<std::uint32_t>(value) >> (8 * i)) & 0xFFU;
            bits |= byte << (16 - 8 * held);
            if (++held == 3) flush();
        }
    }
    if (held != 0) flush();
}

// The bytes that `text` encodes, one at a time to `take`.
template <class Take>
bool decode(std::string_view text, const Take& take) {
    if (text.size() % 4 != 0) return false;
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool last = at + 4 == text.size();
        std::size_t padding = 0;
        if (last && text[at + 3] == '=') padding = text[at + 2] == '=' ? 2 : 1;
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint8_t value =
                i >= 4 - padding ? std::uint8_t{0} : values_of_digits[static_cast<unsigned char>(text[at + i])];
            if (value == none) return false;
            bits = (bits << 6U) | value;
        }
        for (std::size_t i = 0; i < 3 - padding; ++i) take(static_cast<std::uint8_t>((bits >> (16 - 8 * i)) & 0xFFU));
    }
    return true;
}

// Four digits are three bytes; 0xFF of `none` shows in the high bits of all taken together.
template <class Integer>
bool read(std::string_view text, std::vector<Integer>& values) {
    if (text.size() % 4 != 0) return false;
    std::size_t padding = 0;
    if (text.ends_with('=')) padding = text.ends_with("==") ? 2 : 1;
    const std::size_t bytes = text.size() / 4 * 3 - padding;
    if (bytes % sizeof(Integer) != 0) return false;
    values.resize(bytes / sizeof(Integer));
    auto* out = reinterpret_cast<unsigned char*>(values.data());
    const std::size_t whole = text.size() - (padding == 0 ? 0 : 4);
    std::uint32_t seen = 0;
    const auto value = [&](std::size_t at) -> std::uint32_t {
        return values_of_digits[static_cast<unsigned char>(text[at])];
    };
    for (std::size_t at = 0; at < whole; at += 4, out += 3) {
        const std::uint32_t a = value(at);
        const std::uint32_t b = value(at + 1);
        const std::uint32_t c = value(at + 2);
        const std::uint32_t d = value(at + 3);
        seen |= a | b | c | d;
        out[0] = static_cast<unsigned char>(a << 2U | b >> 4U);
        out[1] = static_cast<unsigned char>(b << 4U | c >> 2U);
        out[2] = static_cast<unsigned char>(c << 6U | d);
    }
    if (padding != 0) {
        const std::uint32_t a = value(whole);
        const std::uint32_t b = value(whole + 1);
        const std::uint32_t c = padding == 1 ? value(whole + 2) : 0;
        seen |= a | b | c;
        out[0] = static_cast<unsigned char>(a << 2U | b >> 4U);
        if (padding == 1) out[1] = static_cast<unsigned char>(b << 4U | c >> 2U);
    }
    if (seen > 0x3F) return false;
    if constexpr (std::endian::native == std::endian::big) {
        for (Integer& v : values) v = sizeof(Integer) == 2 ? __builtin_bswap16(v) : __builtin_bswap32(v);
    }
    return true;
}

}  // namespace

void append_base64(std::string& out, const std::vector<std::uint16_t>& values) {
    append(out, values);
}
void append_base64(std::string& out, const std::vector<std::uint32_t>& values) {
    append(out, values);
}
bool read_base64(std::string_view text, std::vector<std::uint16_t>& values) {
    return read(text, values);
}
bool read_base64(std::string_view text, std::vector<std::uint32_t>& values) {
    return read(text, values);
}
bool read_base64(std::string_view text, std::string& bytes) {
    std::string joined(text);
    std::erase_if(joined, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    bytes.clear();
    return decode(joined, [&](std::uint8_t byte) { bytes += static_cast<char>(byte); });
}

}  // namespace feedwatch::record
