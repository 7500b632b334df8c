// What is known of the elements of HTML. Private to producers/extract.
#pragma once

#include <cstdint>
#include <string_view>

namespace feedwatch {

// What a tag does to the text around it.
enum class text_effect : std::uint8_t { inline_, block, list_item, line_break, cell, link, preformatted };

struct html_element {
    enum trait : std::uint8_t {
        phrase = 1,   // markup inside a line: a title loses it
        allowed = 2,  // what article text is made of; nothing that runs, embeds, styles or asks
        empty = 4,    // has no content and no end tag
        dropped = 8,  // with its content, where an end tag follows
        to_end = 16,  // without one, all that follows is its content
    };
    std::string_view name;
    text_effect effect = text_effect::inline_;
    std::uint8_t traits = 0;

    [[nodiscard]] constexpr bool is(trait t) const noexcept { return (traits & t) != 0; }
};

// By its name in lower case; nullptr: none that anything is known of. One object for each element.
[[nodiscard]] const html_element* element_named(std::string_view lower) noexcept;

}  // namespace feedwatch
