#include "producers/extract/html_element.hpp"

#include <array>
#include <cstddef>

namespace feedwatch {
namespace {

using e = html_element;
using t = text_effect;
constexpr std::array elements{
    // clang-format off
    e{"a", t::link, e::phrase | e::allowed},
    e{"abbr", t::inline_, e::phrase | e::allowed},
    e{"acronym", t::inline_, e::phrase},
    e{"address", t::block, e::allowed},
    e{"applet", t::inline_, e::phrase | e::dropped},
    e{"article", t::block, e::allowed},
    e{"aside", t::block, e::allowed},
    e{"audio", t::inline_, e::allowed},
    e{"b", t::inline_, e::phrase | e::allowed},
    e{"basefont", t::inline_, e::phrase},
    e{"bdi", t::inline_, e::phrase | e::allowed},
    e{"bdo", t::inline_, e::phrase | e::allowed},
    e{"bgsound", t::inline_, e::phrase},
    e{"big", t::inline_, e::phrase | e::allowed},
    e{"blink", t::inline_, e::phrase},
    e{"blockquote", t::block, e::allowed},
    e{"body", t::block, 0},
    e{"br", t::line_break, e::allowed | e::empty},
    e{"canvas", t::inline_, e::dropped},
    e{"caption", t::block, e::allowed},
    e{"center", t::block, e::allowed},
    e{"cite", t::inline_, e::phrase | e::allowed},
    e{"code", t::inline_, e::phrase | e::allowed},
    e{"col", t::inline_, e::allowed | e::empty},
    e{"colgroup", t::inline_, e::allowed},
    e{"data", t::inline_, e::phrase},
    e{"dd", t::block, e::allowed},
    e{"del", t::inline_, e::phrase | e::allowed},
    e{"details", t::block, e::allowed},
    e{"dfn", t::inline_, e::phrase | e::allowed},
    e{"dialog", t::block, 0},
    e{"dir", t::block, 0},
    e{"div", t::block, e::allowed},
    e{"dl", t::block, e::allowed},
    e{"dt", t::block, e::allowed},
    e{"em", t::inline_, e::phrase | e::allowed},
    e{"embed", t::inline_, e::phrase},
    e{"fieldset", t::block, 0},
    e{"figcaption", t::block, e::allowed},
    e{"figure", t::block, e::allowed},
    e{"font", t::inline_, e::phrase},
    e{"footer", t::block, e::allowed},
    e{"form", t::block, 0},
    e{"frame", t::inline_, e::phrase},
    e{"frameset", t::inline_, e::phrase},
    e{"h1", t::block, e::allowed},
    e{"h2", t::block, e::allowed},
    e{"h3", t::block, e::allowed},
    e{"h4", t::block, e::allowed},
    e{"h5", t::block, e::allowed},
    e{"h6", t::block, e::allowed},
    e{"header", t::block, e::allowed},
    e{"hgroup", t::block, 0},
    e{"hr", t::block, e::allowed | e::empty},
    e{"html", t::block, 0},
    e{"i", t::inline_, e::phrase | e::allowed},
    e{"iframe", t::inline_, e::phrase | e::dropped},
    e{"img", t::inline_, e::phrase | e::allowed | e::empty},
    e{"ins", t::inline_, e::phrase | e::allowed},
    e{"kbd", t::inline_, e::phrase | e::allowed},
    e{"legend", t::block, 0},
    e{"li", t::list_item, e::allowed},
    e{"link", t::inline_, e::phrase},
    e{"main", t::block, e::allowed},
    e{"mark", t::inline_, e::phrase | e::allowed},
    e{"menu", t::block, 0},
    e{"meta", t::inline_, e::phrase},
    e{"nav", t::block, 0},
    e{"nobr", t::inline_, e::phrase},
    e{"noembed", t::inline_, e::dropped},
    e{"noframes", t::inline_, e::dropped},
    e{"noscript", t::inline_, e::dropped},
    e{"object", t::inline_, e::phrase | e::dropped},
    e{"ol", t::block, e::allowed},
    e{"option", t::block, 0},
    e{"p", t::block, e::allowed},
    e{"param", t::inline_, e::phrase},
    e{"picture", t::inline_, e::allowed},
    e{"pre", t::preformatted, e::allowed},
    e{"q", t::inline_, e::phrase | e::allowed},
    e{"rp", t::inline_, e::phrase | e::allowed},
    e{"rt", t::inline_, e::phrase | e::allowed},
    e{"ruby", t::inline_, e::phrase | e::allowed},
    e{"s", t::inline_, e::phrase | e::allowed},
    e{"samp", t::inline_, e::phrase | e::allowed},
    e{"script", t::inline_, e::phrase | e::to_end | e::dropped},
    e{"section", t::block, e::allowed},
    e{"select", t::inline_, e::dropped},
    e{"small", t::inline_, e::phrase | e::allowed},
    e{"source", t::inline_, e::allowed | e::empty},
    e{"span", t::inline_, e::phrase | e::allowed},
    e{"strike", t::inline_, e::phrase | e::allowed},
    e{"strong", t::inline_, e::phrase | e::allowed},
    e{"style", t::inline_, e::phrase | e::to_end | e::dropped},
    e{"sub", t::inline_, e::phrase | e::allowed},
    e{"summary", t::block, e::allowed},
    e{"sup", t::inline_, e::phrase | e::allowed},
    e{"svg", t::inline_, e::phrase | e::dropped},
    e{"table", t::block, e::allowed},
    e{"tbody", t::block, e::allowed},
    e{"td", t::cell, e::allowed},
    e{"template", t::inline_, e::dropped},
    e{"textarea", t::inline_, e::dropped},
    e{"tfoot", t::block, e::allowed},
    e{"th", t::cell, e::allowed},
    e{"thead", t::block, e::allowed},
    e{"time", t::inline_, e::phrase | e::allowed},
    e{"title", t::inline_, e::dropped},
    e{"tr", t::block, e::allowed},
    e{"tt", t::inline_, e::phrase | e::allowed},
    e{"u", t::inline_, e::phrase | e::allowed},
    e{"ul", t::block, e::allowed},
    e{"var", t::inline_, e::phrase | e::allowed},
    e{"video", t::inline_, e::allowed},
    e{"wbr", t::inline_, e::phrase | e::allowed | e::empty},
    e{"xmp", t::inline_, e::dropped},
    // clang-format on
};

// Open addressing; the first letters, the last and the length tell nearly all apart.
constexpr std::size_t slots = 512;
constexpr std::size_t slot_of(std::string_view name) {
    const auto letter = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
    return (letter(0) * 37U + letter(name.size() / 2) * 11U + letter(name.size() - 1) * 5U + name.size() * 89U) % slots;
}

struct element_table {
    std::array<std::uint8_t, slots> at{};  // 1 + position among the elements
    std::size_t longest = 0;
};
constexpr element_table make_table() {
    element_table table;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        std::size_t slot = slot_of(elements[i].name);
        while (table.at[slot] != 0) slot = (slot + 1) % slots;
        table.at[slot] = static_cast<std::uint8_t>(i + 1);
        if (elements[i].name.size() > table.longest) table.longest = elements[i].name.size();
    }
    return table;
}
constexpr element_table table = make_table();
static_assert(elements.size() < 255);

}  // namespace

const html_element* element_named(std::string_view lower) noexcept {
    if (lower.empty() || lower.size() > table.longest) return nullptr;
    for (std::size_t slot = slot_of(lower); table.at[slot] != 0; slot = (slot + 1) % slots) {
        const html_element& found = elements[table.at[slot] - 1U];
        if (found.name == lower) return &found;
    }
    return nullptr;
}

}  // namespace feedwatch
