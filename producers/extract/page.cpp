#include "producers/extract/page.hpp"

#include "producers/extract/page_clean.hpp"
#include "producers/extract/page_guard.hpp"
#include "producers/extract/page_json.hpp"
#include "producers/extract/page_root.hpp"
#include "producers/extract/page_text.hpp"
#include "producers/extract/page_tree.hpp"
#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t page_bytes_max = 16U << 20U;
constexpr std::size_t enough_bytes = 250;
constexpr std::size_t surely_enough_bytes = 1500;
constexpr double enough_share = 0.2;           // of the page's prose
constexpr double enough_share_article = 0.05;  // where it says it is an article: the rest may be comments

// What names say of elements is believed as long as enough of the page is left: then with reserve, then not at all.
constexpr double shares_max[] = {1.0, 0.4, 0.0};

std::string main_content(page_tree& page) {
    drop_what_is_no_text(page);
    const double all = page.prose();
    const page_tree::marked before = page.dropped_now();
    std::string best;
    for (const double share_max : shares_max) {
        page.restore(before);
        page.sum();
        drop_furniture(page, share_max);
        const std::size_t root = article_root(page);
        const double prose = page.nodes[root].prose;
        drop_garnish(page, root);
        std::string text = article_text(page, root);
        const bool enough =
            text.size() >= enough_bytes &&
            (text.size() >= surely_enough_bytes || static_cast<double>(text.size()) >= enough_share * all ||
             (page.nodes[root].article && prose >= enough_share_article * all));
        if (text.size() >= 2 * best.size()) best = std::move(text);
        if (enough) break;
    }
    return best;
}

}  // namespace

result<std::string> extract_page(std::string_view html, std::string_view url) {
    if (html.size() > page_bytes_max)
        return error(errc::too_large, "a page of " + std::to_string(html.size()) + " bytes");
    if (!is_buildable(html)) {  // no page that anybody wrote; its plain text is all it gets
        std::string all = html_to_text(html);
        if (all.empty()) return error(errc::malformed, "no article in the page " + std::string(url));
        return all;
    }
    page_tree page(html);
    std::string text = main_content(page);
    // What is shown by a script alone may stand in what the page says to search engines.
    if (std::string said = article_body(page.linked_data); said.size() > 2 * text.size()) text = std::move(said);
    if (text.empty()) return error(errc::malformed, "no article in the page " + std::string(url));
    return text;
}

}  // namespace feedwatch
