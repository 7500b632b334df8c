// Lower case of the letters that fixed phrases are compared in.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

// ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic; all else stays. As many bytes as before, whatever comes in.
[[nodiscard]] std::string lower_of(std::string_view utf8);

}  // namespace feedwatch
