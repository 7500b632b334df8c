// A slow reading of queries that is meant to be obviously right: it tries every choice of words. For short texts.
#pragma once

#include <string_view>

#include "processors/match/query.hpp"

namespace feedwatch::match_query {

[[nodiscard]] bool oracle_matches(const node& query, std::string_view title, std::string_view text,
                                  std::string_view language);

}  // namespace feedwatch::match_query
