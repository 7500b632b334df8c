// Writing the few JSON values that matching adds to a record.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

// `text` must be valid UTF-8; NUL is left out.
void append_json_string(std::string& out, std::string_view text);

}  // namespace feedwatch
