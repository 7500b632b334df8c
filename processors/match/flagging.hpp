// One `items` record in, one `flagged` record out: the record's own bytes with `matches` put in, so that every field
// stays as it was, those that we do not know too.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "processors/match/matcher.hpp"

namespace feedwatch {

class flagging {
  public:
    flagging();
    ~flagging();
    flagging(flagging&&) noexcept;
    flagging& operator=(flagging&&) noexcept;

    struct outcome {
        std::string key;                   // the story's id; the item's where it has none
        std::optional<std::string> value;  // the flagged record; nullopt: nothing matched (and `all` is off)
    };
    enum class unmatched { left_out, kept };

    // errc::malformed: not a JSON object, no `id`, or a field of the wrong type, which the detail names. matches()
    // tells what matched until the next call.
    [[nodiscard]] result<outcome> flag(const rule_set& rules, std::string_view json, unmatched what);
    [[nodiscard]] const std::vector<topic_match>& matches() const noexcept { return matches_; }

  private:
    struct state;
    std::unique_ptr<state> state_;
    std::vector<topic_match> matches_;
};

}  // namespace feedwatch
