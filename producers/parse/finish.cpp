#include "producers/parse/finish.hpp"

#include <algorithm>

#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/text/analysis.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/main_text.hpp"
#include "producers/extract/sanitise.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/date.hpp"
#include "producers/parse/dateline.hpp"
#include "producers/parse/origin.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t identifier_bytes_max = 8U << 10U;  // guids and links; longer guids are told apart by a hash

// Cuts and says so.
void limit(std::string& field, std::size_t bytes_max, std::string_view name, item& i) {
    if (field.size() <= bytes_max) return;
    i.warnings.push_back(std::string(name) + " had " + std::to_string(field.size()) + " bytes, cut at " +
                         std::to_string(bytes_max));
    field.resize(truncate_utf8(field, bytes_max).size());
}

std::string harmless_html(const draft_field& field, const std::string& base, std::size_t bytes_max,
                          std::string_view name, item& i) {
    if (field.kind == markup::none) return {};
    std::string html;
    if (field.kind == markup::plain) {
        escape_html(one_line(field.value), html);
    } else {
        html = sanitise_html(field.value, base);
    }
    if (html.size() <= bytes_max) return html;
    constexpr std::size_t room_for_end_tags = 4096;  // at most 200 open elements; most need a few bytes each
    const std::size_t cut = bytes_max > 2 * room_for_end_tags ? bytes_max - room_for_end_tags : bytes_max / 2;
    limit(html, cut, name, i);
    return sanitise_html(html, base);  // closes what the cut left open
}

std::string rendered(draft_field& field, const std::string& base, const parse_limits& limits, std::string_view name,
                     item& i) {
    if (limits.html == html_handling::sanitised) return harmless_html(field, base, limits.field_bytes_max, name, i);
    limit(field.value, limits.field_bytes_max, name, i);
    return std::move(field.value);
}

// BCP 47 has hyphens; feeds also write "en_US".
std::string language_tag(std::string_view declared) {
    constexpr std::size_t tag_bytes_max = 35;  // RFC 5646, section 4.4.1
    std::string tag(truncate_utf8(one_line(declared), tag_bytes_max));
    std::replace(tag.begin(), tag.end(), '_', '-');
    return tag;
}

void set_guid(draft_item& draft, item& i) {
    i.guid = into_one_line(std::move(draft.guid.value));
    if (i.guid.size() > identifier_bytes_max) {
        // Identity hashes the guid, so the part past the limit must go on to count.
        const std::string rest = "#" + hash128_hex(i.guid);
        limit(i.guid, identifier_bytes_max, "guid", i);
        i.guid += rest;
    }
}

void set_url(draft_item& draft, item& i) {
    std::string& raw = draft.url.value;
    if (draft.url.kind == markup::none) return;
    if (!is_resolved_url(raw)) {
        auto url = resolve_url(draft.base, raw);
        if (!url) {
            i.warnings.push_back("link dropped, it is no http(s) URL: " +
                                 std::string(truncate_utf8(one_line(raw), 100)));
            return;
        }
        raw = *std::move(url);
    }
    if (raw.size() > identifier_bytes_max) {
        i.warnings.push_back("link dropped, it has " + std::to_string(raw.size()) + " bytes");
        return;
    }
    i.url = std::move(raw);
    i.canonical_url = canonical_url(i.url);
}

void set_dates(const draft_item& draft, item& i) {
    if (draft.published.kind != markup::none) {
        const auto date = parse_feed_date(draft.published.value);
        if (date) i.published = date->when;
        if (!date || !date->exact) i.published_raw = std::string(truncate_utf8(one_line(draft.published.value), 200));
        if (!date) i.warnings.push_back("date not understood: " + std::string(truncate_utf8(i.published_raw, 100)));
    }
    if (draft.updated.kind != markup::none) {
        const auto date = parse_feed_date(draft.updated.value);
        if (date) i.updated = date->when;
        if (!date)
            i.warnings.push_back("date not understood: " +
                                 std::string(truncate_utf8(one_line(draft.updated.value), 100)));
    }
}

void set_links(draft_item& draft, item& i) {
    for (enclosure& e : draft.enclosures) {
        auto url = resolve_url(draft.base, e.url);
        if (!url || url->size() > identifier_bytes_max) continue;
        i.enclosures.push_back({.url = *std::move(url), .type = one_line(e.type), .length = e.length});
    }
    if (draft.comments.kind != markup::none)
        i.comments = resolve_url(draft.base, draft.comments.value).value_or(std::string{});
    for (person& p : draft.authors) {
        if (!p.url.empty()) p.url = resolve_url(draft.base, p.url).value_or(std::string{});
        i.authors.push_back(std::move(p));
    }
}

item finish_item(draft_item& draft, const std::string& feed_language, const parse_limits& limits) {
    item i;
    draft_field& title = draft.title;
    i.title =
        title.kind == markup::plain ? into_one_line(std::move(title.value)) : into_title_text(std::move(title.value));
    limit(i.title, std::min<std::size_t>(limits.field_bytes_max, 4096), "title", i);
    i.summary_html = rendered(draft.summary, draft.base, limits, "summary_html", i);
    i.content_html = rendered(draft.content, draft.base, limits, "content_html", i);
    set_guid(draft, i);
    set_url(draft, i);
    set_dates(draft, i);
    set_links(draft, i);
    i.categories = std::move(draft.categories);
    const draft_field& source = draft.source;
    const std::string of = source.kind == markup::plain ? one_line(source.value) : title_text(source.value);
    i.source = std::string(truncate_utf8(of, 500));
    i.language = draft.language.kind != markup::none ? language_tag(draft.language.value) : feed_language;
    if (draft.dropped > 0)
        i.warnings.push_back(std::to_string(draft.dropped) + " authors, categories or enclosures left out");
    return i;
}

