// Collects text with blank runs collapsed and blocks apart. Private to producers/extract.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "producers/extract/text.hpp"

namespace feedwatch {

class text_writer {
  public:
    explicit text_writer(std::size_t bytes_expected = 0) : text_(bytes_expected) {}
    // `inside_link` counts for link_bytes; `preformatted` keeps line breaks.
    void append(std::string_view plain_utf8, bool inside_link, bool preformatted);
    void space() { space_ = true; }
    void line_break() { ++breaks_; }  // two in a row end the block
    void end_block();
    void begin_list_item();
    void begin_heading(std::uint8_t level);

    [[nodiscard]] text_blocks take() &&;

  private:
    void put(std::string_view run, bool inside_link);

    bytes::buffer text_;
    std::vector<text_block> blocks_;
    bool open_ = false;       // a block has begun
    bool space_ = false;      // a blank is due before the next character
    unsigned breaks_ = 0;     // line breaks due
    bool list_item_ = false;  // what the next block is
    std::uint8_t heading_ = 0;
};

// Length of the blank at the front of `text` (0: none), and whether it is one that joins (zero width, soft hyphen) and
// so vanishes. ASCII control characters count as blanks.
struct blank {
    std::size_t length = 0;
    bool vanishes = false;
};
[[nodiscard]] blank blank_at(std::string_view text) noexcept;
// Words with one space between each two and no other blank: what a text_writer would not change.
[[nodiscard]] bool is_words(std::string_view text) noexcept;

}  // namespace feedwatch
