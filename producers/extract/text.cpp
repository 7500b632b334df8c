#include "producers/extract/text.hpp"

#include <algorithm>
#include <array>

#include "core/bytes.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/extract/text_writer.hpp"

namespace feedwatch {
namespace {

// What a tag does to the text. Everything that is not named here is inline.
enum class effect { none, block, list_item, line_break, cell, link, preformatted };

effect effect_of(std::string_view name) {
    struct entry {
        std::string_view name;
        effect what;
    };
    // Sorted, for binary search.
    static constexpr std::array entries{
        entry{"a", effect::link},           entry{"address", effect::block},    entry{"article", effect::block},
        entry{"aside", effect::block},      entry{"blockquote", effect::block}, entry{"body", effect::block},
        entry{"br", effect::line_break},    entry{"caption", effect::block},    entry{"center", effect::block},
        entry{"dd", effect::block},         entry{"details", effect::block},    entry{"dialog", effect::block},
        entry{"dir", effect::block},        entry{"div", effect::block},        entry{"dl", effect::block},
        entry{"dt", effect::block},         entry{"fieldset", effect::block},   entry{"figcaption", effect::block},
        entry{"figure", effect::block},     entry{"footer", effect::block},     entry{"form", effect::block},
        entry{"h1", effect::block},         entry{"h2", effect::block},         entry{"h3", effect::block},
        entry{"h4", effect::block},         entry{"h5", effect::block},         entry{"h6", effect::block},
        entry{"header", effect::block},     entry{"hgroup", effect::block},     entry{"hr", effect::block},
        entry{"html", effect::block},       entry{"legend", effect::block},     entry{"li", effect::list_item},
        entry{"main", effect::block},       entry{"menu", effect::block},       entry{"nav", effect::block},
        entry{"ol", effect::block},         entry{"option", effect::block},     entry{"p", effect::block},
        entry{"pre", effect::preformatted}, entry{"section", effect::block},    entry{"summary", effect::block},
        entry{"table", effect::block},      entry{"tbody", effect::block},      entry{"td", effect::cell},
        entry{"tfoot", effect::block},      entry{"th", effect::cell},          entry{"thead", effect::block},
        entry{"tr", effect::block},         entry{"ul", effect::block},
    };
    const auto* const found = std::lower_bound(entries.begin(), entries.end(), name,
                                               [](const entry& e, std::string_view n) { return e.name < n; });
    return found != entries.end() && found->name == name ? found->what : effect::none;
}

// HTML's elements beside those that effect_of() knows; a title loses them. (Not what titles are about: "the <head>
// element".)
bool is_phrase_markup(std::string_view name) {
    static constexpr std::array names{
        "a",      "abbr", "acronym", "applet", "b",    "basefont", "bdi",   "bdo",  "bgsound", "big",      "blink",
        "cite",   "code", "data",    "del",    "dfn",  "em",       "embed", "font", "frame",   "frameset", "i",
        "iframe", "img",  "ins",     "kbd",    "link", "mark",     "meta",  "nobr", "object",  "param",    "q",
        "rp",     "rt",   "ruby",    "s",      "samp", "script",   "small", "span", "strike",  "strong",   "style",
        "sub",    "sup",  "svg",     "time",   "tt",   "u",        "var",   "wbr"};
    return std::any_of(names.begin(), names.end(), [&](const char* n) { return name == n; });
}

void append_text(const html_token& token, std::string& scratch, text_writer& out, bool link, bool preformatted) {
    if (token.literal || token.text.find('&') == std::string_view::npos) {
        out.append(token.text, link, preformatted);
        return;
    }
    scratch.clear();
    decode_entities(token.text, entity_rules::text, scratch);
    out.append(scratch, link, preformatted);
}

std::string alternative_text(std::string_view attributes) {
    html_attribute attribute;
    while (next_attribute(attributes, attribute)) {
        if (!equals_ascii_case(attribute.name, "alt")) continue;
        std::string text;
        decode_entities(attribute.value, entity_rules::attribute, text);
        return one_line(text);
    }
    return {};
}

}  // namespace

text_blocks html_to_blocks(std::string_view html) {
    html_reader reader(html);
    text_writer out;
    std::string scratch;
    bool link = false;
    bool preformatted = false;
    for (html_token token = reader.next(); token.what != html_token::kind::end; token = reader.next()) {
        if (token.what == html_token::kind::text) {
            append_text(token, scratch, out, link, preformatted);
            continue;
        }
        const bool start = token.what == html_token::kind::start_tag;
        switch (effect_of(token.name)) {
            case effect::none:
                break;
            case effect::link:
                link = start && !token.self_closing;
                break;
            case effect::line_break:
                out.line_break();
                break;
            case effect::cell:
                out.space();
                break;
            case effect::list_item:
                if (start) {
                    out.begin_list_item();
                } else {
                    out.end_block();
                }
                break;
            case effect::preformatted:
                preformatted = start && !token.self_closing;
                [[fallthrough]];
            case effect::block:
                out.end_block();
                break;
        }
    }
    text_blocks blocks = out.take();
    make_valid_utf8(blocks.text);
    return blocks;
}

std::string html_to_text(std::string_view html) {
    return html_to_blocks(html).text;
}

namespace {

// One line already: single blanks between words, nothing that could be another blank or a control character.
bool is_one_line(std::string_view text) {
    bool after_blank = true;  // none at the beginning
    for (const char c : text) {
        const bool blank = c == ' ';
        if (blank ? after_blank : may_be_blank(c)) return false;
        after_blank = blank;
    }
    return !after_blank && is_valid_utf8(text);
}

}  // namespace

std::string one_line(std::string_view plain) {
    if (is_one_line(plain)) return std::string(plain);
    text_writer out;
    out.append(plain, false, false);
    std::string text = out.take().text;
    make_valid_utf8(text);
    return text;
}

std::string title_text(std::string_view title) {
    if (bytes::find_any<'<', '&'>(title) == std::string_view::npos) return one_line(title);
    html_reader reader(title, html_reader::mode::fragment);
    text_writer out;
    std::string scratch;
    std::string of_image;
    bool has_tags = false;
    for (html_token token = reader.next(); token.what != html_token::kind::end; token = reader.next()) {
        has_tags = has_tags || token.what != html_token::kind::text;
        if (token.what == html_token::kind::text) {
            append_text(token, scratch, out, false, false);
        } else if (effect_of(token.name) != effect::none && token.name != "a") {
            out.space();
        } else if (token.name == "img" && of_image.empty()) {
            of_image = alternative_text(token.attributes);
        } else if (!is_phrase_markup(token.name)) {
            out.append(token.source, false, false);  // "vector<int>" is no markup
        }
    }
    std::string text = one_line(out.take().text);
    if (!text.empty()) return text;
    return has_tags ? of_image : one_line(title);  // "<!channel>" is no comment of anybody's
}

}  // namespace feedwatch
