#include "producers/parse/draft.hpp"

#include <algorithm>

#include "core/utf8.hpp"
#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t list_max = 200;  // people, categories, enclosures of one item
constexpr std::size_t name_bytes_max = 1000;

std::string name_of_limited_length(std::string_view text) {
    std::string name = title_text(text);
    name.resize(truncate_utf8(name, name_bytes_max).size());
    return name;
}

}  // namespace

std::vector<std::string_view> keywords_of(std::string_view list) {
    std::vector<std::string_view> out;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        out.push_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return out;
}

void draft_item::add_author(person p, int rank) {
    p.name = name_of_limited_length(p.name);
    p.email = name_of_limited_length(p.email);
    if (p.name.empty() && p.email.empty() && p.url.empty()) return;
    if (rank < authors_rank) return;
    if (rank > authors_rank) authors.clear();
    authors_rank = rank;
    if (std::find(authors.begin(), authors.end(), p) != authors.end()) return;
    if (authors.size() >= list_max) {
        ++dropped;
        return;
    }
    authors.push_back(std::move(p));
}

void draft_item::add_category(std::string_view text) {
    std::string name = name_of_limited_length(text);
    if (name.empty()) return;
    if (categories.size() >= list_max) {
        ++dropped;
        return;
    }
    if (std::find(categories.begin(), categories.end(), name) == categories.end())
        categories.push_back(std::move(name));
}

void draft_item::add_keywords(std::string_view list) {
    for (const std::string_view word : keywords_of(list)) add_category(word);
}

void draft_item::add_enclosure(enclosure e) {
    if (e.url.empty()) return;
    for (const enclosure& known : enclosures)
        if (known.url == e.url) return;
    if (enclosures.size() >= list_max) {
        ++dropped;
        return;
    }
    enclosures.push_back(std::move(e));
}

}  // namespace feedwatch
