// Which words differ between two texts, for people to read. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/analysis.hpp"

namespace feedwatch::app {

struct word_change {      // one place: either side may be empty
    std::string removed;  // as it stands in the one text, at most `shown_bytes_max` and then "…"
    std::string added;    // and in the other
    friend bool operator==(const word_change&, const word_change&) = default;
};

struct word_diff {
    std::size_t removed = 0, added = 0;  // words
    std::size_t places = 0;              // of which `shown` has the first
    std::vector<word_change> shown;
    friend bool operator==(const word_diff&, const word_diff&) = default;
};

struct word_diff_limits {
    std::size_t edits_max = 1000;      // words removed and added between the first and the last difference; memory and
                                       // time grow with its square: 4 MB
    std::size_t places_max = 8;        // shown
    std::size_t shown_bytes_max = 80;  // of one side of a place
};

// Case and punctuation apart, as dedup reads. The fewest words removed and added that turn one text into the other;
// nullopt where these are too many to look for.
[[nodiscard]] std::optional<word_diff> diff_words(text::analyser& with, std::string_view before, std::string_view after,
                                                  const word_diff_limits& limits = {});

}  // namespace feedwatch::app
