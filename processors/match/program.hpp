// All rules of a file, compiled together for texts of one language. Immutable; shared by threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "processors/match/hash_index.hpp"
#include "processors/match/query.hpp"
#include "processors/match/terms.hpp"
#include "processors/match/topics.hpp"

namespace feedwatch::match_query {

using term_number = std::uint32_t;
using rule_number = std::uint32_t;

// Numbers of one kind for each of a run of owners, one after another.
class number_lists {
  public:
    void build(std::size_t owners, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& owner_and_number);
    [[nodiscard]] const std::uint32_t* begin_of(std::uint32_t owner) const { return numbers_.data() + starts_[owner]; }
    [[nodiscard]] const std::uint32_t* end_of(std::uint32_t owner) const {
        return numbers_.data() + starts_[owner + 1];
    }
    [[nodiscard]] bool empty_of(std::uint32_t owner) const { return starts_[owner] == starts_[owner + 1]; }

  private:
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> numbers_;
};

struct compiled_node {
    kind is = kind::words;
    field in = field::any;
    bool ordered = false;
    std::uint32_t distance = 0;
    std::uint32_t first = 0;  // of words: in program::slots; otherwise in program::children
    std::uint32_t count = 0;
    std::uint32_t clause = 0;  // of words and near: in program::clauses
};

class program {
  public:
    program(const std::vector<topic_rule>& rules, std::string_view language);

    [[nodiscard]] const std::string& language() const noexcept { return language_; }

    // Looking up words. Every key has a number; terms_of(number) may match, `matches` decides.
    hash_index by_stem;   // hash64 of a stem -> key
    hash_index by_word;   // hash64 of a folded word -> key; only for what by_stem does not say
    hash_index by_exact;  // hash64 of a word as written -> key
    number_lists key_terms;
    std::vector<std::uint64_t> key_stem;  // of a by_word key: the stem that all its terms have, 0 where they differ
    bool has_exact = false;

    // Wildcard terms: those that begin with four bytes or more, by these; the others one by one.
    hash_index by_prefix;
    number_lists prefix_terms;
    std::vector<term_number> loose_patterns;

    // What makes a rule worth looking at: one of its terms, or two terms directly one after the other.
    number_lists term_rules;
    hash_index by_pair;  // of the two stems
    number_lists pair_rules;
    // The same rules by the terms of their pairs, for words that were found by their accents folded.
    number_lists term_pair_rules;
    std::vector<bool> key_in_pair;  // of a by_stem key

    std::vector<term> terms;
    std::vector<term_number> slots;
    std::vector<std::uint32_t> children;
    std::vector<compiled_node> nodes;
    std::vector<std::string> clauses;
    std::vector<std::uint32_t> roots;  // of each rule, in nodes
    number_lists rule_terms;           // every term of a rule

    [[nodiscard]] static std::uint64_t pair_key(std::uint64_t first_stem, std::uint64_t second_stem) noexcept {
        return (first_stem ^ (first_stem >> 29U)) * 0xBF58476D1CE4E5B9U + second_stem;
    }
    // The first four bytes; the word must have them.
    [[nodiscard]] static std::uint64_t prefix_key(std::string_view word) noexcept;

  private:
    std::string language_;
};

}  // namespace feedwatch::match_query
