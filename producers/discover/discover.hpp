// Where a web page's feeds are: what the page says itself, what some sites have by rule, and where feeds usually are.
// Pure: each address is a guess until its answer has been read as a feed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace feedwatch {

struct feed_link {
    std::string url;    // absolute, http or https
    std::string title;  // as the page has it; "" where it has none
    std::string type;   // media type as declared
    friend bool operator==(const feed_link&, const feed_link&) = default;
};

inline constexpr std::size_t feed_links_max = 30;

// <link> and <a> with rel "alternate" and a feed's media type, or rel "feed"; in the page's order, each URL once, at
// most feed_links_max. <base href> counts.
[[nodiscard]] std::vector<feed_link> links_to_feeds(std::string_view html, std::string_view page_url);

// Sites that document where the feed of a page is: YouTube, Reddit, GitHub, GitLab, Medium, Blogger, Tumblr, Substack,
// Stack Exchange, and WordPress.com.
[[nodiscard]] std::vector<std::string> feeds_by_rule(std::string_view page_url);

// "/feed", "/rss.xml" ... below the page and at its host's root, the likeliest first.
[[nodiscard]] std::vector<std::string> usual_feed_urls(std::string_view page_url);

// "RSS 2.0", "Atom", "JSON Feed" ...; "feed" where its beginning does not say.
[[nodiscard]] std::string feed_format(std::string_view document);

}  // namespace feedwatch
