#include "producers/extract/sanitise.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/ascii.hpp"
#include "core/bytes.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t depth_max = 200;  // deeper elements vanish, their content stays

// Sorted.
constexpr std::array<std::string_view, 15> plain_attributes{"abbr",     "align", "alt",     "cite",   "colspan",
                                                            "datetime", "dir",   "headers", "height", "lang",
                                                            "rowspan",  "scope", "start",   "title",  "width"};
constexpr std::uint32_t link_bit = 1U << plain_attributes.size();

// A bit for each attribute that may be plain; 0: it may not stand.
std::uint32_t bit_of(std::string_view name) {
    const auto* const found = std::lower_bound(plain_attributes.begin(), plain_attributes.end(), name);
    if (found == plain_attributes.end() || *found != name) return 0;
    return 1U << static_cast<std::uint32_t>(found - plain_attributes.begin());
}

// "" where the link may not stand.
std::string safe_link(std::string_view value, std::string_view base, bool mail_too) {
    if (mail_too) {
        const std::string start = ascii_lower(value.substr(0, 7));
        if (start.starts_with("mailto:") || start.starts_with("tel:")) return std::string(value);
    }
    return resolve_url(base, value).value_or(std::string{});
}

class sanitiser {
  public:
    sanitiser(std::string_view html, std::string_view base)
        : reader_(html), base_(base), out_(html.size() + html.size() / 8) {}

    std::string run() {
        for (html_token token = reader_.next(); token.what != html_token::kind::end; token = reader_.next()) {
            switch (token.what) {
                case html_token::kind::text:
                    escape_text(token.text, token.literal, out_);
                    break;
                case html_token::kind::start_tag:
                    if (token.element != nullptr && token.element->is(html_element::allowed)) open(token);
                    break;
                case html_token::kind::end_tag:
                    if (token.element != nullptr) close(*token.element);
                    break;
                case html_token::kind::end:
                    break;
            }
        }
        while (!open_.empty()) close_innermost();
        std::string out = std::move(out_).take();
        make_valid_utf8(out);
        return out;
    }

  private:
    void open(const html_token& token) {
        const html_element& element = *token.element;
        const bool is_void = element.is(html_element::empty);
        if (!is_void && open_.size() >= depth_max) return;
        const std::size_t start = out_.size();
        out_.append('<');
        out_.append(element.name);
        if (!put_attributes(token)) {
            out_.cut(start);
            return;
        }
        out_.append('>');
        if (is_void) return;
        if (token.self_closing) {  // "<p/>" opens a paragraph in HTML, but feeds mean the empty one of XHTML
            put_end_tag(element);
            return;
        }
        open_.push_back(&element);
    }

    // False: the element is nothing without an attribute that it lacks.
    bool put_attributes(const html_token& token) {
        const std::string_view element = token.element->name;
        const bool takes_href = element == "a";
        const bool takes_src = element == "img" || element == "audio" || element == "video" || element == "source";
        std::string_view rest = token.attributes;
        html_attribute attribute;
        bool source = false;
        std::uint32_t seen = 0;  // a repeated attribute does not count
        std::array<char, 16> lower{};
        while (!rest.empty() && next_attribute(rest, attribute)) {
            if (attribute.name.size() > lower.size()) continue;
            std::transform(attribute.name.begin(), attribute.name.end(), lower.begin(),
                           [](char c) { return ascii_lower(c); });
            const std::string_view name(lower.data(), attribute.name.size());
            const bool href = takes_href && name == "href";
            const bool link = href || (takes_src && name == "src");
            const std::uint32_t bit = link ? link_bit : bit_of(name);
            if (bit == 0 || (seen & bit) != 0) continue;
            value_.clear();
            decode_entities(attribute.value, entity_rules::attribute, value_);
            if (link || name == "cite") {
                value_ = safe_link(value_, base_, href);
                if (value_.empty()) continue;
            }
            source = source || name == "src";
            out_.append(' ');
            out_.append(name);
            out_.append("=\"");
            escape_text(value_, true, out_);
            out_.append('"');
            seen |= bit;
        }
        return source || (element != "img" && element != "source");
    }

    void close(const html_element& element) {
        if (std::find(open_.begin(), open_.end(), &element) == open_.end()) return;
        while (open_.back() != &element) close_innermost();
        close_innermost();
    }

    void close_innermost() {
        put_end_tag(*open_.back());
        open_.pop_back();
    }

    void put_end_tag(const html_element& element) {
        out_.append("</");
        out_.append(element.name);
        out_.append('>');
    }

    html_reader reader_;
    std::string_view base_;
    bytes::buffer out_;
    std::string value_;
    std::vector<const html_element*> open_;
};

}  // namespace

std::string sanitise_html(std::string_view html, std::string_view base) {
    return sanitiser(html, base).run();
}

}  // namespace feedwatch
