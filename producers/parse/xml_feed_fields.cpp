#include "producers/parse/xml_feed_fields.hpp"

#include <algorithm>
#include <charconv>

#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/date.hpp"
#include "producers/parse/xml_item_fields.hpp"

namespace feedwatch {
namespace {

void set_once(std::string& field, std::string value) {
    if (field.empty()) field = std::move(value);
}

void set_once(draft_feed& out, std::optional<timestamp>& field, std::string_view text) {
    constexpr std::size_t shown_max = 100;
    const auto date = parse_feed_date(text);
    if (date && !field) field = date->when;
    if (!date && out.warnings.empty() && !one_line(text).empty())  // one is enough
        out.warnings.push_back("the feed's date is not understood: " +
                               std::string(truncate_utf8(one_line(text), shown_max)));
}

void add_category(feed_document& feed, std::string_view name) {
    constexpr std::size_t categories_max = 64;
    std::string category = title_text(name);
    const bool known = std::find(feed.categories.begin(), feed.categories.end(), category) != feed.categories.end();
    if (!category.empty() && !known && feed.categories.size() < categories_max)
        feed.categories.push_back(std::move(category));
}

std::string read_line(xml_reader& reader) {
    marked_text text = read_marked_text(reader, reader.attribute("type").has_value());
    return text.kind == markup::plain ? one_line(text.value) : title_text(text.value);
}

std::string absolute(const draft_feed& out, std::string_view link) {
    if (one_line(link).empty()) return {};  // not the base itself
    return resolve_url(out.base, link).value_or(std::string{});
}

void read_link(xml_reader& reader, draft_feed& out) {
    const auto href = reader.attribute("href");
    const std::string relation = reader.attribute("rel").value_or("alternate");
    const std::string text = reader.read_content().text;
    if (!href) {
        set_once(out.feed.link, absolute(out, text));
    } else if (relation == "hub") {
        if (auto hub = resolve_url(out.base, *href); hub && out.feed.hubs.size() < 16)
            out.feed.hubs.push_back(*std::move(hub));
    } else if (relation == "alternate") {
        set_once(out.feed.link, absolute(out, *href));
    } else if (relation == "self") {
        if (auto self = resolve_url({}, *href); self && out.base.empty()) out.base = *std::move(self);
        set_once(out.feed.self, absolute(out, *href));
    } else if (relation == "prev-archive") {
        set_once(out.feed.archive, absolute(out, *href));
    } else if (relation == "next") {
        set_once(out.feed.next, absolute(out, *href));
    }
}

// RSS: <image><url>; Atom and Media RSS name it in text or attributes.
void read_image(xml_reader& reader, draft_feed& out) {
    auto href = reader.attribute("href");
    if (!href) href = reader.attribute("url");
    const xml_content content = reader.read_content();
    if (href || !content.has_elements) {
        set_once(out.feed.image, absolute(out, href ? *href : content.text));
        return;
    }
    xml_reader inner = reader.inside(content);
    for (auto event = inner.next(); event != xml_reader::event::end_of_document; event = inner.next())
        if (event == xml_reader::event::start && inner.name() == "url")
            set_once(out.feed.image, absolute(out, inner.read_content().text));
}

std::optional<std::int64_t> read_number(xml_reader& reader) {
    const std::string text = one_line(reader.read_content().text);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end == text.data() || value <= 0) return std::nullopt;
    return value;
}

constexpr std::int64_t ttl_minutes_max = 60 * 24 * 366;

void read_period(xml_reader& reader, draft_feed& out) {
    const std::string period = one_line(reader.read_content().text);
    std::int64_t hours = 0;
    if (period == "hourly") hours = 1;
    if (period == "daily") hours = 24;
    if (period == "weekly") hours = 24 * 7;
    if (period == "monthly") hours = 24 * 30;
    if (period == "yearly") hours = 24 * 365;
    if (hours > 0) out.update_period = std::chrono::hours{hours};
}

// RSS 2.0 counts from 0 to 23, 0.91 from 1 to 24.
void add_skipped_hour(std::string_view text, feed_document& feed) {
    unsigned hour = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, hour);
    if (failure != std::errc{} || stop != end || hour > 24) return;
    const auto value = static_cast<std::uint8_t>(hour % 24);
    const auto at = std::lower_bound(feed.skip_hours.begin(), feed.skip_hours.end(), value);
    if (at == feed.skip_hours.end() || *at != value) feed.skip_hours.insert(at, value);
}

void add_skipped_day(std::string_view text, feed_document& feed) {
    constexpr std::string_view days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    const std::string day = ascii_lower(text);
    if (std::find(std::begin(days), std::end(days), day) == std::end(days)) return;
    if (std::find(feed.skip_days.begin(), feed.skip_days.end(), day) == feed.skip_days.end())
        feed.skip_days.push_back(day);
}

