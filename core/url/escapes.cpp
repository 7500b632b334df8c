#include <array>

#include "core/url/parts.hpp"

namespace feedwatch::url {
namespace {

constexpr std::string_view unreserved_marks = "-._~";
// RFC 3986 pchar beside unreserved and escapes, and what each component adds. "[" and "]" stand raw in many real
// queries
// ("a[]=1") but are escaped here: one form for both spellings.
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
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            append_escape(out, '%');  // a stray percent sign
            continue;
        }
        const auto decoded = static_cast<unsigned char>(high * 16 + low);
        if (is_unreserved(decoded)) {
            out += static_cast<char>(decoded);
        } else {
            append_escape(out, decoded);
        }
        i += 2;
    }
    return out;
}

}  // namespace feedwatch::url
