// topics.yaml: the rules as people write them, read and checked whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/named.hpp"
#include "processors/match/query.hpp"

namespace feedwatch::yaml {
class problems;
}

namespace feedwatch {

// One topic, its query parsed and its macros put in.
struct topic_rule {
    topic_id id;
    std::string query;  // as written
    match_query::node root;
    std::vector<std::string> languages;  // lower case, "-" between subtags; empty: all
    std::string severity;                // as configured; empty: not said
    std::vector<std::string> notify;     // names of channels; empty: all
    bool shadow = false;
    std::string version;  // changes when what the rule matches, or what follows from a match, may have changed
};

// A reading that other engines may not share; nothing is wrong with the rule.
struct topic_warning {
    std::string file;
    std::size_t line = 1;
    std::size_t column = 1;
    topic_id topic;
    std::string message;
};

struct topic_rules {
    std::vector<topic_rule> rules;
    std::vector<topic_warning> warnings;
};

// One file's text. Every mistake goes to `found`; what comes back is of use only when there are none.
[[nodiscard]] topic_rules parse_topics(std::string yaml, yaml::problems& found);

// "en" admits "en" and "en-GB", "pt-BR" only "pt-BR" and longer; an item of unknown language is admitted everywhere.
[[nodiscard]] bool admits_language(const std::vector<std::string>& languages, std::string_view item_language) noexcept;

}  // namespace feedwatch
