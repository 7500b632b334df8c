#include "producers/parse/xml_item_fields.hpp"

#include <algorithm>
#include <charconv>

#include "core/ascii.hpp"
#include "core/record/base64.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"

namespace feedwatch {
namespace {

std::string read_text(xml_reader& reader) {
    std::string text = reader.read_content(true).text;
    const std::string_view trimmed = ascii_trimmed(text);
    return trimmed.size() == text.size() ? std::move(text) : std::string(trimmed);
}

std::optional<std::uint64_t> as_number(const std::optional<std::string>& text) {
    std::uint64_t value = 0;
    if (!text) return std::nullopt;
    const std::string_view digits = ascii_trimmed(*text);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc{} || end == digits.data()) return std::nullopt;
    return value;
}

// XHTML in Atom stands in a <div> that is no part of it (RFC 4287, 3.1.1.3): what is in that. A div that says where its
// links lead or in which language it is stays.
std::string_view inside_only_div(const xml_reader& reader, const xml_content& content) {
    xml_reader inner = reader.inside(content);
    auto event = inner.next();
    if (event == xml_reader::event::text && ascii_trimmed(inner.text()).empty()) event = inner.next();
    if (event != xml_reader::event::start || inner.name() != "div") return content.raw;
    if (inner.attribute("xml:base") || inner.attribute("xml:lang") || inner.attribute("lang")) return content.raw;
    const xml_content within = inner.read_content();
    if (!within.complete) return content.raw;
    for (event = inner.next(); event != xml_reader::event::end_of_document; event = inner.next()) {
        const bool nothing = event == xml_reader::event::end ||
                             (event == xml_reader::event::text && ascii_trimmed(inner.text()).empty());
        if (!nothing) return content.raw;
    }
    return within.raw;
}

void read_link(xml_reader& reader, draft_item& out) {
    const auto href = reader.attribute("href");
    const std::string relation = reader.attribute("rel").value_or("alternate");
    enclosure file{.url = href.value_or(""),
                   .type = reader.attribute("type").value_or(""),
                   .length = as_number(reader.attribute("length"))};
    const std::string text = read_text(reader);
    if (!href) {
        out.url.offer(text, markup::plain, 5);
    } else if (relation == "enclosure") {
        out.add_enclosure(std::move(file));
    } else if (relation == "replies") {
        out.comments.offer(*href, markup::plain, 1);
    } else if (relation == "alternate" || relation.empty() || relation.ends_with("/alternate")) {
        const bool page = file.type.empty() || file.type.find("html") != std::string::npos;
        out.url.offer(*href, markup::plain, page ? 5 : 3);
    }
}

void read_guid(xml_reader& reader, draft_item& out) {
    const std::string permalink = reader.attribute("ispermalink").value_or("true");
    const std::string guid = read_text(reader);
    out.guid.offer(guid, markup::plain, 5);
    // By RSS 2.0 a guid is a link unless it says otherwise; many that are none do not say so.
    const bool link = permalink != "false" && (guid.starts_with("http://") || guid.starts_with("https://"));
    if (link) out.url.offer(guid, markup::plain, 2);
}

void read_category(xml_reader& reader, draft_item& out) {
    const auto term = reader.attribute("term");
    const auto label = reader.attribute("label");
    const std::string text = read_text(reader);
    if (term || label) {
        const bool opaque = !term || term->empty() || term->find("://") != std::string::npos;
        out.add_category(opaque && label ? *label : term.value_or(""));
    } else {
        out.add_category(text);
    }
}

void read_enclosure(xml_reader& reader, draft_item& out) {
    const auto href = reader.attribute("href");
    enclosure file{.url = reader.attribute("url").value_or(href.value_or("")),
                   .type = reader.attribute("type").value_or(""),
                   .length = as_number(reader.attribute("length"))};
    reader.skip_content();
    out.add_enclosure(std::move(file));
}

// Atom's names the feed in elements; RSS's in its text, with its address as attribute.
void read_source(xml_reader& reader, draft_item& out) {
    const auto url = reader.attribute("url");
    const xml_content content = reader.read_content();
    if (!content.has_elements) {
        if (url) out.source_url = *url;
        out.source.offer(std::string(ascii_trimmed(content.text)), markup::html, 5);
        return;
    }
    xml_reader inner = reader.inside(content);
    for (auto event = inner.next(); event != xml_reader::event::end_of_document; event = inner.next()) {
        if (event != xml_reader::event::start || inner.depth() != 1) continue;
        if (inner.is(xml_space::plain, "title")) {
            marked_text title = read_marked_text(inner, inner.attribute("type").has_value());
            out.source.offer(std::move(title.value), title.kind, 5);
        } else if (inner.is(xml_space::plain, "link") && (out.source_url.empty() || !inner.attribute("rel"))) {
            out.source_url = inner.attribute("href").value_or("");
        }
    }
}

// RSS has one, others both; where there are both, nothing is lost: the second is content.
void offer_summary(marked_text text, draft_item& out) {
    if (out.summary.rank < 5) {
        out.summary.offer(std::move(text.value), text.kind, 5);
    } else if (out.summary.value != text.value) {
        out.content.offer(std::move(text.value), text.kind, 1);
    }
}

void read_content_element(xml_reader& reader, draft_item& out) {
    const auto type = reader.attribute("type").value_or("");
    const bool elsewhere = reader.attribute("src").has_value();
    const auto base = reader.attribute("xml:base");
    marked_text text = read_marked_text(reader, true);
    if (elsewhere && text.value.empty()) return;
    const bool readable = type.empty() || type == "text" || type == "html" || type == "xhtml" ||
                          type.starts_with("text/") || type.find("xml") != std::string::npos;
    if (!readable) return;  // base64 of something else
    if (base)
        if (auto resolved = resolve_url(out.base, *base)) out.base = *std::move(resolved);
    out.content.offer(std::move(text.value), text.kind, 4);
}

bool read_plain(xml_reader& reader, draft_item& out) {
    const std::string_view name = reader.name();
    if (name == "title") {
        marked_text text = read_marked_text(reader, reader.attribute("type").has_value());
        out.title.offer(std::move(text.value), text.kind, 5);
    } else if (name == "link") {
        read_link(reader, out);
    } else if (name == "guid" || name == "id") {
        read_guid(reader, out);
    } else if (name == "description" || name == "summary" || name == "abstract") {
        const bool typed = name == "summary" && reader.attribute("type").has_value();
        offer_summary(read_marked_text(reader, typed), out);
    } else if (name == "content") {
        read_content_element(reader, out);
    } else if (name == "fulltext" || name == "full-text" || name == "fullitem" || name == "body") {
        marked_text text = read_marked_text(reader, false);
        out.content.offer(std::move(text.value), text.kind, 2);
    } else if (name == "author") {
        out.add_author(read_person(reader), 5);
    } else if (name == "category") {
        read_category(reader, out);
    } else if (name == "enclosure") {
        read_enclosure(reader, out);
    } else if (name == "comments") {
        out.comments.offer(read_text(reader), markup::plain, 2);
    } else if (name == "source") {
        read_source(reader, out);
    } else if (name == "pubdate" || name == "published" || name == "issued") {
        out.published.offer(read_text(reader), markup::plain, 5);
    } else if (name == "date" || name == "created") {
        out.published.offer(read_text(reader), markup::plain, 2);
    } else if (name == "loc") {  // sitemaps
        std::string address = read_text(reader);
        out.guid.offer(address, markup::plain, 1);
        out.url.offer(std::move(address), markup::plain, 1);
    } else if (name == "lastmod") {
        out.updated.offer(read_text(reader), markup::plain, 1);
    } else if (name == "updated" || name == "modified" || name == "lastbuilddate") {
        out.updated.offer(read_text(reader), markup::plain, 5);
    } else if (name == "language") {
        out.language.offer(read_text(reader), markup::plain, 3);
    } else {
        return false;
    }
    return true;
}

bool read_dublin_core(xml_reader& reader, draft_item& out) {
    const std::string_view name = reader.name();
    if (name == "creator" || name == "author") {
        out.add_author(read_person(reader), 4);
    } else if (name == "date" || name == "issued") {
        out.published.offer(read_text(reader), markup::plain, 3);
    } else if (name == "created") {
        out.published.offer(read_text(reader), markup::plain, 2);
    } else if (name == "modified") {
        out.updated.offer(read_text(reader), markup::plain, 4);
    } else if (name == "subject") {
        out.add_category(read_text(reader));
    } else if (name == "publisher") {
        out.source.offer(read_text(reader), markup::html, 3);
    } else if (name == "source") {
        const std::string text = read_text(reader);
        if (text.find("://") == std::string::npos) out.source.offer(text, markup::html, 2);
    } else if (name == "language") {
        out.language.offer(read_text(reader), markup::plain, 2);
    } else if (name == "identifier") {
        out.guid.offer(read_text(reader), markup::plain, 3);
    } else if (name == "title") {
        out.title.offer(read_text(reader), markup::html, 3);
    } else if (name == "description" || name == "abstract") {
        out.summary.offer(read_text(reader), markup::html, 3);
    } else {
        return false;
    }
    return true;
}

// Containers are walked into: false without reading their content.
bool read_media(xml_reader& reader, draft_item& out, bool& walk_into) {
    const std::string_view name = reader.name();
    if (name == "group" || name == "content") {
        walk_into = true;
        if (name == "group") return true;
        const auto size = as_number(reader.attribute("filesize"));
        out.add_enclosure({.url = reader.attribute("url").value_or(""),
                           .type = reader.attribute("type").value_or(""),
                           .length = size});
        return true;
    }
    if (name == "title") {
        out.title.offer(read_text(reader), markup::html, 1);
    } else if (name == "description") {
        out.summary.offer(read_text(reader), markup::html, 1);
    } else if (name == "category") {
        out.add_category(read_text(reader));
    } else if (name == "keywords") {
        out.add_keywords(read_text(reader));
    } else {
        return false;
    }
    return true;
}

bool read_itunes(xml_reader& reader, draft_item& out, bool& walk_into) {
    const std::string_view name = reader.name();
    if (name == "author") {
        out.add_author({.name = read_text(reader), .email = {}, .url = {}}, 2);
    } else if (name == "summary" || name == "subtitle") {
        const int rank = name == "summary" ? 2 : 1;
        out.summary.offer(read_text(reader), markup::html, rank);
    } else if (name == "title") {
        out.title.offer(read_text(reader), markup::html, 2);
    } else if (name == "category") {
        out.add_category(reader.attribute("text").value_or(""));
        walk_into = true;  // they nest
    } else if (name == "keywords") {
        out.add_keywords(read_text(reader));
    } else {
        return false;
    }
    return true;
}

// Google's news sitemaps.
bool read_news(xml_reader& reader, draft_item& out, bool& walk_into) {
    const std::string_view name = reader.name();
    if (name == "news" || name == "publication") {
        walk_into = true;
    } else if (name == "title") {
        out.title.offer(read_text(reader), markup::html, 5);
    } else if (name == "publication_date") {
        out.published.offer(read_text(reader), markup::plain, 5);
    } else if (name == "language") {
        out.language.offer(read_text(reader), markup::plain, 3);
    } else if (name == "keywords") {
        out.add_keywords(read_text(reader));
    } else {
        return false;
    }
    return true;
}

// Google's image sitemaps.
bool read_image(xml_reader& reader, draft_item& out, bool& walk_into) {
    if (reader.name() == "image") {
        walk_into = true;
    } else if (reader.name() == "loc") {
        out.add_enclosure({.url = read_text(reader), .type = "image", .length = std::nullopt});
    } else {
        return false;
    }
    return true;
}

bool read_others(xml_reader& reader, draft_item& out) {
    const std::string_view name = reader.name();
    switch (reader.space()) {
        case xml_space::content:
            if (name != "encoded") return false;
            {
                marked_text text = read_marked_text(reader, false);
                out.content.offer(std::move(text.value), text.kind, 5);
            }
            return true;
        case xml_space::feedburner:
            if (name != "origlink") return false;
            out.url.offer(read_text(reader), markup::plain, 9);
            return true;
        case xml_space::xhtml:
            if (name != "body" && name != "div") return false;
            out.content.offer(std::string(reader.read_content().raw), markup::html, 3);
            return true;
        default:
            return false;
    }
}

}  // namespace

