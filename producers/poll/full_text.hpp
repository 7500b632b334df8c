// Items whose article is read for its text: which, and what becomes of them. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/item.hpp"
#include "io/http/client.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {

// What reading an article came to.
struct article {
    std::string text;         // empty: see `failure`
    std::string canonical;    // as the page says (rel=canonical), canonicalised; empty: it does not
    std::string failure;      // in words, for the records
    std::string origin = {};  // `canonical`, where it is on another site than the page; else empty
};
using articles_by_url = std::map<std::string, article>;  // by item::url

// Whether the feed gives less than the article: no content beside its summary or less than whole_bytes_min of text, or
// an end that says so ("[...]", "Continue reading").
inline constexpr std::size_t whole_bytes_min = 1500;
[[nodiscard]] bool is_truncated(const item& i);

// The articles that a poll should read before it publishes: of live items that are new or changed and truncated, at
// most articles_max, the newest first. (Changed ones too: else an item's text would shrink with its second revision.)
inline constexpr std::size_t articles_max = 20;
struct wanted_articles {
    std::vector<std::string> urls;  // each once
    std::vector<std::string> left_out;
};
[[nodiscard]] wanted_articles articles_wanted(const std::vector<item>& items);

// For those that cannot be read at all.
[[nodiscard]] articles_by_url not_read(const std::vector<std::string>& urls, const std::string& why);

// Puts the articles' texts into the items, and a warning where there is none; sums the failures up in the poll. A text
// shorter than the feed's own is not taken: a page of consent, a stub. Nor is a canonical URL that several items share
// or that is a site's front page: some sites name that on every page.
void put_articles(conclusion& c, const articles_by_url& read);

// From an answer to the article. Redirects are the caller's.
[[nodiscard]] article read_article(const http::response& r);

}  // namespace feedwatch::polling
