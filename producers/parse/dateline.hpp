// The wire agency that an article's first line names. Private to producers/parse.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

// "AP" of "WASHINGTON (AP) - The ...", "Reuters" of "(Reuters) - ..."; "" where there is none.
[[nodiscard]] std::string agency_of_dateline(std::string_view text);

}  // namespace feedwatch
