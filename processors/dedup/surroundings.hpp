// What a publisher puts around a piece that it did not write.
#pragma once

#include <string_view>

namespace feedwatch::dedup {

// The text without byline and dateline at its start ("By Jane Doe, Staff Writer", "LONDON (Reuters) - ") and without
// the sentences at its end that speak of the page ("The post ... appeared first on ...", "Sign up to our newsletter",
// "All rights reserved"). A part of `text`; all of it where hardly anything else would be left.
[[nodiscard]] std::string_view without_surroundings(std::string_view text);

}  // namespace feedwatch::dedup
