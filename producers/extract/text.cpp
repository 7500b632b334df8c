#include "producers/extract/text.hpp"

#include <algorithm>
#include <utility>

#include "core/bytes.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/extract/text_writer.hpp"

namespace feedwatch {
namespace {

text_effect effect_of(const html_token& token) {
    return token.element == nullptr ? text_effect::inline_ : token.element->effect;
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
    text_writer out(html.size());
    std::string scratch;
    bool link = false;
    bool preformatted = false;
    for (html_token token = reader.next(); token.what != html_token::kind::end; token = reader.next()) {
        if (token.what == html_token::kind::text) {
            append_text(token, scratch, out, link, preformatted);
            continue;
        }
        const bool start = token.what == html_token::kind::start_tag;
        switch (effect_of(token)) {
            case text_effect::inline_:
                break;
            case text_effect::link:
                link = start && !token.self_closing;
                break;
            case text_effect::line_break:
                out.line_break();
                break;
            case text_effect::cell:
                out.space();
                break;
            case text_effect::list_item:
                if (start) {
                    out.begin_list_item();
                } else {
                    out.end_block();
                }
                break;
            case text_effect::preformatted:
                preformatted = start && !token.self_closing;
                [[fallthrough]];
            case text_effect::block:
                out.end_block();
                break;
        }
    }
    text_blocks blocks = std::move(out).take();
    make_valid_utf8(blocks.text);
    return blocks;
}

std::string html_to_text(std::string_view html) {
    return html_to_blocks(html).text;
}

std::string one_line(std::string_view plain) {
    if (is_words(plain) && is_valid_utf8(plain)) return std::string(plain);
    text_writer out;
    out.append(plain, false, false);
    std::string text = std::move(out).take().text;
    make_valid_utf8(text);
    return text;
}

std::string into_one_line(std::string plain) {
    if (is_words(plain) && is_valid_utf8(plain)) return plain;
    return one_line(plain);
}

std::string into_title_text(std::string title) {
    if (bytes::find_any<'<', '&'>(title) == std::string_view::npos) return into_one_line(std::move(title));
    return title_text(title);
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
        } else if (effect_of(token) != text_effect::inline_ && effect_of(token) != text_effect::link) {
            out.space();
        } else if (token.name == "img" && of_image.empty()) {
            of_image = alternative_text(token.attributes);
        } else if (token.element == nullptr || !token.element->is(html_element::phrase)) {
            out.append(token.source, false, false);  // "vector<int>" is no markup
        }
    }
    std::string text = one_line(std::move(out).take().text);
    if (!text.empty()) return text;
    return has_tags ? of_image : one_line(title);  // "<!channel>" is no comment of anybody's
}

}  // namespace feedwatch
