#include "processors/match/filter.hpp"

#include <algorithm>

namespace feedwatch {

result<std::optional<std::string>> match_filter::process(std::string_view json) {
    auto flagged = flagging_.flag(*rules_, json,
                                  wanted_ == output::all ? flagging::unmatched::kept : flagging::unmatched::left_out);
    if (!flagged) return flagged.error();
    // A line break inside of an object that was not one line: white space between its tokens, as good as a blank.
    if (flagged->value) std::replace(flagged->value->begin(), flagged->value->end(), '\n', ' ');
    return std::move(flagged->value);
}

}  // namespace feedwatch
