#include "producers/extract/page.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/utf8.hpp"
#include "producers/extract/page_guard.hpp"
#include "producers/extract/page_tree.hpp"
#include "producers/extract/page_words.hpp"
#include "producers/extract/text_writer.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t page_bytes_max = 16U << 20U;
constexpr std::size_t paragraph_bytes_min = 25;  // shorter ones weigh nothing
constexpr std::size_t enough_bytes = 500;        // less text than this: look again without being strict

double link_density(const page_node& n) {
    return n.text_bytes == 0 ? 0.0 : static_cast<double>(n.link_bytes) / static_cast<double>(n.text_bytes);
}

bool is_any(std::string_view tag, std::initializer_list<std::string_view> of) {
    return std::find(of.begin(), of.end(), tag) != of.end();
}

// Drops what is never main text; `strict` also what its class or id gives away.
void drop_the_unlikely(page_tree& tree, bool strict) {
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const page_node& n = tree.nodes[i];
        if (n.tag.empty() || tree.dropped(i)) continue;
        if (n.hidden || is_never_text(n.tag) ||
            (strict && !n.article && !is_any(n.tag, {"html", "body", "article", "main", "a"}) &&
             is_unlikely(n.marks))) {
            tree.drop(i);
            i = n.end - 1;
        }
    }
}

bool has_own_text(const page_tree& tree, std::size_t index) {
    std::size_t bytes = 0;
    const page_node& n = tree.nodes[index];
    for (std::size_t i = index + 1; i < n.end; i = tree.nodes[i].end)
        if (!tree.dropped(i) && !is_block_tag(tree.nodes[i].tag)) bytes += tree.nodes[i].text_bytes;
    return bytes >= paragraph_bytes_min;
}

bool is_paragraph(const page_tree& tree, std::size_t i) {
    const page_node& n = tree.nodes[i];
    if (n.text_bytes < paragraph_bytes_min) return false;
    if (is_any(n.tag, {"p", "pre", "td", "blockquote"})) return true;
    return is_any(n.tag, {"div", "section", "article", "li", "dd", "center", "font", "main"}) && has_own_text(tree, i);
}

double own_weight(const page_node& n) {
    double weight = marks_weight(n.marks);
    if (is_any(n.tag, {"article", "main"}) || n.article) weight += 25;
    if (n.tag == "div" || n.tag == "section") weight += 5;
    if (is_any(n.tag, {"pre", "td", "blockquote"})) weight += 3;
    if (is_any(n.tag, {"ol", "ul", "dl", "dd", "dt", "li", "form", "address"})) weight -= 3;
    if (is_any(n.tag, {"h1", "h2", "h3", "h4", "h5", "h6", "th"})) weight -= 5;
    return weight;
}

// Each paragraph's weight goes to its ancestors, less with each step up.
std::vector<double> weigh(const page_tree& tree) {
    std::vector<double> scores(tree.nodes.size(), 0.0);
    std::vector<bool> touched(tree.nodes.size(), false);
    constexpr std::array<double, 4> shares{1.0, 0.5, 0.25, 0.15};
    for (std::size_t i = 1; i < tree.nodes.size(); ++i) {
        if (tree.dropped(i) || !is_paragraph(tree, i)) continue;
        const page_node& n = tree.nodes[i];
        const double own =
            (1.0 + static_cast<double>(n.commas) + std::min(static_cast<double>(n.text_bytes) / 100.0, 3.0)) *
            (1.0 - link_density(n));
        std::size_t up = n.parent;
        for (const double share : shares) {
            if (!touched[up]) {
                touched[up] = true;
                scores[up] += own_weight(tree.nodes[up]);
            }
            scores[up] += own * share;
            if (up == 0) break;
            up = tree.nodes[up].parent;
        }
    }
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (touched[i]) scores[i] *= 1.0 - link_density(tree.nodes[i]);
    return scores;
}

