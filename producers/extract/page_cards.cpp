#include "producers/extract/page_cards.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "producers/extract/page_words.hpp"

namespace feedwatch {
namespace {

// A title, a date, and the few sentences that a teaser has room for.
constexpr std::size_t card_bytes_max = 700;
constexpr std::size_t title_bytes_min = 15;
constexpr std::size_t prose_bytes_min = 60;  // unlinked: more than a byline or a date
constexpr std::size_t siblings_min = 3;
constexpr double cards_share_min = 0.75;  // of the siblings: advertisements stand among them
constexpr double body_share_max = 0.25;   // of what says it is an article's text: links that an author collected stay

constexpr std::array<std::string_view, 7> card_tags{"li", "article", "div", "section", "td", "dd", "a"};

struct block_words {
    std::size_t bytes = 0, links = 0, leading_out = 0;
};

// What is known of an element from all inside it.
struct summary {
    std::size_t title = 0;  // the first text of a block that is one link; 0: none
    std::size_t prose = 0;  // the first text of a block of other words; 0: none
    bool linked_prose = false;
    bool list = false;
};

class card_finder {
  public:
    explicit card_finder(const page_tree& page)
        : page_(page), block_(page.nodes.size(), 0), words_(page.nodes.size()), inside_(page.nodes.size()) {
        gather_words();
        gather_summaries();
    }

    [[nodiscard]] bool is_card(std::size_t i) const {
        const page_node& n = page_.nodes[i];
        const summary& s = inside_[i];
        if (n.text_bytes == 0 || n.text_bytes > card_bytes_max || s.title == 0 || s.linked_prose || s.list)
            return false;
        if (std::find(card_tags.begin(), card_tags.end(), n.tag) == card_tags.end()) return false;
        const bool title_apart = block_[s.title] != i;
        return title_apart && (s.prose == 0 || s.title < s.prose);
    }

  private:
    void gather_words() {
        std::vector<char> link(page_.nodes.size(), 0);  // 1: in a link, 2: in one to another page
        for (std::size_t i = 0; i < page_.nodes.size(); ++i) {
            const page_node& n = page_.nodes[i];
            if (page_.dropped(i)) continue;
            if (i > 0) link[i] = link[n.parent];
            if (n.tag == "a") link[i] = n.leads_out ? 2 : 1;
            block_[i] = i > 0 && (n.tag.empty() || !is_block_tag(n.tag)) ? block_[n.parent] : i;
            if (!n.tag.empty()) continue;
            block_words& w = words_[block_[i]];
            w.bytes += n.text_bytes;
            if (link[i] > 0) w.links += n.text_bytes;
            if (link[i] > 1) w.leading_out += n.text_bytes;
        }
    }

    void gather_summaries() {
        for (std::size_t i = page_.nodes.size(); i-- > 1;) {
            const page_node& n = page_.nodes[i];
            if (page_.dropped(i)) continue;
            summary& s = inside_[i];
            if (n.tag.empty() && n.text_bytes > 0) {
                const block_words& w = words_[block_[i]];
                const bool title = w.leading_out >= title_bytes_min && w.leading_out * 10 >= w.bytes * 9;
                const bool prose = w.bytes - w.links >= prose_bytes_min;
                if (title) s.title = i;
                if (prose) s.prose = i;
                s.linked_prose = prose && w.links > 0;
            }
            summary& parent = inside_[n.parent];
            if (s.title != 0) parent.title = s.title;
            if (s.prose != 0) parent.prose = s.prose;
            parent.linked_prose = parent.linked_prose || s.linked_prose;
            parent.list = parent.list || s.list || n.tag == "li" || n.tag == "tr" || n.tag == "pre";
        }
    }

    const page_tree& page_;
    std::vector<std::size_t> block_;
    std::vector<block_words> words_;  // of each block, without the blocks inside
    std::vector<summary> inside_;
};

// The children of `parent` that are cards, if they are what it is made of.
void append_cards_of(const page_tree& page, const card_finder& finder, std::size_t parent,
                     std::vector<std::size_t>& out) {
    const std::size_t before = out.size();
    std::size_t others = 0;
    for (std::size_t i = parent + 1; i < page.nodes[parent].end; i = page.nodes[i].end) {
        const page_node& n = page.nodes[i];
        if (page.dropped(i) || n.text_bytes == 0) continue;
        if (!n.tag.empty() && finder.is_card(i) && (out.size() == before || page.nodes[out[before]].tag == n.tag)) {
            out.push_back(i);
        } else {
            ++others;
        }
    }
    const std::size_t cards = out.size() - before;
    const bool made_of_cards = static_cast<double>(cards) >= cards_share_min * static_cast<double>(cards + others);
    if (cards < siblings_min || !made_of_cards) out.resize(before);
}

double prose_of(const page_tree& page, const std::vector<std::size_t>& cards, std::size_t from) {
    double prose = 0;
    for (std::size_t i = from; i < cards.size(); ++i) prose += page.nodes[cards[i]].prose;
    return prose;
}

}  // namespace

std::vector<std::size_t> teaser_cards(const page_tree& page, double share_max) {
    const card_finder finder(page);
    std::vector<std::size_t> body(page.nodes.size(), 0);  // what says it is an article's text around each; 0: nothing
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < page.nodes.size(); ++i) {
        const page_node& n = page.nodes[i];
        if (n.tag.empty() || page.dropped(i)) continue;
        body[i] = n.weight >= body_weight ? i : body[n.parent];
        const std::size_t before = out.size();
        append_cards_of(page, finder, i, out);
        if (body[i] != 0 && prose_of(page, out, before) > page.nodes[body[i]].prose * body_share_max)
            out.resize(before);
    }
    if (prose_of(page, out, 0) > page.prose() * share_max) out.clear();
    return out;
}

}  // namespace feedwatch
