// HTML as a stream of tokens: one pass, no tree, linear time on any input. Views point into the input.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ascii.hpp"
#include "core/bytes.hpp"
#include "producers/extract/html_element.hpp"

namespace feedwatch {

struct html_token {
    enum class kind : std::uint8_t { text, start_tag, end_tag, end };
    kind what = kind::end;
    std::string_view text{};                // of text: raw, references not decoded (see `literal`)
    std::string_view name{};                // of tags: lower case, without a prefix ("xhtml:p" is "p"); cut at 32 bytes
    const html_element* element = nullptr;  // of tags: what is known of it, if anything
    std::string_view attributes{};          // of start tags: raw
    bool self_closing = false;
    std::string_view source{};  // of tags: as written, "<" to ">"
    bool literal = false;       // text of a CDATA section: no references in it
};

// Comments, declarations and processing instructions are passed over. So are, with all they hold, the elements whose
// content is not text to read (script, style, iframe, svg ...).
class html_reader {
  public:
    // `fragment`: a line of text that may hold markup, such as a title. A "<script>" there that nothing closes is a
    // word.
    enum class mode : std::uint8_t { document, fragment };
    explicit html_reader(std::string_view html, mode m = mode::document) : html_(html), mode_(m) {}
    [[nodiscard]] html_token next();

  private:
    html_token read_tag(std::size_t name_at);
    bool skip_markup_declaration();  // at "<!" or "<?"; false: it is text
    void skip_content_of(const html_element& element);

    std::string_view html_;
    mode mode_;
    std::size_t at_ = 0;
    std::size_t cdata_end_ = 0;  // while at_ is before it, inside a CDATA section
    // Dropped elements whose end tag was looked for in vain: that is done once.
    std::array<const html_element*, 16> never_closed_{};
    char name_[32] = {};
};

// The attributes of a start tag, one after another. Each call looks at what the calls before left.
struct html_attribute {
    std::string_view name{};  // as written
    std::string_view value;   // raw
};
[[nodiscard]] bool next_attribute(std::string_view& attributes, html_attribute& out);

// Whether an attribute's value begins at `at`, the place of a quote: behind "=" and blanks. `from`: where the
// attributes begin.
[[nodiscard]] bool value_begins(std::string_view tag, std::size_t at, std::size_t from) noexcept;

// Where a tag ends: the first of `ends` outside quotes, from `from` on, which is behind its name; the size of `markup`
// where there is none.
template <char... ends>
[[nodiscard]] std::size_t end_of_tag(std::string_view markup, std::size_t from) noexcept {
    for (std::size_t at = from; at < markup.size(); ++at) {
        at = bytes::find_any<ends..., '"', '\''>(markup, at);
        if (at == std::string_view::npos) break;
        if (((markup[at] == ends) || ...)) return at;
        if (!value_begins(markup, at, from)) continue;
        at = markup.find(markup[at], at + 1);
        if (at == std::string_view::npos) break;
    }
    return markup.size();
}

[[nodiscard]] constexpr bool is_html_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
[[nodiscard]] constexpr bool equals_ascii_case(std::string_view a, std::string_view lower) noexcept {
    return a.size() == lower.size() &&
           std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return ascii_lower(x) == y; });
}

}  // namespace feedwatch
