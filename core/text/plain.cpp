#include "core/text/plain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace feedwatch::text {
namespace {

constexpr std::array<std::pair<std::string_view, char32_t>, 24> references{{
    {"amp", U'&'},      {"lt", U'<'},      {"gt", U'>'},      {"quot", U'"'},    {"apos", U'\''},   {"nbsp", U' '},
    {"ndash", 0x2013},  {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D},
    {"hellip", 0x2026}, {"euro", 0x20AC},  {"pound", 0xA3},   {"copy", 0xA9},    {"reg", 0xAE},     {"deg", 0xB0},
    {"eacute", 0xE9},   {"auml", 0xE4},    {"ouml", 0xF6},    {"uuml", 0xFC},    {"szlig", 0xDF},   {"bull", 0x2022},
}};

constexpr std::array inline_elements{"a",   "abbr", "b",    "bdi", "bdo", "cite",   "code",  "em",   "font",   "i",
                                     "ins", "kbd",  "mark", "q",   "s",   "samp",   "small", "span", "strong", "sub",
                                     "sup", "u",    "time", "var", "wbr", "strike", "tt",    "big"};

constexpr bool is_letter(char c) noexcept {
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

bool starts_with_folded(std::string_view text, std::string_view lower_case) noexcept {
    return text.size() >= lower_case.size() && std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                                                          [](char a, char b) { return a == ascii_lower(b); });
}

// Appends what stands for the reference at the beginning of `html` and returns its length; 0 if there is none.
std::size_t append_reference(std::string_view html, std::string& out) {
    constexpr std::size_t length_max = 12;
    const std::size_t end = html.substr(0, length_max).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    const std::string_view name = html.substr(1, end - 1);
    if (name.front() == '#') {
        const bool hexadecimal = name.size() > 1 && ascii_lower(name[1]) == 'x';
        const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
        std::uint32_t code = 0;
        const auto [stop, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
        if (digits.empty() || failed != std::errc{} || stop != digits.data() + digits.size()) return 0;
        append_utf8(out, static_cast<char32_t>(code));
        return end + 1;
    }
    const auto* found =
        std::find_if(references.begin(), references.end(), [&](const auto& r) { return r.first == name; });
    if (found == references.end()) return 0;
    append_utf8(out, found->second);
    return end + 1;
}

// Length of the tag or comment at the beginning of `html`, which is a '<'. Quoted '>' do not end a tag.
std::size_t length_of_tag(std::string_view html) noexcept {
    if (html.substr(0, 4) == "<!--") {
        const std::size_t end = html.find("-->", 4);
        return end == std::string_view::npos ? html.size() : end + 3;
    }
    char quote = 0;
    for (std::size_t i = 1; i < html.size(); ++i) {
        const char c = html[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if ((c == '"' || c == '\'') && html[i - 1] == '=') {
            quote = c;
        } else if (c == '>') {
            return i + 1;
        }
    }
    return html.size();
}

std::string_view name_of_tag(std::string_view tag) noexcept {
    const std::size_t begin = tag.size() > 1 && tag[1] == '/' ? 2 : 1;
    std::size_t end = begin;
    while (end < tag.size() && (is_letter(tag[end]) || (tag[end] >= '0' && tag[end] <= '9'))) ++end;
    return tag.substr(begin, end - begin);
}

bool is_inline(std::string_view name) noexcept {
    return std::any_of(inline_elements.begin(), inline_elements.end(), [&](std::string_view element) {
        return element.size() == name.size() && starts_with_folded(name, element);
    });
}

// Position after the end tag of an element whose content is no text, from after its start tag.
std::size_t skip_raw(std::string_view html, std::size_t from, std::string_view end_tag) noexcept {
    for (std::size_t at = html.find("</", from); at != std::string_view::npos; at = html.find("</", at + 2)) {
        if (starts_with_folded(html.substr(at), end_tag)) return at + length_of_tag(html.substr(at));
    }
    return html.size();
}

}  // namespace

void append_plain_text(std::string_view html, std::string& out) {
    std::size_t at = 0;
    while (at < html.size()) {
        const std::size_t next = std::min(html.find_first_of("<&", at), html.size());
        out.append(html.substr(at, next - at));
        at = next;
        if (at == html.size()) return;
        const std::string_view rest = html.substr(at);
        if (rest.front() == '&') {
            const std::size_t length = append_reference(rest, out);
            if (length == 0) out.push_back('&');
            at += std::max<std::size_t>(length, 1);
            continue;
        }
        const bool is_tag =
            rest.size() > 1 && (is_letter(rest[1]) || rest[1] == '/' || rest[1] == '!' || rest[1] == '?');
        if (!is_tag) {
            out.push_back('<');
            ++at;
            continue;
        }
        const std::string_view tag = rest.substr(0, length_of_tag(rest));
        const std::string_view name = name_of_tag(tag);
        at += tag.size();
        if (!is_inline(name)) out.push_back('\n');
        const bool opens = tag.size() > 1 && tag[1] != '/';
        if (opens && name.size() == 6 && starts_with_folded(name, "script")) at = skip_raw(html, at, "</script");
        if (opens && name.size() == 5 && starts_with_folded(name, "style")) at = skip_raw(html, at, "</style");
    }
}

std::string_view main_text_of(std::string_view text, std::string_view content_html, std::string_view summary_html,
                              std::string& buffer) {
    if (!text.empty()) return text;
    buffer.clear();
    append_plain_text(content_html.empty() ? summary_html : content_html, buffer);
    return buffer;
}

}  // namespace feedwatch::text
