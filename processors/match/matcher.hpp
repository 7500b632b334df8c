// Applies a rule set to one text after another. Holds an analyser and working memory: one per thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/record/item.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch {

struct matched_text {
    std::string_view title;
    std::string_view text;
    std::string_view language;  // BCP 47; empty: unknown
};

// Spans of one clause in one item, at most; the score counts all.
inline constexpr std::size_t clause_spans_max = 100;

class matcher {
  public:
    matcher();
    ~matcher();
    matcher(matcher&&) noexcept;
    matcher& operator=(matcher&&) noexcept;

    // The rules that match, in the order of the files, into `out` (reused, not appended to).
    void match(const rule_set& rules, const matched_text& what, std::vector<topic_match>& out);

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace feedwatch