text_blocks plain_blocks(const draft_field& field, const std::string& html) {
    if (field.kind != markup::plain) return html_to_blocks(html);
    std::string as_html;
    escape_html(field.value, as_html);
    // The line breaks of plain text mean something.
    return html_to_blocks("<pre>" + as_html + "</pre>");
}

// The content where there is one; the summary where the content is only its beginning or nothing.
text_blocks text_of(const draft_item& draft, const item& i) {
    text_blocks content = plain_blocks(draft.content, i.content_html);
    if (draft.summary.kind == markup::none) return content;
    text_blocks summary = plain_blocks(draft.summary, i.summary_html);
    return content.text.size() >= summary.text.size() ? content : summary;
}

std::string letters_of(std::string_view name) {
    std::string out;
    for (const char c : ascii_lower(name)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) out += c;
    }
    return out;
}

// "Example News" of the feed "Example News" or of example-news.org: who says so of itself is no copy.
bool names_itself(std::string_view name, std::string_view feed_title, std::string_view own) {
    const std::string letters = letters_of(name);
    return letters.empty() || letters == letters_of(feed_title) || letters == letters_of(own) ||
           letters == letters_of(own.substr(0, own.find('.')));
}

// `text`: all of it, also what is the feed's boilerplate: notes of origin often are.
void set_origin(const draft_item& draft, std::string_view text, const std::string& feed_title, item& i) {
    const bool named = may_name_origin(text);
    if (!named && draft.source.kind == markup::none && draft.source_url.empty()) return;
    const std::string own = registrable_domain(i.url);
    named_origin said = named ? origin_named_in(i.content_html) : named_origin{};
    if (named && said.publisher.empty()) said = origin_named_in(i.summary_html);
    const std::string domain = said.url.empty() ? std::string{} : registrable_domain(said.url);
    if (!domain.empty() && domain != own && said.url.size() <= identifier_bytes_max) {
        i.origin_url = std::move(said.url);
        i.origin_publisher = domain;
        return;
    }
    // RSS's and Atom's <source>, and no other: a wire that a dateline names has not published the piece.
    constexpr int rank_of_source = 5;
    const std::string source = draft.source.rank == rank_of_source ? i.source : std::string{};
    const std::string of_source = draft.source_url.empty() ? std::string{} : registrable_domain(draft.source_url);
    if (!of_source.empty()) {
        if (of_source != own) i.origin_publisher = of_source;
    } else if (domain.empty() && !names_itself(said.publisher, feed_title, own)) {
        i.origin_publisher = std::move(said.publisher);
    } else if (!names_itself(source, feed_title, own)) {
        i.origin_publisher = source;
    }
}

// Of the item's own words, where nothing is declared.
void detect_missing_language(item& i) {
    if (!i.language.empty()) return;
    constexpr std::size_t enough = 4096;
    i.language = text::detect_language(i.title + "\n" + std::string(truncate_utf8(i.text, enough)));
}

void set_feed(draft_feed& draft, parsed_feed& out) {
    out.feed = std::move(draft.feed);
    if (out.feed.title.empty()) out.feed.title = std::move(draft.other_title);
    if (out.feed.description.empty()) out.feed.description = std::move(draft.other_description);
    out.feed.language = language_tag(draft.language);
    if (!out.feed.ttl && draft.update_period)
        out.feed.ttl = *draft.update_period / std::max<std::int64_t>(draft.update_frequency, 1);
    for (person& p : out.feed.authors) {
        p.name = title_text(p.name);
        p.email = one_line(p.email);
        if (!p.url.empty()) p.url = resolve_url(draft.base, p.url).value_or(std::string{});
    }
}

}  // namespace

parsed_feed finish(draft_feed draft, const parse_limits& limits, const std::vector<std::string>& known_boilerplate) {
    parsed_feed out;
    set_feed(draft, out);
    out.warnings = std::move(draft.warnings);
    out.items_dropped = draft.items_dropped;
    out.truncated = draft.truncated;
    if (out.items_dropped > 0)
        out.warnings.push_back(std::to_string(out.items_dropped) + " items past the limit left out");
    out.items.reserve(draft.items.size());
    std::vector<text_blocks> texts;
    for (draft_item& d : draft.items) {
        if (d.base.empty()) d.base = out.feed.link;
        out.items.push_back(finish_item(d, out.feed.language, limits));
        if (limits.html == html_handling::sanitised) texts.push_back(text_of(d, out.items.back()));
    }
    if (limits.html == html_handling::as_written) return out;
    main_texts main = main_texts_of(texts, known_boilerplate);
    for (std::size_t n = 0; n < out.items.size(); ++n) {
        item& i = out.items[n];
        i.text = std::move(main.texts[n]);
        limit(i.text, limits.field_bytes_max, "text", i);
        set_origin(draft.items[n], texts[n].text, out.feed.title, i);
        if (i.source.empty()) i.source = agency_of_dateline(i.text);
        detect_missing_language(i);
    }
    out.boilerplate = std::move(main.boilerplate);
    return out;
}

}  // namespace feedwatch
