#include "producers/extract/text_writer.hpp"

#include <array>
#include <limits>
#include <utility>

#include "core/bytes.hpp"

namespace feedwatch {
namespace {

// Bytes that end a run of ordinary characters: blanks, controls, and the lead bytes of the blanks beyond ASCII
// (C2: no-break space, soft hyphen; E1: ogham; E2: the spaces of U+2000; E3: ideographic; EF: byte order mark).
constexpr std::array<bool, 256> make_stops() {
    std::array<bool, 256> stops{};
    for (std::size_t c = 0; c <= 0x20; ++c) stops[c] = true;
    stops[0x7F] = stops[0xC2] = stops[0xE1] = stops[0xE2] = stops[0xE3] = stops[0xEF] = true;
    return stops;
}
constexpr std::array<bool, 256> stops = make_stops();

bool may_be_blank(char c) noexcept {
    return stops[static_cast<unsigned char>(c)];
}

// The same bytes, and spaces that are not single.
bytes::block::set blanks_in(const bytes::block& b) noexcept {
    const auto of_ascii = b.up_to(0x1F) | b.equal('\x7F') | b.repeated(' ');
    if (b.beyond_ascii() == 0) return of_ascii;
    return of_ascii | b.equal('\xC2') | b.equal('\xE1') | b.equal('\xE2') | b.equal('\xE3') | b.equal('\xEF');
}

}  // namespace

blank blank_at(std::string_view t) noexcept {
    if (t.empty()) return {};
    const auto byte = [&](std::size_t i) { return i < t.size() ? static_cast<unsigned char>(t[i]) : 0U; };
    const unsigned lead = byte(0);
    if (lead <= 0x20 || lead == 0x7F) return {1, false};
    if (lead == 0xC2 && byte(1) == 0xA0) return {2, false};
    if (lead == 0xC2 && byte(1) == 0xAD) return {2, true};
    if (lead == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return {2, false};  // C1 controls
    if (lead == 0xE1 && byte(1) == 0x9A && byte(2) == 0x80) return {3, false};
    if (lead == 0xE2 && byte(1) == 0x80) {
        if (byte(2) >= 0x80 && byte(2) <= 0x8A) return {3, false};
        if (byte(2) == 0xA8 || byte(2) == 0xA9 || byte(2) == 0xAF) return {3, false};
        if (byte(2) == 0x8B) return {3, true};  // zero width space; joiners (U+200C, U+200D) are part of words
    }
    if (lead == 0xE2 && byte(1) == 0x81 && byte(2) == 0x9F) return {3, false};
    if (lead == 0xE2 && byte(1) == 0x81 && byte(2) == 0xA0) return {3, true};  // word joiner
    if (lead == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) return {3, false};
    if (lead == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return {3, true};
    return {};
}

namespace {

// End of the run of words at `at`, which is no blank: words with one space between each two, and perhaps one behind.
std::size_t end_of_words(std::string_view t, std::size_t at) noexcept {
    using bytes::block;
    while (true) {
        // To the first byte that may be a blank other than a space, or a second space.
        while (at + block::size <= t.size()) {
            const block here(t.data() + at);
            const block::set found = blanks_in(here);
            if (found != 0) {
                at += block::first(found);
                break;
            }
            at += block::size;
        }
        while (at < t.size() && t[at] != ' ' && !may_be_blank(t[at])) ++at;
        if (at >= t.size()) return t.size();
        const blank found = blank_at(t.substr(at, 4));
        if (found.length == 0) {
            ++at;
            continue;
        }
        const bool one_space = t[at] == ' ' && at + 1 < t.size() &&
                               (!may_be_blank(t[at + 1]) || blank_at(t.substr(at + 1, 4)).length == 0);
        if (!one_space) return at;
        ++at;
    }
}

}  // namespace

bool is_words(std::string_view text) noexcept {
    return !text.empty() && blank_at(text.substr(0, 4)).length == 0 && end_of_words(text, 0) == text.size() &&
           text.back() != ' ';
}

void text_writer::append(std::string_view t, bool inside_link, bool preformatted) {
    std::size_t at = 0;
    while (at < t.size()) {
        const blank found = may_be_blank(t[at]) ? blank_at(t.substr(at, 4)) : blank{};
        if (found.length > 0) {
            if (preformatted && t[at] == '\n') {
                line_break();
            } else if (!found.vanishes) {
                space_ = true;
            }
            at += found.length;
            continue;
        }
        const std::size_t end = end_of_words(t, at);
        const bool space_behind = t[end - 1] == ' ';
        put(t.substr(at, end - at - (space_behind ? 1 : 0)), inside_link);
        space_ = space_behind;
        at = end;
    }
}

void text_writer::put(std::string_view run, bool inside_link) {
    std::size_t in_link = inside_link ? run.size() : 0;
    if (text_.size() + run.size() + 4 > std::numeric_limits<std::uint32_t>::max()) return;  // offsets are 32 bits
    if (breaks_ >= 2) end_block();
    if (!open_) {
        if (!text_.empty()) text_.append("\n\n");
        blocks_.push_back(
            {.offset = static_cast<std::uint32_t>(text_.size()), .list_item = list_item_, .heading = heading_});
        open_ = true;
    } else if (breaks_ == 1) {
        text_.append('\n');
    } else if (space_) {
        text_.append(' ');
        if (inside_link && blocks_.back().link_bytes > 0) ++in_link;  // a blank between two of its words
    }
    space_ = false;
    breaks_ = 0;
    list_item_ = false;
    heading_ = 0;
    text_.append(run);
    text_block& block = blocks_.back();
    block.length = static_cast<std::uint32_t>(text_.size()) - block.offset;
    block.link_bytes += static_cast<std::uint32_t>(in_link);
}

void text_writer::end_block() {
    open_ = false;
    space_ = false;
    breaks_ = 0;
    list_item_ = false;
    heading_ = 0;
}

void text_writer::begin_heading(std::uint8_t level) {
    end_block();
    heading_ = level;
}

void text_writer::begin_list_item() {
    end_block();
    list_item_ = true;
}

text_blocks text_writer::take() && {
    return {std::move(text_).take(), std::move(blocks_)};
}

}  // namespace feedwatch
