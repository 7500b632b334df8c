#include "producers/extract/entities.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "core/bytes.hpp"
#include "core/utf8.hpp"

namespace feedwatch {
namespace {

struct named_entity {
    std::string_view name;
    std::string_view utf8;
    bool legacy;
};
constexpr named_entity entities[] = {
#include "producers/extract/entity_table.inc"
};
constexpr std::size_t name_bytes_max = 31;   // CounterClockwiseContourIntegral
constexpr std::size_t legacy_bytes_max = 6;  // "frac12"

const named_entity* find_entity(std::string_view name) {
    const auto* const found = std::lower_bound(std::begin(entities), std::end(entities), name,
                                               [](const named_entity& e, std::string_view n) { return e.name < n; });
    return found != std::end(entities) && found->name == name ? found : nullptr;
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What authors who wrote &#150; meant (WHATWG, "numeric character reference end state").
constexpr std::array<char32_t, 32> windows_1252{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void append_number(std::uint32_t value, std::string& out) {
    if (value >= 0x80 && value <= 0x9F) value = windows_1252[value - 0x80];
    const bool control = value < 0x20 && value != '\t' && value != '\n' && value != '\r';
    append_utf8(out, control ? 0xFFFD : static_cast<char32_t>(value));
}

std::size_t decode_number(std::string_view text, entity_rules rules, std::string& out) {
    std::size_t at = 2;
    const bool hexadecimal = at < text.size() && (text[at] == 'x' || text[at] == 'X');
    if (hexadecimal) ++at;
    const std::size_t first = at;
    std::uint32_t value = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        std::uint32_t digit = 0;
        if (is_digit(c)) {
            digit = static_cast<std::uint32_t>(c - '0');
        } else if (hexadecimal && c >= 'a' && c <= 'f') {
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        } else if (hexadecimal && c >= 'A' && c <= 'F') {
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        } else {
            break;
        }
        value = std::min<std::uint32_t>(value * (hexadecimal ? 16 : 10) + digit, 0x110000);  // past Unicode is all one
    }
    if (at == first) return 0;
    const bool closed = at < text.size() && text[at] == ';';
    if (!closed && rules == entity_rules::xml) return 0;
    append_number(value, out);
    return at + (closed ? 1 : 0);
}

// The five of XML, which are nearly all that feeds have. '\0': another. At least 4 bytes.
[[gnu::always_inline]] inline char frequent_entity(std::string_view text, std::size_t& length) {
    if (text[2] == 't' && text[3] == ';' && (text[1] == 'l' || text[1] == 'g')) {
        length = 4;
        return text[1] == 'l' ? '<' : '>';
    }
    const auto is = [&](std::string_view reference) {
        length = reference.size();
        return text.starts_with(reference);
    };
    if (text[1] == 'a') return is("&amp;") ? '&' : is("&apos;") ? '\'' : '\0';
    return text[1] == 'q' && is("&quot;") ? '"' : '\0';
}

}  // namespace

std::size_t decode_entity(std::string_view text, entity_rules rules, std::string& out) {
    if (text.size() < 3) return 0;
    if (text[1] == '#') return decode_number(text, rules, out);
    std::size_t length = 0;
    if (text.size() >= 4) {
        if (const char c = frequent_entity(text, length); c != '\0') {
            out += c;
            return length;
        }
    }
    std::size_t end = 1;
    while (end < text.size() && end <= name_bytes_max && is_alnum(text[end])) ++end;
    if (end < text.size() && text[end] == ';') {
        if (const named_entity* e = find_entity(text.substr(1, end - 1))) {
            out += e->utf8;
            return end + 1;
        }
    }
    if (rules == entity_rules::xml) return 0;
    for (length = std::min(end - 1, legacy_bytes_max); length >= 2; --length) {
        const named_entity* e = find_entity(text.substr(1, length));
        if (e == nullptr || !e->legacy) continue;
        const char next = length + 1 < text.size() ? text[length + 1] : '\0';
        if (rules == entity_rules::attribute && (next == '=' || is_alnum(next))) return 0;
        out += e->utf8;
        return length + 1;
    }
    return 0;
}

namespace {

// One copy of the text: each run up to the next reference (or carriage return) is copied while it is looked for.
template <bool mend_lines>
void decode_into(std::string_view text, entity_rules rules, std::string& out) {
    using bytes::block;
    // No reference gives more than 6 bytes for 5 ("&nGt;"): see the test.
    const std::size_t start = out.size();
    out.resize(start + text.size() + text.size() / 4 + 2 * block::size);
    char* to = out.data() + start;
    const char* from = text.data();
    const char* const end = from + text.size();
    std::string other;
    while (from < end) {
        if (static_cast<std::size_t>(end - from) >= block::size) {
            const block here(from);
            here.store(to);
            block::set found = here.equal('&');
            if constexpr (mend_lines) found |= here.equal('\r');
            const std::size_t plain = found == 0 ? block::size : block::first(found);
            from += plain;
            to += plain;
            if (found == 0) continue;
        } else if (*from != '&' && !(mend_lines && *from == '\r')) {
            *to++ = *from++;
            continue;
        }
        if (mend_lines && *from == '\r') {
            ++from;
            if (from == end || *from != '\n') *to++ = '\n';
            continue;
        }
        const std::string_view rest(from, static_cast<std::size_t>(end - from));
        std::size_t taken = 0;
        if (rest.size() >= 4) {
            if (const char c = frequent_entity(rest, taken); c != '\0') {
                *to++ = c;
                from += taken;
                continue;
            }
        }
        other.clear();
        taken = decode_entity(rest, rules, other);
        if (taken == 0) {
            other = '&';
            taken = 1;
        }
        std::memcpy(to, other.data(), other.size());
        to += other.size();
        from += taken;
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
}

}  // namespace

void decode_entities(std::string_view text, entity_rules rules, std::string& out) {
    decode_into<false>(text, rules, out);
}

void decode_xml_text(std::string_view text, std::string& out) {
    decode_into<true>(text, entity_rules::xml, out);
}

namespace {

std::string_view escape_of(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        default:
            return {};
    }
}

constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r' && c != '\f';
}

// Bytes of a reference at the front that stands for itself: it is written as decoding and escaping would.
std::size_t settled_reference(std::string_view text) {
    for (const std::string_view reference : {"&amp;", "&lt;", "&gt;", "&quot;"})
        if (text.starts_with(reference)) return reference.size();
    return 0;
}

void escape_byte(char c, bytes::buffer& out) {
    if (const std::string_view escape = escape_of(c); !escape.empty()) {
        out.append(escape);
    } else if (!is_control(c)) {
        out.append(c);
    }
}

}  // namespace

void escape_text(std::string_view text, bool literal, bytes::buffer& out) {
    using bytes::block;
    std::size_t at = 0;
    std::string decoded;
    while (at < text.size()) {
        if (text.size() - at >= block::size) {
            const block here(text.data() + at);
            here.store(out.room(block::size));
            const block::set found =
                here.equal('&') | here.equal('<') | here.equal('>') | here.equal('"') | here.up_to(0x1F);
            const std::size_t plain = found == 0 ? block::size : block::first(found);
            out.used(plain);
            at += plain;
            if (found == 0) continue;
        }
        const char c = text[at];
        if (c != '&' || literal) {
            escape_byte(c, out);
            ++at;
            continue;
        }
        const std::string_view rest = text.substr(at);
        if (const std::size_t settled = settled_reference(rest); settled > 0) {
            out.append(rest.substr(0, settled));
            at += settled;
            continue;
        }
        decoded.clear();
        const std::size_t taken = decode_entity(rest, entity_rules::text, decoded);
        if (taken == 0) decoded = '&';
        for (const char d : decoded) escape_byte(d, out);
        at += std::max<std::size_t>(taken, 1);
    }
}

void escape_html(std::string_view text, std::string& out) {
    std::size_t from = 0;  // what is before it has been written
    for (std::size_t at = bytes::find_any<'&', '<', '>', '"'>(text); at != std::string_view::npos;
         at = bytes::find_any<'&', '<', '>', '"'>(text, from)) {
        out += text.substr(from, at - from);
        out += escape_of(text[at]);
        from = at + 1;
    }
    out += text.substr(from);
}

}  // namespace feedwatch
