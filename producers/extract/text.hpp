// HTML to plain text with its block structure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch {

// A paragraph, heading, list item, table row: bytes [offset, offset + length) of text_blocks::text.
struct text_block {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t link_bytes = 0;  // of these, inside links
    bool list_item = false;
    std::uint8_t heading = 0;  // 1 to 6: of that level, where the writer says so
};

struct text_blocks {
    std::string text;  // blocks separated by "\n\n"
    std::vector<text_block> blocks;

    [[nodiscard]] std::string_view view(const text_block& b) const {
        return std::string_view(text).substr(b.offset, b.length);
    }
};

// One pass, no tree. Blank runs (no-break and other Unicode spaces too) are one space, <br> and line breaks of <pre>
// are "\n", scripts, styles and embedded documents are dropped, references decoded. Valid UTF-8 without NUL for any
// input; inputs of 4 GiB and more are read up to there.
[[nodiscard]] text_blocks html_to_blocks(std::string_view html);
[[nodiscard]] std::string html_to_text(std::string_view html);

// For titles: HTML's markup gone, references decoded, all on one line. What is no markup of HTML stays ("vector<int>",
// "AT&T <3"). Where an image is all there is, its alternative text is the title; a title of nothing but a comment or a
// declaration is kept as written.
[[nodiscard]] std::string title_text(std::string_view title);

// Plain text that is no HTML: blank runs collapsed, control characters gone, one line.
[[nodiscard]] std::string one_line(std::string_view plain);

}  // namespace feedwatch
