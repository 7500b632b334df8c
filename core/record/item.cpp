#include "core/record/item.hpp"

#include "core/record/json.hpp"
#include "core/utf8.hpp"

namespace feedwatch {
static bool read_name(std::string_view name, origin& out) {
    const auto named = origin_named(name);
    if (named) out = *named;
    return named.has_value();
}

static bool read_name(std::string_view name, verdict& out) {
    for (const verdict v : {verdict::new_story, verdict::update}) {
        if (name_of(v) != name) continue;
        out = v;
        return true;
    }
    return false;
}

// (Internal by `static`: what stands in an unnamed namespace is not found from the visitors.) Constness follows the
// record's: a writer visits const fields, a reader others.
template <class T, class Record>
concept record_of = std::same_as<std::remove_const_t<T>, Record>;

template <record_of<person> P>
static void describe(P& p, auto& visit) {
    visit("name", p.name);
    visit("email", p.email);
    visit("url", p.url);
}

template <record_of<enclosure> E>
static void describe(E& e, auto& visit) {
    visit("url", e.url);
    visit("type", e.type);
    visit("length", e.length);
}

template <record_of<span> S>
static void describe(S& s, auto& visit) {
    visit("field", s.field);
    visit("offset", s.offset);
    visit("length", s.length);
    visit("text", s.text);
    visit("clause", s.clause);
}

template <record_of<topic_match> M>
static void describe(M& m, auto& visit) {
    visit("topic", m.topic);
    visit("version", m.version);
    visit("score", m.score);
    visit("severity", m.severity);
    visit("shadow", m.shadow);
    visit("spans", m.spans);
    visit("notify", m.notify);
}

template <record_of<change> C>
static void describe(C& c, auto& visit) {
    visit("title", c.title);
    visit("text", c.text);
    visit("similarity", c.similarity);
    visit("words_before", c.words_before);
    visit("words", c.words);
}

static void describe_item(auto& i, auto& visit) {
    visit("id", i.id);
    visit("feed", i.feed);
    visit("publisher", i.publisher);
    visit("source", i.source);
    visit("origin_url", i.origin_url);
    visit("origin_publisher", i.origin_publisher);
    visit("guid", i.guid);
    visit("url", i.url);
    visit("canonical_url", i.canonical_url);
    visit("title", i.title);
    visit("summary_html", i.summary_html);
    visit("content_html", i.content_html);
    visit("text", i.text);
    visit("authors", i.authors);
    visit("categories", i.categories);
    visit("enclosures", i.enclosures);
    visit("comments", i.comments);
    visit("published", i.published);
    visit("published_raw", i.published_raw);
    visit("updated", i.updated);
    visit("observed", i.observed);
    visit("language", i.language);
    visit("origin", i.origin);
    visit("tags", i.tags);
    visit("warnings", i.warnings);
}

static void describe_story(auto& i, auto& visit) {
    describe_item(i, visit);
    visit("story", i.story);
    visit("revision", i.revision);
    visit("verdict", i.verdict);
    visit("changed", i.changed);
}

template <record_of<item> I>
static void describe(I& i, auto& visit) {
    describe_item(i, visit);
}

template <record_of<story_item> I>
static void describe(I& i, auto& visit) {
    describe_story(i, visit);
}

template <record_of<flagged_item> I>
static void describe(I& i, auto& visit) {
    describe_story(i, visit);
    visit("matches", i.matches);
}

namespace {

// Room for the texts, the names of the fields and some values; escapes may take more.
std::size_t bytes_expected(const item& i) {
    return 1024 + i.title.size() + i.text.size() + (i.summary_html.size() + i.content_html.size()) * 9 / 8;
}

// A date that cannot be read never loses an item: it is as if it were not there, and said in `warnings`.
void keep_unread_dates(item& i, const std::vector<record::unread_date>& unread) {
    for (const record::unread_date& date : unread) {
        if (date.field == "published" && i.published_raw.empty()) i.published_raw = date.text;
        i.warnings.push_back(date.field + ": not an RFC 3339 date: " + std::string(truncate_utf8(date.text, 40)));
    }
}

template <class Item>
result<Item> read_item(std::string_view json) {
    std::vector<record::unread_date> unread;
    auto read = record::read_record<Item>(json, &unread);
    if (!read) return read;
    if (read->id.empty()) return record::missing_field("id");
    keep_unread_dates(*read, unread);
    return read;
}

template <class Item>
result<Item> read_story_item(std::string_view json) {
    auto read = read_item<Item>(json);
    if (read && read->story.empty()) read->story = story_id(read->id.str());
    return read;
}

}  // namespace

std::string_view name_of(origin o) noexcept {
    switch (o) {
        case origin::live:
            return "live";
        case origin::baseline:
            return "baseline";
        case origin::backfill:
            return "backfill";
        case origin::replay:
            return "replay";
    }
    return "live";
}

std::optional<origin> origin_named(std::string_view name) noexcept {
    for (const origin o : {origin::live, origin::baseline, origin::backfill, origin::replay})
        if (name_of(o) == name) return o;
    return std::nullopt;
}

std::string_view name_of(verdict v) noexcept {
    return v == verdict::update ? "update" : "new";
}

std::string to_json(const item& i) {
    return record::write_record(i, bytes_expected(i));
}
std::string to_json(const story_item& i) {
    return record::write_record(i, bytes_expected(i));
}
std::string to_json(const flagged_item& i) {
    return record::write_record(i, bytes_expected(i) + 256 * i.matches.size());
}

result<item> item_from_json(std::string_view json) {
    return read_item<item>(json);
}
result<story_item> story_item_from_json(std::string_view json) {
    return read_story_item<story_item>(json);
}
result<flagged_item> flagged_item_from_json(std::string_view json) {
    return read_story_item<flagged_item>(json);
}

}  // namespace feedwatch
