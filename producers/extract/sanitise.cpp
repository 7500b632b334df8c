#include "producers/extract/sanitise.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t depth_max = 200;  // deeper elements vanish, their content stays

// Sorted. What article text is made of; nothing that runs, embeds, styles or asks.
constexpr std::array<std::string_view, 77> allowed_elements{
    "a",          "abbr",    "address", "article", "aside",   "audio",  "b",          "bdi",      "bdo",    "big",
    "blockquote", "br",      "caption", "center",  "cite",    "code",   "col",        "colgroup", "dd",     "del",
    "details",    "dfn",     "div",     "dl",      "dt",      "em",     "figcaption", "figure",   "footer", "h1",
    "h2",         "h3",      "h4",      "h5",      "h6",      "header", "hr",         "i",        "img",    "ins",
    "kbd",        "li",      "main",    "mark",    "ol",      "p",      "picture",    "pre",      "q",      "rp",
    "rt",         "ruby",    "s",       "samp",    "section", "small",  "source",     "span",     "strike", "strong",
    "sub",        "summary", "sup",     "table",   "tbody",   "td",     "tfoot",      "th",       "thead",  "time",
    "tr",         "tt",      "u",       "ul",      "var",     "video",  "wbr"};

constexpr std::array<std::string_view, 6> void_elements{"br", "col", "hr", "img", "source", "wbr"};

constexpr std::array<std::string_view, 15> plain_attributes{"abbr",     "align", "alt",     "cite",   "colspan",
                                                            "datetime", "dir",   "headers", "height", "lang",
                                                            "rowspan",  "scope", "start",   "title",  "width"};

bool has(const auto& list, std::string_view what) {
    return std::binary_search(list.begin(), list.end(), what);
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
    sanitiser(std::string_view html, std::string_view base) : reader_(html), base_(base) {
        out_.reserve(html.size() + html.size() / 8);
    }

    std::string run() {
        for (html_token token = reader_.next(); token.what != html_token::kind::end; token = reader_.next()) {
            switch (token.what) {
                case html_token::kind::text:
                    put_text(token);
                    break;
                case html_token::kind::start_tag:
                    open(token);
                    break;
                case html_token::kind::end_tag:
                    close(token.name);
                    break;
                case html_token::kind::end:
                    break;
            }
        }
        while (!open_.empty()) close_innermost();
        make_valid_utf8(out_);
        return std::move(out_);
    }

  private:
    void put_text(const html_token& token) {
        if (token.literal || token.text.find('&') == std::string_view::npos) {
            put_escaped(token.text);
            return;
        }
        scratch_.clear();
        decode_entities(token.text, entity_rules::text, scratch_);
        put_escaped(scratch_);
    }

    // Control characters may not stand in HTML.
    void put_escaped(std::string_view text) {
        const std::size_t start = out_.size();
        escape_html(text, out_);
        const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_html_space(c); };
        out_.erase(std::remove_if(out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(), control), out_.end());
    }

    void open(const html_token& token) {
        if (!has(allowed_elements, token.name)) return;
        const bool is_void = has(void_elements, token.name);
        if (!is_void && open_.size() >= depth_max) return;
        const std::size_t start = out_.size();
        (out_ += '<') += token.name;
        if (!put_attributes(token)) {
            out_.resize(start);
            return;
        }
        out_ += '>';
        if (is_void) return;
        if (token.self_closing) {  // "<p/>" opens a paragraph in HTML, but feeds mean the empty one of XHTML
            ((out_ += "</") += token.name) += '>';
            return;
        }
        open_.emplace_back(token.name);
    }

    // False: the element is nothing without an attribute that it lacks.
    bool put_attributes(const html_token& token) {
        std::string_view rest = token.attributes;
        html_attribute attribute;
        bool source = false;
        std::vector<std::string> seen;  // a repeated attribute does not count; few are ever written
        while (next_attribute(rest, attribute)) {
            if (attribute.name.size() > 16) continue;
            const std::string name = ascii_lower(attribute.name);
            const bool link = (name == "href" && token.name == "a") || (name == "src" && takes_source(token.name));
            if ((!link && !has(plain_attributes, name)) || std::find(seen.begin(), seen.end(), name) != seen.end())
                continue;
            std::string value;
            decode_entities(attribute.value, entity_rules::attribute, value);
            if (link || name == "cite") value = safe_link(value, base_, name == "href");
            if ((link || name == "cite") && value.empty()) continue;
            source = source || name == "src";
            (out_ += ' ') += name;
            out_ += "=\"";
            put_escaped(value);
            out_ += '"';
            seen.push_back(name);
        }
        return source || (token.name != "img" && token.name != "source");
    }

    static bool takes_source(std::string_view name) {
        return name == "img" || name == "audio" || name == "video" || name == "source";
    }

    void close(std::string_view name) {
        if (std::find(open_.begin(), open_.end(), name) == open_.end()) return;
        while (open_.back() != name) close_innermost();
        close_innermost();
    }

    void close_innermost() {
        ((out_ += "</") += open_.back()) += '>';
        open_.pop_back();
    }

    html_reader reader_;
    std::string_view base_;
    std::string out_;
    std::string scratch_;
    std::vector<std::string> open_;
};

}  // namespace

std::string sanitise_html(std::string_view html, std::string_view base) {
    return sanitiser(html, base).run();
}

}  // namespace feedwatch