marked_text read_marked_text(xml_reader& reader, bool typed) {
    const std::string type = reader.attribute("type").value_or("text");
    const std::string mode = reader.attribute("mode").value_or("");  // Atom 0.3
    const bool title = reader.is(xml_space::plain, "title");
    xml_content content = reader.read_content(title);
    if (content.has_elements) {
        const bool xhtml = type.find("xhtml") != std::string::npos;
        return {std::string(xhtml ? inside_only_div(reader, content) : content.raw), markup::html};
    }
    const bool plain = typed && (type == "text" || type == "text/plain") && mode != "escaped";
    std::string bytes;
    if (mode == "base64" && record::read_base64(content.text, bytes)) {
        const bool text = type == "text" || type == "text/plain";
        return {to_valid_utf8(bytes), text ? markup::plain : markup::html};
    }
    return {std::move(content.text), plain ? markup::plain : markup::html};
}

person read_person(xml_reader& reader) {
    const xml_content content = reader.read_content();
    person out;
    if (content.has_elements) {
        xml_reader inner = reader.inside(content);
        for (auto event = inner.next(); event != xml_reader::event::end_of_document; event = inner.next()) {
            if (event != xml_reader::event::start) continue;
            if (inner.name() == "name") {
                out.name = read_text(inner);
            } else if (inner.name() == "email") {
                out.email = read_text(inner);
            } else if (inner.name() == "uri" || inner.name() == "url" || inner.name() == "homepage") {
                out.url = read_text(inner);
            }
        }
        return out;
    }
    std::string text(ascii_trimmed(content.text));
    const std::size_t at = text.find('@');
    const std::size_t open = text.find_first_of("(<");
    if (at == std::string::npos || text.find_first_of(" (<") == std::string::npos) {
        (at != std::string::npos && at > 0 && text.find(' ') == std::string::npos &&
                 text.find('.', at) != std::string::npos
             ? out.email
             : out.name) = text;
    } else if (open != std::string::npos) {
        const std::size_t close = std::min(text.find_first_of(")>", open), text.size());
        const std::string before(ascii_trimmed(std::string_view(text).substr(0, open)));
        const std::string within(ascii_trimmed(std::string_view(text).substr(open + 1, close - open - 1)));
        const bool mail_first = before.find('@') != std::string::npos;
        out.email = mail_first ? before : within;
        out.name = mail_first ? within : before;
    } else {
        out.name = text;
    }
    return out;
}

void read_item_field(xml_reader& reader, draft_item& out) {
    bool walk_into = false;
    bool read = false;
    switch (reader.space()) {
        case xml_space::plain:
            read = read_plain(reader, out);
            break;
        case xml_space::dc:
        case xml_space::dcterms:
            read = read_dublin_core(reader, out);
            break;
        case xml_space::media:
            read = read_media(reader, out, walk_into);
            break;
        case xml_space::itunes:
            read = read_itunes(reader, out, walk_into);
            break;
        case xml_space::news:
            read = read_news(reader, out, walk_into);
            break;
        case xml_space::image:
            read = read_image(reader, out, walk_into);
            break;
        default:
            read = read_others(reader, out);
            break;
    }
    if (!read && !walk_into) reader.skip_content();
}

}  // namespace feedwatch
