// Flagged items and copies on standard output, for a person who watches. `feedwatch run --show`.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/record/item.hpp"

namespace feedwatch::app {

enum class colours { off, on };

// A few lines: title, publisher, topics with the words that matched, URL. Control characters are escaped.
[[nodiscard]] std::string shown(const flagged_item& i, colours with);

// Reads `flagged` and `duplicates` from their ends on a thread of its own, without a group: it moves no offsets.
class show {
  public:
    virtual ~show() = default;  // stops
};
[[nodiscard]] result<std::unique_ptr<show>> start_show(const kafka_config& config, const std::string& state_dir);

}  // namespace feedwatch::app
