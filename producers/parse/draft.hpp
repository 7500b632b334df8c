// An item while its document is read, before HTML is handled. Private to producers/parse.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/item.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch {

enum class markup : std::uint8_t { none, plain, html };

struct draft_field {
    std::string value;
    markup kind = markup::none;
    int rank = 0;  // several elements can say the same; the highest rank wins, the first among equals

    void offer(std::string v, markup k, int r) {
        if (v.find_first_not_of(" \t\r\n") == std::string::npos || (kind != markup::none && r <= rank)) return;
        value = std::move(v);
        kind = k;
        rank = r;
    }
};

// "one, two" as its parts, of which some may be empty or blank. Views of `list`.
[[nodiscard]] std::vector<std::string_view> keywords_of(std::string_view list);

struct draft_item {
    draft_field guid, url, title, summary, content, published, updated, source, comments, language;
    std::string source_url;  // of what `source` names: a feed's or a site's
    std::string base;        // for the relative links of this item; declared or the document's
    std::vector<person> authors;
    int authors_rank = 0;
    std::vector<std::string> categories;
    std::vector<enclosure> enclosures;
    std::size_t dropped = 0;  // people, categories and enclosures past the limit

    void add_author(person p, int rank);
    void add_category(std::string_view name);
    void add_keywords(std::string_view list);  // "one, two": categories
    void add_enclosure(enclosure e);
};

struct draft_feed {
    feed_document feed;
    std::string base;                                   // of relative links
    std::string language;                               // declared
    std::string other_title, other_description;         // of modules: where the format's own elements are missing
    std::optional<std::chrono::seconds> update_period;  // sy:updatePeriod
    std::int64_t update_frequency = 1;                  // times in a period
    std::deque<draft_item> items;                       // they are large: never moved
    std::size_t items_dropped = 0;
    bool truncated = false;
    std::vector<std::string> warnings;
};

}  // namespace feedwatch
