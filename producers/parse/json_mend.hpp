// JSON that strict parsers refuse, made such that they read it. Private to producers/parse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace feedwatch {

struct mended_json {
    std::string text;
    bool truncated = false;  // the document ended early: cut back to its last complete list element or member
};

// Commas before a closing bracket go, escapes of lone surrogates are U+FFFD's, unknown escapes and raw control
// characters in strings become what they show, numbers that no double holds are null, so is what is nested deeper than
// `depth_max`. Linear time. What is no JSON at all stays none.
[[nodiscard]] mended_json mend_json(std::string_view json, std::size_t depth_max);

}  // namespace feedwatch
