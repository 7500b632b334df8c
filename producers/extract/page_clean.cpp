#include "producers/extract/page_clean.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "producers/extract/page_cards.hpp"
#include "producers/extract/page_words.hpp"
#include "producers/extract/pleas.hpp"
#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

// Shares of prose, measured on saved pages.
constexpr double hidden_share_max = 0.8;  // what hides more of the page is shown by a script
constexpr double garnish_share_max = 0.15;
constexpr double form_share_max = 0.4;  // some pages are one form
constexpr double related_share_max = 0.5;
constexpr double named_share_max = 0.9;  // whatever its name, it is the page

constexpr std::size_t plea_heading_bytes_max = 60;
constexpr std::size_t heading_bytes_max = 200;

bool is_any(std::string_view tag, std::initializer_list<std::string_view> of) {
    return std::find(of.begin(), of.end(), tag) != of.end();
}

bool is_heading(std::string_view tag) {
    return is_any(tag, {"h1", "h2", "h3", "h4", "h5", "h6"});
}

bool is_mostly_links(const page_node& n) {
    return n.worth < 0 && n.link_bytes * 2 > n.text_bytes;
}

// Neither what says it is hidden nor what stands in for scripts, unless most of the page is.
void drop_the_hidden(page_tree& page) {
    double hidden = 0;
    const auto is_hidden = [&](std::size_t i) {
        const page_node& n = page.nodes[i];
        return n.hidden || is_any(n.tag, {"noscript", "template"});
    };
    for (std::size_t i = 0; i < page.nodes.size(); ++i) {
        if (page.nodes[i].tag.empty() || page.dropped(i) || !is_hidden(i)) continue;
        hidden += page.nodes[i].prose;
        i = page.nodes[i].end - 1;
    }
    if (hidden <= page.prose() * hidden_share_max) page.drop_where(is_hidden);
}

// For each element, the prose of that one inside (or itself) that says it is an article and has most.
std::vector<double> article_prose(const page_tree& page) {
    std::vector<double> most(page.nodes.size(), 0.0);
    for (std::size_t i = page.nodes.size(); i-- > 0;) {
        const page_node& n = page.nodes[i];
        if (n.article) most[i] = std::max(most[i], n.prose);
        if (i > 0) most[n.parent] = std::max(most[n.parent], most[i]);
    }
    return most;
}

std::string words_of(const page_tree& page, std::size_t index) {
    std::string out;
    for (std::size_t i = index; i < page.nodes[index].end && out.size() < heading_bytes_max; ++i)
        if (page.nodes[i].tag.empty()) out += page.nodes[i].text;
    return one_line(out);
}

// Whether the first thing that an element says is that what follows is elsewhere ("Related stories").
bool leads_away(const page_tree& page, std::size_t index) {
    for (std::size_t i = index; i < page.nodes[index].end; ++i) {
        const page_node& n = page.nodes[i];
        if (page.dropped(i) || n.text_bytes == 0) {
            i = n.end - 1;
            continue;
        }
        if (is_any(n.tag, {"h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "p", "span", "dt", "summary", "legend",
                           "caption"}))
            return n.text_bytes <= plea_heading_bytes_max && is_plea_heading(words_of(page, i));
        if (n.tag.empty()) return false;
    }
    return false;
}

}  // namespace

void drop_what_is_no_text(page_tree& page) {
    page.drop_where([&](std::size_t i) { return is_never_text(page.nodes[i].tag); });
    page.sum();
    drop_the_hidden(page);
    page.drop_where([&](std::size_t i) {
        return page.nodes[i].consent && !is_any(page.nodes[i].tag, {"html", "body", "main", "article"});
    });
    page.sum();
}

void drop_furniture(page_tree& page, double share_max) {
    const double all = page.prose();
    const auto is_bare = [&](std::size_t i) { return is_any(page.nodes[i].tag, {"html", "body", "main"}); };
    page.drop_where(
        [&](std::size_t i) { return page.nodes[i].comments && !is_bare(i) && page.nodes[i].prose <= all * share_max; });
    page.sum();  // a comment may say that it is an article

    const std::vector<double> articles = article_prose(page);
    const double largest = articles.front();
    std::size_t article = 0;  // an open element that says it is one
    page.drop_where([&](std::size_t i) {
        const page_node& n = page.nodes[i];
        if (article != 0 && page.nodes[article].end <= i) article = 0;
        const bool holds_most = article != 0 && n.prose >= page.nodes[article].prose * 0.5;
        const bool holds_the_article = articles[i] >= n.prose * 0.5 && articles[i] >= largest;
        if (n.furniture && !is_bare(i) && n.prose <= all * std::min(share_max, named_share_max) && !holds_most &&
            !holds_the_article)
            return true;
        if (n.article) article = i;
        return false;
    });
    page.sum();
    for (const std::size_t card : teaser_cards(page, share_max)) page.drop(card);
    page.sum();
}

void drop_garnish(page_tree& page, std::size_t root) {
    const double all = page.nodes[root].prose;
    page.drop_where([&](std::size_t i) {
        if (i <= root || i >= page.nodes[root].end) return false;
        const page_node& n = page.nodes[i];
        if (n.garnish || is_any(n.tag, {"figcaption", "time", "address", "label"})) {
            if (n.prose <= all * garnish_share_max) return true;
        }
        if (is_any(n.tag, {"form", "fieldset"}) && n.prose <= all * form_share_max) return true;
        if (is_any(n.tag, {"div", "ul", "ol", "dl", "table", "section", "header"}) && is_mostly_links(n)) return true;
        return is_block_tag(n.tag) && !is_heading(n.tag) && n.prose <= all * related_share_max && leads_away(page, i);
    });
}

}  // namespace feedwatch
