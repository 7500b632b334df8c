// `feedwatch dedup`: the same decisions without a broker, one JSON object a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "processors/dedup/story_index.hpp"

namespace feedwatch::dedup {

class filter {
  public:
    // items: new stories and updates as `items` records, nothing for duplicates.
    // verdicts: {"id","verdict","story","how","similarity"} for every item; how and similarity are null but for
    // duplicates.
    enum class output { items, verdicts };

    filter(index_options options, output wanted);

    // One `fetched` record in (only `id` must be there), at most one line out, without its line break.
    [[nodiscard]] result<std::optional<std::string>> process(std::string_view json);

  private:
    story_index index_;
    output wanted_;
};

}  // namespace feedwatch::dedup
