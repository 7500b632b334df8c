#include "producers/extract/html_reader.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace feedwatch {
namespace {

constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool ends_name(char c) {
    return is_html_space(c) || c == '>' || c == '/';
}

// Offset of "</name" followed by no letter, from `at` on.
std::size_t find_end_tag(std::string_view html, std::size_t at, std::string_view name) {
    while (true) {
        at = html.find("</", at);
        if (at == std::string_view::npos) return at;
        const std::string_view found = html.substr(at + 2, name.size());
        const char after = at + 2 + name.size() < html.size() ? html[at + 2 + name.size()] : '>';
        if (equals_ascii_case(found, name) && (is_html_space(after) || after == '>' || after == '/')) return at;
        at += 2;
    }
}

}  // namespace

bool value_begins(std::string_view tag, std::size_t at, std::size_t from) noexcept {
    while (at > from && is_html_space(tag[at - 1])) --at;
    return at > from && tag[at - 1] == '=';
}

html_token html_reader::next() {
    while (at_ < html_.size()) {
        if (at_ < cdata_end_) {
            const std::string_view text = html_.substr(at_, cdata_end_ - at_);
            at_ = std::min(cdata_end_ + 3, html_.size());
            return {.what = html_token::kind::text, .text = text, .literal = true};
        }
        const std::size_t start = at_;
        std::size_t open = html_.find('<', at_);
        while (open != std::string_view::npos && open == start) {
            const char c = open + 1 < html_.size() ? html_[open + 1] : ' ';
            if (is_alpha(c)) return read_tag(open + 1);
            if (c == '/' && open + 2 < html_.size() && is_alpha(html_[open + 2])) return read_tag(open + 2);
            if (c == '!' || c == '?' || c == '/') {
                if (skip_markup_declaration()) break;
            }
            open = html_.find('<', open + 1);  // an ordinary "<"
        }
        if (at_ != start) continue;  // a declaration was passed over
        const std::size_t end = std::min(open, html_.size());
        at_ = end;
        return {.what = html_token::kind::text, .text = html_.substr(start, end - start)};
    }
    return {};
}

bool html_reader::skip_markup_declaration() {
    const std::string_view rest = html_.substr(at_);
    const auto skip_past = [&](std::string_view closing, std::size_t from) {
        const std::size_t end = rest.find(closing, from);
        at_ = end == std::string_view::npos ? html_.size() : at_ + end + closing.size();
    };
    if (rest.starts_with("<!-->")) {
        at_ += 5;
    } else if (rest.starts_with("<!--")) {
        skip_past("-->", 4);
    } else if (rest.starts_with("<![CDATA[")) {
        const std::size_t end = rest.find("]]>");
        cdata_end_ = end == std::string_view::npos ? html_.size() : at_ + end;
        at_ += 9;
        if (at_ >= cdata_end_) at_ = std::min(cdata_end_ + 3, html_.size());  // empty
    } else {
        skip_past(">", 2);
    }
    return true;
}

html_token html_reader::read_tag(std::size_t name_at) {
    const bool closing = html_[name_at - 1] == '/';
    std::size_t end = name_at;
    std::size_t length = 0;
    bool prefixed = false;
    for (; end < html_.size() && !ends_name(html_[end]); ++end) {
        if (html_[end] == ':' && !prefixed && end + 1 < html_.size() && !ends_name(html_[end + 1])) {
            prefixed = true;
            length = 0;
        } else if (length < sizeof name_) {
            name_[length++] = ascii_lower(html_[end]);
        }
    }
    const std::size_t attributes_at = end;
    end = end_of_tag<'>'>(html_, end);
    html_token token;
    token.name = std::string_view(std::begin(name_), length);
    token.element = element_named(token.name);
    if (end >= html_.size()) {  // no end: a tag that was cut off, or an ordinary "<" ("x <y, and ...")
        const std::string_view rest = html_.substr(at_);
        at_ = html_.size();
        const bool cut_off = attributes_at == html_.size() || rest.find('=') != std::string_view::npos;
        if (cut_off) return {};
        return {.what = html_token::kind::text, .text = rest};
    }
    token.source = html_.substr(at_, end + 1 - at_);
    at_ = end + 1;
    token.what = closing ? html_token::kind::end_tag : html_token::kind::start_tag;
    token.attributes = html_.substr(attributes_at, end - attributes_at);
    // The slash of an unquoted value ("href=http://host/") belongs to the value.
    const std::size_t size = token.attributes.size();
    const char before = size > 1 ? token.attributes[size - 2] : ' ';
    token.self_closing = token.attributes.ends_with('/') && (is_html_space(before) || before == '"' || before == '\'');
    if (!closing && !token.self_closing && token.element != nullptr && token.element->is(html_element::dropped))
        skip_content_of(*token.element);
    return token;
}

// The end tag is left to be read. Without one, scripts and styles reach to the end of a document; of the others only
// the tag goes, lest the rest of a text is lost.
void html_reader::skip_content_of(const html_element& element) {
    auto* const known = std::find(never_closed_.begin(), never_closed_.end(), &element);
    if (known != never_closed_.end()) return;
    const std::size_t end = find_end_tag(html_, at_, element.name);
    if (end != std::string_view::npos) {
        at_ = end;
    } else if (element.is(html_element::to_end) && mode_ == mode::document) {
        at_ = html_.size();
    } else {
        *std::find(never_closed_.begin(), never_closed_.end(), nullptr) = &element;  // there are fewer than it can hold
    }
}

bool next_attribute(std::string_view& rest, html_attribute& out) {
    const auto skip = [&](auto&& wanted) {
        std::size_t n = 0;
        while (n < rest.size() && wanted(rest[n])) ++n;
        const std::string_view taken = rest.substr(0, n);
        rest.remove_prefix(n);
        return taken;
    };
    skip([](char c) { return is_html_space(c) || c == '/'; });
    if (rest.empty()) return false;
    const char first = rest.front();
    out.name = skip(
        [n = 0, first](char c) mutable { return n++ == 0 ? c == first : !is_html_space(c) && c != '/' && c != '='; });
    skip(is_html_space);
    out.value = {};
    if (rest.empty() || rest.front() != '=') return true;
    rest.remove_prefix(1);
    skip(is_html_space);
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
        const char quote = rest.front();
        rest.remove_prefix(1);
        const std::size_t end = std::min(rest.find(quote), rest.size());
        out.value = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    } else {
        out.value = skip([](char c) { return !is_html_space(c); });
    }
    return true;
}

}  // namespace feedwatch
