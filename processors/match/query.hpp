// The query language of topics: text in, tree out. docs/topics.md is its description; what is refused, and in which
// words, is decided here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace feedwatch::match_query {

enum class field : std::uint8_t { any, title, text };
[[nodiscard]] std::string_view name_of(field f) noexcept;  // "", "title", "text"

// One word of a query as written: "raid*", "=ICE", "#tag".
struct word {
    std::string text;       // without the leading = and with \ escapes resolved
    bool exact = false;     // =ICE
    bool wildcard = false;  // holds * or ?; an escaped one is kept as \x01 and \x02 while folding
    friend bool operator==(const word&, const word&) = default;
};

enum class kind : std::uint8_t {
    words,    // one word, or several side by side in one field: a phrase, with `distance` as its slop
    near,     // two children with at most `distance` words in between; `ordered` or not
    all,      // AND of the children
    any,      // OR of the children
    without,  // NOT of the only child; stands in `all` only, next to something that is not negated
};

struct node {
    enum kind is = kind::words;
    field in = field::any;       // of words
    std::vector<word> words;     // of words
    std::uint32_t distance = 0;  // slop or NEAR/n
    bool ordered = false;        // ONEAR/n
    std::vector<node> children;
    std::size_t offset = 0;  // bytes in the query where this was written (of a macro's content: where its name stands)
    friend bool operator==(const node&, const node&) = default;
};

struct mistake {
    std::size_t offset = 0;  // bytes in the query
    std::string message;     // what is wrong and what to write instead
};

struct limits {
    std::size_t bytes_max = 1U << 20U;
    std::size_t depth_max = 100;     // parentheses, macros and chains
    std::size_t nodes_max = 20'000;  // after macros are put in
    std::size_t phrase_words_max = 64;
    std::uint32_t distance_max = 1000;
};

struct parsed {
    std::optional<node> root;
    std::vector<mistake> mistakes;  // root is there only without any
    std::vector<mistake> warnings;  // where other engines would read the query otherwise
};

// What stands for $name, or nullopt.
using macro_source = std::function<std::optional<std::string>(std::string_view name)>;

[[nodiscard]] parsed parse(std::string_view query, const macro_source& macros = {}, const limits& bounds = {});

// The canonical text of a tree: parses to the same tree, macros put in, one blank where one is needed. Clauses of spans
// and rule versions are made of it.
[[nodiscard]] std::string to_text(const node& n);

}  // namespace feedwatch::match_query
