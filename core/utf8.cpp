#include "core/utf8.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace feedwatch {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct sequence {
    std::size_t length;  // bytes to take (valid) or to replace by one U+FFFD (invalid)
    bool valid;
};

// The sequence that starts at `at`, by the table of Unicode 15, 3.9 (D92).
sequence sequence_at(std::string_view s, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return {1, true};
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    } else {
        return {1, false};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= s.size() || byte(at + i) < low || byte(at + i) > high) return {i, false};
        low = 0x80;
        high = 0xBF;
    }
    return {length, true};
}

bool has_nul(std::string_view s) noexcept {
    return !s.empty() && std::memchr(s.data(), 0, s.size()) != nullptr;
}

// Nothing in it that to_valid_utf8 would change.
bool is_clean(std::string_view s) noexcept {
    return is_valid_utf8(s) && !has_nul(s);
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) noexcept {
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string to_valid_utf8(std::string_view bytes) {
    if (is_clean(bytes)) return std::string(bytes);
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        if (bytes[at] == '\0') {
            ++at;
            continue;
        }
        const sequence found = sequence_at(bytes, at);
        out += found.valid ? bytes.substr(at, found.length) : replacement;
        at += found.length;
    }
    return out;
}

void make_valid_utf8(std::string& text) {
    if (!is_clean(text)) text = to_valid_utf8(text);
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max) noexcept {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

void append_utf8(std::string& out, char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
    const auto put = [&](std::uint32_t b) { out += static_cast<char>(b); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6U));
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3FU));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

}  // namespace feedwatch
