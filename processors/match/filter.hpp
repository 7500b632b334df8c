// `feedwatch match`: the step without a broker, one JSON object a line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "processors/match/flagging.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch {

class match_filter {
  public:
    enum class output { matched, all };  // all: those that nothing matches too, with "matches": []

    match_filter(std::shared_ptr<const rule_set> rules, output wanted) : rules_(std::move(rules)), wanted_(wanted) {}

    // One item in (only `id` must be there; `title`, and `text` or `content_html`, are looked at), at most one flagged
    // record out, without its line break. Fields that we do not know are kept.
    [[nodiscard]] result<std::optional<std::string>> process(std::string_view json);

  private:
    std::shared_ptr<const rule_set> rules_;
    output wanted_;
    flagging flagging_;
};

}  // namespace feedwatch
