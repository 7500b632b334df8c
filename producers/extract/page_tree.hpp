// A page's elements and texts as one flat list in document order, with what each holds summed up. Private to
// producers/extract; knows gumbo so that others need not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace feedwatch {

struct page_node {
    std::string_view tag;        // lower case; empty: a text
    std::string_view text;       // of a text, decoded
    std::string marks;           // the words of class, id and role: " article-body- wide-"; empty: none
    std::size_t parent = 0;      // index; the root is its own
    std::size_t end = 0;         // index past the last one inside
    std::size_t text_bytes = 0;  // without surplus blanks, of all inside that is not dropped
    std::size_t link_bytes = 0;  // of these, inside links
    double prose = 0;            // bytes of what reads like sentences, of all inside that is not dropped
    double worth = 0;            // that, less a part of those that are links
    double weight = 1;           // how much more its names say that it is the article
    bool hidden = false;         // says so itself
    bool furniture = false, comments = false, consent = false, garnish = false;  // so named: see page_words.hpp
    bool leads_out = false;                                                      // a link to another page
    bool article = false;                                                        // says it is one
};

class page_tree {
  public:
    explicit page_tree(std::string_view html);
    ~page_tree();
    page_tree(page_tree&&) noexcept;
    page_tree& operator=(page_tree&&) noexcept;

    std::vector<page_node> nodes;
    // Marks all inside as dropped; sum() then leaves it out.
    void drop(std::size_t index);
    [[nodiscard]] bool dropped(std::size_t index) const { return dropped_[index]; }
    using marked = std::vector<bool>;
    [[nodiscard]] marked dropped_now() const { return dropped_; }
    void restore(marked before) { dropped_ = std::move(before); }
    // text_bytes, link_bytes, prose, worth.
    void sum();
    [[nodiscard]] double prose() const { return nodes.front().prose; }

    // For every index in document order, but not inside those for which it has said true.
    void drop_where(const auto& is_it) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i].tag.empty() || dropped_[i] || !is_it(i)) continue;
            drop(i);
            i = nodes[i].end - 1;
        }
    }

    std::string title;                          // of the head, or as it names itself to others (og:title)
    std::vector<std::string_view> linked_data;  // scripts of JSON-LD

  private:
    struct parsed;
    std::unique_ptr<parsed> parsed_;  // owns what `nodes` point into
    std::vector<bool> dropped_;
};

}  // namespace feedwatch
