#include "producers/poll/content.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/time.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"

namespace feedwatch::polling {
namespace {

constexpr duration future_max = std::chrono::hours{2};

// The words between tags, one space between them; enough to compare, not to read.
void append_words(std::string_view html, std::string& out) {
    bool tag = false;
    bool gap = false;
    for (const char c : html) {
        if (c == '<') tag = true;
        if (tag || c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            gap = true;
        } else {
            if (gap) out += ' ';
            gap = false;
            out += c;
        }
        if (c == '>') tag = false;
    }
    out += '\x1F';  // so that words cannot move from one field to the next unseen
}

// 0 for nothing but separators.
std::uint32_t short_hash(std::string_view words) {
    if (words.find_first_not_of(" \x1F") == std::string_view::npos) return 0;
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(hash64(words)));
}

std::string_view path_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    const auto path = url.find_first_of("/?#", scheme + 3);
    return path == std::string_view::npos ? "/" : url.substr(path);
}

void settle_date(std::optional<timestamp>& date, item& i, timestamp observed, std::string_view name) {
    if (!date || *date <= observed + future_max) return;
    if (i.published_raw.empty()) i.published_raw = to_rfc3339(*date);
    i.warnings.push_back(std::string(name) + " lies in the future (" + to_rfc3339(*date) +
                         "): set to when it was seen");
    date = observed;
}

bool shorten(std::string& field, std::size_t bytes_max) {
    if (field.size() <= bytes_max) return false;
    field.resize(truncate_utf8(field, bytes_max).size());
    return true;
}

}  // namespace

content_keys keys_of(const item& i) {
    std::string words;
    words.reserve(i.title.size() + i.content_html.size() + i.summary_html.size() + i.canonical_url.size() + 8);
    append_words(i.title, words);
    const std::size_t title_end = words.size();
    append_words(i.canonical_url, words);
    const std::size_t text_begin = words.size();
    append_words(i.content_html, words);
    append_words(i.summary_html, words);
    const std::string_view all = words;
    return {hash128_hex(all), short_hash(path_of(i.canonical_url)), short_hash(all.substr(0, title_end)),
            short_hash(all.substr(text_begin))};
}

std::string content_hash(const item& i) {
    return keys_of(i).all;
}

void complete(item& i, const feed& of, timestamp observed) {
    i.feed = of.id;
    i.publisher = of.publisher.empty() ? registrable_domain(of.url) : of.publisher;
    i.tags = of.tags;
    i.observed = observed;
    if (!of.language.empty()) i.language = of.language;
    settle_date(i.published, i, observed, "the date of publication");
    settle_date(i.updated, i, observed, "the date of the update");
}

std::string to_bounded_json(item i) {
    std::string json = to_json(i);
    if (json.size() <= record_bytes_max) return json;
    i.warnings.push_back("cut to fit one record");
    // From what can be spared to what cannot; JSON escapes may make a byte into six.
    for (const std::size_t bytes_max : {std::size_t{64} << 10U, std::size_t{16} << 10U, std::size_t{4} << 10U}) {
        for (std::string* field :
             {&i.summary_html, &i.content_html, &i.text, &i.title, &i.guid, &i.url, &i.canonical_url}) {
            if (!shorten(*field, bytes_max)) continue;
            json = to_json(i);
            if (json.size() <= record_bytes_max) return json;
        }
    }
    for (auto* list : {&i.categories, &i.tags, &i.warnings}) list->resize(std::min<std::size_t>(list->size(), 20));
    i.authors.resize(std::min<std::size_t>(i.authors.size(), 20));
    i.enclosures.resize(std::min<std::size_t>(i.enclosures.size(), 20));
    return to_json(i);
}

}  // namespace feedwatch::polling
