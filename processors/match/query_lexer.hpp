// Cuts a query into tokens. Each knows where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "processors/match/query.hpp"

namespace feedwatch::match_query {

enum class token_kind : std::uint8_t {
    word,    // text, exact, wildcard
    phrase,  // words; distance from a following ~n
    open,    // (
    close,   // )
    field,   // name:
    macro,   // $name
    op_and,
    op_or,
    op_not,   // NOT, !, - before a clause
    op_plus,  // + before a clause
    op_near,  // NEAR/n, ONEAR/n
    end,
};

struct token {
    token_kind is = token_kind::end;
    std::size_t offset = 0;
    std::string text;            // of field and macro: the name; of operators: as written
    word one;                    // of word
    std::vector<word> words;     // of phrase
    std::uint32_t distance = 0;  // of phrase and op_near
    bool ordered = false;        // of op_near
    bool exact = false;          // of phrase: ="…"
};

// Ends with one `end` token. Mistakes are appended; tokens after one are still cut, so that several can be reported.
[[nodiscard]] std::vector<token> cut(std::string_view query, const limits& bounds, std::vector<mistake>& mistakes);

}  // namespace feedwatch::match_query
