#include "producers/extract/page_head.hpp"

#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t charset_bytes = 1024;  // as far as HTML lets it stand
constexpr std::size_t canonical_bytes = 1U << 20U;
constexpr std::size_t value_bytes_max = 4096;

std::string decoded(std::string_view value) {
    std::string out;
    decode_entities(value.substr(0, value_bytes_max), entity_rules::attribute, out);
    return std::string(ascii_trimmed(out));
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = std::min(words.find_first_of(" \t\r\n\f"), words.size());
        if (equal_ignoring_case(words.substr(0, end), word)) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

}  // namespace

std::string page_canonical(std::string_view html, std::string_view url) {
    html_reader reader(html.substr(0, canonical_bytes));
    std::string base(url);
    for (html_token t = reader.next(); t.what != html_token::kind::end; t = reader.next()) {
        if (t.what != html_token::kind::start_tag) continue;
        if (t.name == "body") break;  // a link there may be a reader's
        if (t.name != "link" && t.name != "base") continue;
        std::string rel, href;
        html_attribute a;
        for (std::string_view rest = t.attributes; next_attribute(rest, a);) {
            if (equal_ignoring_case(a.name, "rel")) rel = decoded(a.value);
            if (equal_ignoring_case(a.name, "href")) href = decoded(a.value);
        }
        if (href.empty()) continue;
        if (t.name == "base") {
            base = resolve_url(url, href).value_or(base);
        } else if (has_word(rel, "canonical")) {
            return resolve_url(base, href).value_or("");
        }
    }
    return {};
}

std::string page_charset(std::string_view html) {
    const std::string head = ascii_lower(html.substr(0, charset_bytes));
    for (std::size_t at = head.find("<meta"); at != std::string::npos; at = head.find("<meta", at + 5)) {
        const std::string_view tag = std::string_view(head).substr(at, head.find('>', at) - at);
        const auto name = tag.find("charset");
        if (name == std::string_view::npos) continue;
        std::string_view value = ascii_trimmed(tag.substr(name + 7));
        if (!value.starts_with('=')) continue;
        value = ascii_trimmed(value.substr(1));
        while (value.starts_with('"') || value.starts_with('\'')) value.remove_prefix(1);
        return std::string(ascii_trimmed(value.substr(0, value.find_first_of("\"'; \t\r\n/>"))));
    }
    return {};
}

}  // namespace feedwatch
