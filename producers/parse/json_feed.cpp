#include "producers/parse/json_feed.hpp"

#include <simdjson.h>

#include "core/url/url.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/date.hpp"
#include "producers/parse/json_mend.hpp"

namespace feedwatch {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t depth_max = 64;  // a JSON feed needs 5

// "" for what is neither string nor number (some publishers have numbers as ids).
std::string as_text(const dom::element& e) {
    std::string_view text;
    std::int64_t number = 0;
    double real = 0;
    if (e.get(text) == simdjson::SUCCESS) return std::string(text);
    if (e.get(number) == simdjson::SUCCESS) return std::to_string(number);
    if (e.get(real) == simdjson::SUCCESS) return std::to_string(real);
    return {};
}

void for_each_field(const dom::element& e, auto&& act) {
    dom::object object;
    if (e.get(object) != simdjson::SUCCESS) return;
    for (const dom::key_value_pair field : object) act(field.key, field.value);
}

void for_each_element(const dom::element& e, auto&& act) {
    dom::array array;
    if (e.get(array) != simdjson::SUCCESS) return;
    for (const dom::element element : array) act(element);
}

person as_person(const dom::element& e) {
    person out;
    for_each_field(e, [&](std::string_view key, const dom::element& value) {
        if (key == "name") out.name = as_text(value);
        if (key == "url") out.url = as_text(value);
    });
    return out;
}

enclosure as_enclosure(const dom::element& e) {
    enclosure out;
    for_each_field(e, [&](std::string_view key, const dom::element& value) {
        std::uint64_t bytes = 0;
        if (key == "url") out.url = as_text(value);
        if (key == "mime_type") out.type = as_text(value);
        if (key == "size_in_bytes" && value.get(bytes) == simdjson::SUCCESS) out.length = bytes;
    });
    return out;
}

draft_item as_item(const dom::element& e, const std::string& base) {
    draft_item out;
    out.base = base;
    for_each_field(e, [&](std::string_view key, const dom::element& value) {
        if (key == "id") out.guid.offer(as_text(value), markup::plain, 1);
        if (key == "url") out.url.offer(as_text(value), markup::plain, 2);
        if (key == "external_url") out.url.offer(as_text(value), markup::plain, 1);
        if (key == "title") out.title.offer(as_text(value), markup::plain, 1);
        if (key == "content_html") out.content.offer(as_text(value), markup::html, 2);
        if (key == "content_text") out.content.offer(as_text(value), markup::plain, 1);
        if (key == "summary") out.summary.offer(as_text(value), markup::plain, 1);
        if (key == "date_published") out.published.offer(as_text(value), markup::plain, 1);
        if (key == "date_modified") out.updated.offer(as_text(value), markup::plain, 1);
        if (key == "language") out.language.offer(as_text(value), markup::plain, 1);
        if (key == "author") out.add_author(as_person(value), 1);
        if (key == "authors") for_each_element(value, [&](const dom::element& a) { out.add_author(as_person(a), 2); });
        if (key == "tags") for_each_element(value, [&](const dom::element& t) { out.add_category(as_text(t)); });
        if (key == "attachments")
            for_each_element(value, [&](const dom::element& a) { out.add_enclosure(as_enclosure(a)); });
    });
    return out;
}

void read_hubs(const dom::element& e, draft_feed& out) {
    for_each_element(e, [&](const dom::element& hub) {
        for_each_field(hub, [&](std::string_view key, const dom::element& value) {
            if (key != "url" || out.feed.hubs.size() >= 16) return;
            if (auto url = resolve_url(out.base, as_text(value))) out.feed.hubs.push_back(*std::move(url));
        });
    });
}

result<draft_feed> as_feed(const dom::element& root, const parse_hints& hints, const parse_limits& limits) {
    draft_feed out;
    out.base = hints.url;
    dom::array items;
    if (root["items"].get(items) != simdjson::SUCCESS) return error(errc::malformed, "JSON without a list of items");
    for_each_field(root, [&](std::string_view key, const dom::element& value) {
        if (key == "feed_url" && out.base.empty()) out.base = resolve_url({}, as_text(value)).value_or(std::string{});
    });
    for_each_field(root, [&](std::string_view key, const dom::element& value) {
        if (key == "title") out.feed.title = one_line(as_text(value));
        if (key == "home_page_url") out.feed.link = resolve_url(out.base, as_text(value)).value_or(std::string{});
        if (key == "feed_url") {
            out.feed.id = one_line(as_text(value));
            out.feed.self = resolve_url(out.base, out.feed.id).value_or(std::string{});
        }
        if (key == "description") out.feed.description = one_line(as_text(value));
        if (key == "icon") out.feed.image = resolve_url(out.base, as_text(value)).value_or(std::string{});
        if (key == "language") out.language = as_text(value);
        if (key == "author") out.feed.authors.push_back(as_person(value));
        if (key == "authors")
            for_each_element(value, [&](const dom::element& a) {
                if (out.feed.authors.size() < 16) out.feed.authors.push_back(as_person(a));
            });
        if (key == "next_url") out.feed.next = resolve_url(out.base, as_text(value)).value_or(std::string{});
        if (key == "hubs") read_hubs(value, out);
    });
    for (const dom::element e : items) {
        if (!e.is_object()) {
            out.warnings.emplace_back("an item that is no object was left out");
        } else if (out.items.size() < limits.items_max) {
            out.items.push_back(as_item(e, out.base));
        } else {
            ++out.items_dropped;
        }
    }
    return out;
}

}  // namespace

result<draft_feed> read_json_feed(std::string_view json, const parse_hints& hints, const parse_limits& limits) {
    dom::parser parser;
    if (parser.allocate(json.size() + simdjson::SIMDJSON_PADDING, depth_max) != simdjson::SUCCESS)
        return error(errc::too_large, "JSON of " + std::to_string(json.size()) + " bytes");
    dom::element root;
    if (parser.parse(simdjson::padded_string(json)).get(root) == simdjson::SUCCESS) return as_feed(root, hints, limits);
    const mended_json mended = mend_json(json, depth_max - 4);
    const simdjson::padded_string text(mended.text);
    if (const auto failure = parser.parse(text).get(root); failure != simdjson::SUCCESS)
        return error(errc::malformed, std::string("not JSON: ") + simdjson::error_message(failure));
    auto out = as_feed(root, hints, limits);
    if (out) {
        out->truncated = mended.truncated;
        out->warnings.emplace_back("the JSON was not well-formed and had to be mended");
    }
    return out;
}

}  // namespace feedwatch
