#include "producers/extract/page_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/plea.hpp"
#include "core/utf8.hpp"
#include "producers/extract/notices.hpp"
#include "producers/extract/page_words.hpp"
#include "producers/extract/pleas.hpp"
#include "producers/extract/text_writer.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t preamble_bytes_max = 60;  // a longer block is no date or byline
constexpr std::size_t link_bytes_min = 25;      // a paragraph that is one link leads away; a shorter one may be a name
constexpr std::size_t plea_heading_bytes_max = 60;
constexpr double led_away_share_min = 0.25;  // of a section's bytes that are links
constexpr std::size_t title_bytes_min = 10;  // a shorter heading may stand in a title by chance

std::uint8_t heading_level(std::string_view tag) {
    const bool heading = tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6';
    return heading ? static_cast<std::uint8_t>(tag[1] - '0') : 0;
}

text_blocks blocks_of(const page_tree& page, std::size_t root) {
    text_writer out;
    std::vector<std::size_t> closing;  // ends of open blocks
    std::size_t link_end = 0;
    std::size_t pre_end = 0;
    for (std::size_t i = root; i < page.nodes[root].end; ++i) {
        while (!closing.empty() && closing.back() <= i) {
            out.end_block();
            closing.pop_back();
        }
        if (page.dropped(i)) continue;
        const page_node& n = page.nodes[i];
        if (n.tag.empty()) {
            out.append(n.text, i < link_end, i < pre_end);
        } else if (n.tag == "a") {
            link_end = std::max(link_end, n.end);
        } else if (n.tag == "br") {
            out.line_break();
        } else if (n.tag == "td" || n.tag == "th") {
            out.space();
        } else if (is_block_tag(n.tag)) {
            if (n.tag == "pre") pre_end = std::max(pre_end, n.end);
            if (const std::uint8_t level = heading_level(n.tag); level > 0) {
                out.begin_heading(level);
            } else if (n.tag == "li") {
                out.begin_list_item();
            } else {
                out.end_block();
            }
            closing.push_back(n.end);
        }
    }
    return std::move(out).take();
}

bool ends_like_a_sentence(std::string_view block) {
    static constexpr std::array<std::string_view, 14> ends{
        ".", "!", "?", ":", "\"", ")", "\u2026", "\u201D", "\u201C", "\u00BB", "\u3002", "\uFF01", "\uFF1F", "\u061F"};
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view e) { return block.ends_with(e); });
}

class choosing {
  public:
    choosing(const text_blocks& all, std::string_view title)
        : all_(all), title_(one_line(title)), keep_(all.blocks.size(), true) {}

    std::string chosen() {
        drop_titles();
        drop_what_leads_away();
        drop_sections_that_lead_away();
        drop_preamble();
        drop_empty_headings();
        std::string out;
        for (std::size_t i = 0; i < keep_.size(); ++i) {
            if (!keep_[i]) continue;
            if (!out.empty()) out += "\n\n";
            out += text(i);
        }
        return out.empty() ? all_.text : out;
    }

  private:
    [[nodiscard]] std::string_view text(std::size_t i) const { return all_.view(all_.blocks[i]); }
    [[nodiscard]] const text_block& block(std::size_t i) const { return all_.blocks[i]; }

    // The first heading of the first level, and those before the text that stand in the page's title.
    void drop_titles() {
        bool before_text = true;
        bool first = true;
        for (std::size_t i = 0; i < keep_.size(); ++i) {
            if (block(i).heading == 0) {
                if (text(i).size() > preamble_bytes_max) before_text = false;
                continue;
            }
            const bool named = before_text && text(i).size() >= title_bytes_min && title_.find(text(i)) != title_.npos;
            if (named || (block(i).heading == 1 && first)) keep_[i] = false;
            first = first && block(i).heading != 1;
        }
    }

    void drop_what_leads_away() {
        for (std::size_t i = 0; i < keep_.size(); ++i) {
            if (is_share_bar(text(i))) keep_[i] = false;
            if (block(i).list_item) continue;
            const bool link = block(i).heading == 0 && text(i).size() >= link_bytes_min && is_link_block(block(i));
            if (link || is_closing_plea(text(i)) || is_notice(text(i))) keep_[i] = false;
        }
    }

    // A heading that says that what follows is elsewhere, and what follows up to the next of its level, if links bear
    // the heading out.
    void drop_sections_that_lead_away() {
        for (std::size_t i = 0; i < keep_.size(); ++i) {
            if (block(i).heading == 0 || text(i).size() > plea_heading_bytes_max || !is_plea_heading(text(i))) continue;
            keep_[i] = false;
            std::size_t end = i + 1;
            std::size_t bytes = 0;
            std::size_t links = 0;
            for (; end < keep_.size() && (block(end).heading == 0 || block(end).heading > block(i).heading); ++end) {
                bytes += text(end).size();
                links += block(end).link_bytes;
            }
            if (static_cast<double>(links) < led_away_share_min * static_cast<double>(bytes)) continue;
            for (++i; i < end; ++i) keep_[i] = false;
            --i;
        }
    }

    // Dates, bylines, counts of shares.
    void drop_preamble() {
        for (std::size_t i = 0; i < keep_.size(); ++i) {
            if (!keep_[i]) continue;
            const bool short_one = text(i).size() <= preamble_bytes_max && !ends_like_a_sentence(text(i));
            if (block(i).heading > 0 || block(i).list_item || !short_one) return;
            keep_[i] = false;
        }
    }

    // From the end: links after the last text, and headings with neither text nor a lower heading under them.
    void drop_empty_headings() {
        constexpr std::uint8_t nothing = 7;
        std::uint8_t below = nothing;  // the level of the heading below, 0: text
        for (std::size_t i = keep_.size(); i-- > 0;) {
            if (!keep_[i]) continue;
            const std::uint8_t level = block(i).heading;
            if (level == 0) {
                if (below == nothing && is_link_block(block(i))) {
                    keep_[i] = false;
                } else {
                    below = 0;
                }
            } else if (below != 0 && below <= level) {
                keep_[i] = false;
            } else {
                keep_[i] = below != nothing;
                if (keep_[i]) below = level;
            }
        }
    }

    const text_blocks& all_;
    std::string title_;
    std::vector<bool> keep_;
};

}  // namespace

std::string article_text(const page_tree& page, std::size_t root) {
    const text_blocks blocks = blocks_of(page, root);
    std::string out = choosing(blocks, page.title).chosen();
    make_valid_utf8(out);
    return out;
}

}  // namespace feedwatch
