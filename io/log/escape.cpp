#include "io/log/escape.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include "core/utf8.hpp"

namespace feedwatch::log {
namespace {

// Reads one code point of valid UTF-8 and moves past it.
char32_t next(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    static constexpr std::array<unsigned, 5> masks{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t code = first & masks[length];
    for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (byte(at + i) & 0x3FU);
    at += length;
    return code;
}

// Characters that move the cursor, colour, break the line, or reorder what is shown (UAX 9).
bool is_treacherous(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200B || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

void append_code(std::string& out, char32_t c) {
    std::array<char, 16> buffer{};
    const int n = std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(c));
    out.append(buffer.data(), static_cast<std::size_t>(n));
}

enum class quoting { none, escaped };

// The same escapes serve all forms. `changed` says that something was escaped.
std::string escaped(std::string_view kept, quoting quotes, bool& changed) {
    std::string out;
    out.reserve(kept.size() + 8);
    for (std::size_t at = 0; at < kept.size();) {
        const std::size_t from = at;
        const char32_t c = next(kept, at);
        if (quotes == quoting::escaped && (c == '"' || c == '\\')) {
            (out += '\\') += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (is_treacherous(c)) {
            append_code(out, c);
        } else {
            out += kept.substr(from, at - from);
            continue;
        }
        changed = true;
    }
    return out;
}

std::string limited(std::string_view value, bool& changed) {
    const std::string clean = to_valid_utf8(value);
    const std::string_view kept = truncate_utf8(clean, value_bytes_max);
    std::string out = escaped(kept, quoting::escaped, changed);
    if (kept.size() < clean.size()) {
        out += "… (" + std::to_string(clean.size() - kept.size()) + " bytes more)";
        changed = true;
    }
    return out;
}

}  // namespace

std::string text_value(std::string_view value) {
    bool quoted = value.empty() || value.find_first_of(" =") != std::string_view::npos;
    const std::string text = limited(value, quoted);
    return quoted ? '"' + text + '"' : text;
}

std::string json_string(std::string_view value) {
    bool changed = false;
    return '"' + limited(value, changed) + '"';
}

std::string printable(std::string_view value) {
    bool changed = false;
    return escaped(to_valid_utf8(value), quoting::none, changed);
}

}  // namespace feedwatch::log
