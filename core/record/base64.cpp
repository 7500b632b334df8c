#include "core/record/base64.hpp"

#include <array>
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

template <class Integer>
bool read(std::string_view text, std::vector<Integer>& values) {
    values.clear();
    values.reserve(text.size() / 4 * 3 / sizeof(Integer));
    std::uint32_t value = 0;
    unsigned held = 0;
    const bool whole = decode(text, [&](std::uint8_t byte) {
        value |= static_cast<std::uint32_t>(byte) << (8 * held);
        if (++held < sizeof(Integer)) return;
        values.push_back(static_cast<Integer>(value));
        value = 0;
        held = 0;
    });
    return whole && held == 0;
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