// Whether a neighbour of the best element is part of the same article.
bool belongs(const page_tree& tree, std::size_t i, const std::vector<double>& scores, double threshold) {
    const page_node& n = tree.nodes[i];
    if (tree.dropped(i) || n.tag.empty()) return false;
    if (scores[i] >= threshold) return true;
    if (n.tag != "p") return false;
    const double density = link_density(n);
    return (n.text_bytes > 80 && density < 0.25) ||
           (n.text_bytes > 0 && n.text_bytes <= 80 && n.link_bytes == 0 && n.commas > 0);
}

// Lists of links, forms, leftovers inside what was chosen.
void drop_clutter(page_tree& tree, std::size_t index) {
    for (std::size_t i = index + 1; i < tree.nodes[index].end; ++i) {
        const page_node& n = tree.nodes[i];
        if (n.tag.empty() || tree.dropped(i)) continue;
        const bool container =
            is_any(n.tag, {"div", "ul", "ol", "dl", "table", "section", "aside", "header", "form", "fieldset"});
        if (!container) continue;
        const double density = link_density(n);
        const double weight = marks_weight(n.marks);
        const bool links = (density > 0.5 && n.text_bytes < 2000 && n.commas < 10) ||
                           (weight < 0 && density > 0.2 && n.text_bytes < 1000);
        const bool form = is_any(n.tag, {"form", "fieldset", "aside"}) && n.commas < 10;
        if (links || form || (weight < 0 && n.commas < 3 && n.text_bytes < 300)) {
            tree.drop(i);
            i = n.end - 1;
        }
    }
}

void write(const page_tree& tree, std::size_t index, text_writer& out) {
    std::vector<std::size_t> closing;  // ends of open blocks
    for (std::size_t i = index; i < tree.nodes[index].end; ++i) {
        while (!closing.empty() && closing.back() <= i) {
            out.end_block();
            closing.pop_back();
        }
        if (tree.dropped(i)) continue;
        const page_node& n = tree.nodes[i];
        if (n.tag.empty()) {
            const bool preformatted =
                tree.nodes[n.parent].tag == "pre" || tree.nodes[tree.nodes[n.parent].parent].tag == "pre";
            out.append(n.text, false, preformatted);
        } else if (n.tag == "br") {
            out.line_break();
        } else if (is_any(n.tag, {"td", "th"})) {
            out.space();
        } else if (is_block_tag(n.tag)) {
            out.end_block();
            closing.push_back(n.end);
        }
    }
    out.end_block();
}

std::string main_content(page_tree& tree, bool strict) {
    drop_the_unlikely(tree, strict);
    tree.sum();
    const std::vector<double> scores = weigh(tree);
    const auto best = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
    const std::size_t parent = tree.nodes[best].parent;
    const double threshold = std::max(10.0, scores[best] * 0.2);
    text_writer out;
    const auto take = [&](std::size_t i) {
        drop_clutter(tree, i);
        write(tree, i, out);
    };
    if (best == 0 || parent == best) {
        take(best);
    } else {
        for (std::size_t i = parent + 1; i < tree.nodes[parent].end; i = tree.nodes[i].end)
            if (i == best || belongs(tree, i, scores, threshold)) take(i);
    }
    std::string text = std::move(out).take().text;
    make_valid_utf8(text);
    return text;
}

}  // namespace

result<std::string> extract_page(std::string_view html, std::string_view url) {
    if (html.size() > page_bytes_max)
        return error(errc::too_large, "a page of " + std::to_string(html.size()) + " bytes");
    if (!is_buildable(html)) {  // no page that anybody wrote; its plain text is all it gets
        std::string all = html_to_text(html);
        if (all.empty()) return error(errc::malformed, "no text in the page " + std::string(url));
        return all;
    }
    page_tree tree(html);
    std::string text = main_content(tree, true);
    if (text.size() < enough_bytes) {
        page_tree again(html);
        std::string more = main_content(again, false);
        if (more.size() > text.size()) text = std::move(more);
    }
    if (text.empty()) return error(errc::malformed, "no text in the page " + std::string(url));
    return text;
}

}  // namespace feedwatch
