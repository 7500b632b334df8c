// A page's elements and texts as one flat list in document order, with what each holds summed up. Private to
// producers/extract; knows gumbo so that others need not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch {

struct page_node {
    std::string_view tag;        // lower case; empty: a text
    std::string_view text;       // of a text, decoded
    std::string marks;           // class and id, lower case, blank between
    std::size_t parent = 0;      // index; the root is its own
    std::size_t end = 0;         // index past the last one inside
    std::size_t text_bytes = 0;  // without surplus blanks, of all inside that is not dropped
    std::size_t link_bytes = 0;  // of these, inside links
    std::size_t commas = 0;
    bool hidden = false;   // says so itself
    bool article = false;  // itemprop=articleBody, role=main or article
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
    void sum();

  private:
    struct parsed;
    std::unique_ptr<parsed> parsed_;  // owns what `nodes` point into
    std::vector<bool> dropped_;
};

}  // namespace feedwatch
