// Whether and where a compiled query is true in a text, given where its terms occur. Exact; the candidates that are
// tried were found by matcher.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "processors/match/program.hpp"

namespace feedwatch::match_query {

inline constexpr std::size_t fields = 2;  // title, text

// Words first..last (positions) of a field.
struct stretch {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    friend auto operator<=>(const stretch&, const stretch&) = default;
};

// Where the terms of the candidates occur: positions in ascending order.
class occurrences {
  public:
    virtual ~occurrences() = default;
    [[nodiscard]] virtual std::span<const std::uint32_t> of(term_number t, std::size_t field) const = 0;
};

struct found_clause {
    std::uint32_t clause = 0;  // in program::clauses
    std::size_t field = 0;     // 0 title, 1 text
    std::vector<stretch> where;
};

// Hulls of one NEAR in one field that are followed further: a chain of NEARs over words that are everywhere has more
// than anybody reads.
inline constexpr std::size_t near_stretches_max = 10'000;

class evaluation {
  public:
    evaluation(const program& compiled, const occurrences& where) : program_(compiled), where_(where) {}

    [[nodiscard]] bool is_true(std::uint32_t node);
    // What made a true node true: its words and NEARs that are not under a NOT and occur.
    void collect(std::uint32_t node, std::vector<found_clause>& out);
    // All places of a node that has one, ascending and without repeats. `node` is words, near, or any of these.
    void places(std::uint32_t node, std::size_t field, std::vector<stretch>& out);

  private:
    [[nodiscard]] bool in_field(const compiled_node& n, std::size_t field) const;
    void phrase(const compiled_node& n, std::size_t field, std::vector<stretch>& out);
    void sloppy(const compiled_node& n, std::size_t field, std::vector<stretch>& out);
    void near(const compiled_node& n, std::size_t field, std::vector<stretch>& out);

    const program& program_;
    const occurrences& where_;
};

}  // namespace feedwatch::match_query
