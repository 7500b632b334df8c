#include "producers/extract/page_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "producers/extract/html_reader.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t open_max = 512;            // the deepest of 130 saved pages has 60
constexpr std::size_t reopened_max = 1'000'000;  // elements that reopening may add

constexpr std::array<std::string_view, 26> never_stay_open{
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link",   "meta",  "param", "source", "track",
    "wbr",  "p",    "li", "dt",  "dd",    "tr", "td",  "th",    "option", "tbody", "thead", "tfoot",  "optgroup"};
constexpr std::array<std::string_view, 14> formatting{"a",    "b", "big",   "code",   "em",     "font", "i",
                                                      "nobr", "s", "small", "strike", "strong", "tt",   "u"};

bool is_one_of(std::string_view name, const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_buildable(std::string_view html) {
    html_reader reader(html);
    std::size_t open = 0;
    std::size_t open_formatting = 0;
    std::size_t reopened = 0;
    for (html_token t = reader.next(); t.what != html_token::kind::end; t = reader.next()) {
        if (t.what == html_token::kind::text) continue;
        const bool start = t.what == html_token::kind::start_tag;
        if (is_one_of(t.name, formatting)) {
            open_formatting = start ? open_formatting + 1 : open_formatting - std::min<std::size_t>(open_formatting, 1);
        } else if (start) {
            reopened += open_formatting;
        }
        if (!is_one_of(t.name, never_stay_open)) open = start ? open + 1 : open - std::min<std::size_t>(open, 1);
        if (open > open_max || reopened > reopened_max) return false;
    }
    return true;
}

}  // namespace feedwatch