// <skipHours><hour>, <skipDays><day>: what is no hour and no day is passed over.
void read_skips(xml_reader& reader, feed_document& feed) {
    const xml_content content = reader.read_content();
    xml_reader inner = reader.inside(content);
    for (auto event = inner.next(); event != xml_reader::event::end_of_document; event = inner.next()) {
        if (event != xml_reader::event::start) continue;
        const bool hour = inner.name() == "hour";
        if (!hour && inner.name() != "day") continue;
        const std::string text = one_line(inner.read_content().text);
        hour ? add_skipped_hour(text, feed) : add_skipped_day(text, feed);
    }
}

bool read_plain(xml_reader& reader, draft_feed& out) {
    const std::string_view name = reader.name();
    feed_document& feed = out.feed;
    if (name == "title") {
        set_once(feed.title, read_line(reader));
    } else if (name == "link") {
        read_link(reader, out);
    } else if (name == "id") {
        set_once(feed.id, one_line(reader.read_content().text));
    } else if (name == "description" || name == "subtitle" || name == "tagline" || name == "abstract") {
        set_once(feed.description, read_line(reader));
    } else if (name == "language") {
        set_once(out.language, one_line(reader.read_content().text));
    } else if (name == "image" || name == "logo" || name == "icon") {
        read_image(reader, out);
    } else if (name == "rights" || name == "copyright") {
        set_once(feed.rights, read_line(reader));
    } else if (name == "generator") {
        set_once(feed.generator, read_line(reader));
    } else if (name == "updated" || name == "lastbuilddate" || name == "modified") {
        set_once(out, feed.updated, reader.read_content().text);
    } else if (name == "pubdate" || name == "published") {
        set_once(out, feed.published, reader.read_content().text);
    } else if (name == "author" || name == "managingeditor") {
        if (feed.authors.size() < 16)
            feed.authors.push_back(read_person(reader));
        else
            reader.skip_content();
    } else if (name == "category") {
        const auto term = reader.attribute("term");
        const std::string text = reader.read_content().text;
        add_category(feed, term ? *term : text);
    } else if (name == "ttl") {
        if (const auto minutes = read_number(reader))
            feed.ttl = std::chrono::minutes{std::min(*minutes, ttl_minutes_max)};
    } else if (name == "skiphours" || name == "skipdays") {
        read_skips(reader, feed);
    } else {
        return false;
    }
    return true;
}

void add_first_author(xml_reader& reader, draft_feed& out) {
    person p = read_person(reader);
    if (out.feed.authors.empty()) out.feed.authors.push_back(std::move(p));
}

bool read_syndication(xml_reader& reader, draft_feed& out) {
    if (reader.name() == "updateperiod") {
        read_period(reader, out);
    } else if (reader.name() == "updatefrequency") {
        out.update_frequency = read_number(reader).value_or(1);
    } else {
        return false;
    }
    return true;
}

// Elements and terms.
bool read_dublin_core(xml_reader& reader, draft_feed& out) {
    const std::string_view name = reader.name();
    feed_document& feed = out.feed;
    if (name == "title") {
        set_once(out.other_title, read_line(reader));
    } else if (name == "description" || name == "abstract") {
        set_once(out.other_description, read_line(reader));
    } else if (name == "language") {
        set_once(out.language, one_line(reader.read_content().text));
    } else if (name == "rights") {
        set_once(feed.rights, one_line(reader.read_content().text));
    } else if (name == "date" || name == "modified") {
        set_once(out, feed.updated, reader.read_content().text);
    } else if (name == "issued" || name == "created") {
        set_once(out, feed.published, reader.read_content().text);
    } else if (name == "creator" || name == "author") {
        add_first_author(reader, out);
    } else if (name == "subject") {
        add_category(feed, reader.read_content().text);
    } else {
        return false;
    }
    return true;
}

bool read_itunes(xml_reader& reader, draft_feed& out, bool& walk_into) {
    const std::string_view name = reader.name();
    if (name == "image") {
        read_image(reader, out);
    } else if (name == "link" && reader.attribute("rel") == "image") {
        read_image(reader, out);
    } else if (name == "author") {
        add_first_author(reader, out);
    } else if (name == "summary" || name == "subtitle") {
        set_once(out.other_description, read_line(reader));
    } else if (name == "category") {
        add_category(out.feed, reader.attribute("text").value_or(""));
        walk_into = true;  // they nest
    } else if (name == "keywords") {
        const std::string words = reader.read_content().text;
        for (const std::string_view word : keywords_of(words)) add_category(out.feed, word);
    } else {
        return false;
    }
    return true;
}

}  // namespace

void read_feed_field(xml_reader& reader, draft_feed& out) {
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
        case xml_space::syndication:
            read = read_syndication(reader, out);
            break;
        case xml_space::news:
            read = reader.name() == "name";
            if (read) set_once(out.other_title, read_line(reader));
            break;
        case xml_space::itunes:
            read = read_itunes(reader, out, walk_into);
            break;
        default:
            break;
    }
    if (!read && !walk_into) reader.skip_content();
}

}  // namespace feedwatch
