#include "producers/extract/page_root.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "producers/extract/page_words.hpp"

namespace feedwatch {
namespace {

constexpr double main_weight = 1.6;      // <main>, and <article> where there is one
constexpr double article_weight = 1.25;  // one of several
constexpr double nearly_as_good = 0.95;
constexpr double other_parts_min = 0.1;  // of the best one's prose
constexpr int levels_to_other_parts = 3;

constexpr std::array<std::string_view, 15> containers{"html",    "body",   "div",    "article",    "main",
                                                      "section", "td",     "table",  "center",     "form",
                                                      "aside",   "header", "footer", "blockquote", "unknown"};

double score_of(const page_node& n, bool only_article) {
    if (n.worth <= 0 || std::find(containers.begin(), containers.end(), n.tag) == containers.end()) return 0;
    double weight = n.weight;
    if (n.tag == "main" || (n.tag == "article" && only_article)) weight = std::max(weight, main_weight);
    if (n.tag == "article") weight = std::max(weight, article_weight);
    return n.worth * weight;
}

bool is_only_article(const page_tree& page) {
    std::size_t articles = 0;
    for (std::size_t i = 0; i < page.nodes.size() && articles < 2; ++i) {
        if (page.dropped(i) || page.nodes[i].tag != "article" || page.nodes[i].prose <= 0) continue;
        ++articles;
        i = page.nodes[i].end - 1;
    }
    return articles == 1;
}

bool is_same_kind(const page_node& a, const page_node& b) {
    const auto without_digits = [](std::string marks) {
        std::erase_if(marks, [](char c) { return c >= '0' && c <= '9'; });
        return marks;
    };
    return a.tag == b.tag && a.weight == b.weight && without_digits(a.marks) == without_digits(b.marks);
}

std::size_t with_other_parts(const page_tree& page, std::size_t best) {
    const page_node& b = page.nodes[best];
    if (b.weight < body_weight) return best;
    std::size_t up = b.parent;
    for (int level = 0; level < levels_to_other_parts && up != 0; ++level, up = page.nodes[up].parent) {
        double others = 0;
        for (std::size_t i = up + 1; i < page.nodes[up].end; ++i) {
            const page_node& n = page.nodes[i];
            if (i == best || n.tag.empty() || page.dropped(i) || !is_same_kind(n, b)) continue;
            others += n.prose;
            i = n.end - 1;
        }
        if (others >= other_parts_min * b.prose) return up;
    }
    return best;
}

}  // namespace

std::size_t article_root(const page_tree& page) {
    const bool only_article = is_only_article(page);
    const auto score = [&](std::size_t i) { return page.dropped(i) ? 0.0 : score_of(page.nodes[i], only_article); };
    std::size_t best = 0;
    double best_score = 0;
    for (std::size_t i = 0; i < page.nodes.size(); ++i) {
        const double s = score(i);
        if (s <= best_score) continue;
        best_score = s;
        best = i;
    }
    if (best_score <= 0) return 0;
    for (std::size_t i = best, end = page.nodes[best].end; i < end; ++i)
        if (score(i) >= nearly_as_good * best_score) best = i;
    return with_other_parts(page, best);
}

}  // namespace feedwatch
