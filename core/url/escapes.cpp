#include <array>

#include "core/url/parts.hpp"
#include "core/url/url.hpp"

namespace feedwatch {
namespace url {
namespace {

constexpr std::string_view unreserved_marks = "-._~";
// RFC 3986 pchar beside unreserved and escapes, and what each component adds. "[" and "]" stand raw in many real
// queries ("a[]=1") but are escaped here: one form for both spellings.
constexpr std::string_view pchar_marks = "!$&'()*+,;=:@";

constexpr bool is_alnum(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_unreserved(unsigned char c) {
    return is_alnum(c) || unreserved_marks.find(static_cast<char>(c)) != std::string_view::npos;
}

using table = std::array<bool, 256>;
table make_table(std::string_view more) {
    table t{};
    for (unsigned i = 0; i < 128; ++i) {
        const auto c = static_cast<unsigned char>(i);
        t[i] = is_unreserved(c) || pchar_marks.find(static_cast<char>(c)) != std::string_view::npos ||
               more.find(static_cast<char>(c)) != std::string_view::npos;
    }
    t[0] = false;
    return t;
}

const table& raw_in(component where) {
    static const table path = make_table("/");
    static const table query = make_table("/?");
    static const table userinfo = [] {
        table t = make_table("");
        t['@'] = false;
        return t;
    }();
    switch (where) {
        case component::path:
            return path;
        case component::userinfo:
            return userinfo;
        case component::query:
        case component::fragment:
            break;
    }
    return query;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void append_escape(std::string& out, unsigned char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += '%';
    out += digits[c >> 4U];
    out += digits[c & 0xFU];
}

// The byte that the escape at the front of `text` stands for; nothing where there is none.
std::optional<unsigned char> escaped_byte(std::string_view text) {
    if (text.size() < 3 || text[0] != '%' || hex_value(text[1]) < 0 || hex_value(text[2]) < 0) return std::nullopt;
    return static_cast<unsigned char>(hex_value(text[1]) * 16 + hex_value(text[2]));
}

}  // namespace

std::string normalise_escapes(std::string_view text, component where) {
    const table& raw = raw_in(where);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c != '%') {
            if (raw[c]) {
                out += text[i];
            } else {
                append_escape(out, c);
            }
            continue;
        }
        const auto decoded = escaped_byte(text.substr(i));
        if (!decoded) {
            append_escape(out, '%');  // a stray percent sign
            continue;
        }
        if (is_unreserved(*decoded)) {
            out += static_cast<char>(*decoded);
        } else {
            append_escape(out, *decoded);
        }
        i += 2;
    }
    return out;
}

}  // namespace url

std::string percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const auto byte = url::escaped_byte(text.substr(i))) {
            out += static_cast<char>(*byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace feedwatch
