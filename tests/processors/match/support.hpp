// Short ways to say "this rule, this text".
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "processors/match/matcher.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch::testing_match {

// A query as one double-quoted YAML scalar.
inline std::string quoted(std::string_view query) {
    std::string out = "\"";
    for (const char c : query) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

inline std::shared_ptr<const rule_set> rules_of(std::string yaml) {
    auto compiled = compile_rules(std::move(yaml));
    if (!compiled) throw std::runtime_error(compiled.error().detail);
    return *compiled;
}

inline std::shared_ptr<const rule_set> rule(std::string_view query) {
    return rules_of("topics:\n  - id: t\n    query: " + quoted(query) + "\n");
}

inline std::string errors_of(std::string yaml) {
    auto compiled = compile_rules(std::move(yaml));
    return compiled ? "" : compiled.error().detail;
}

inline std::vector<topic_match> matches(const rule_set& rules, std::string_view title, std::string_view text,
                                        std::string_view language = "en") {
    static matcher one;
    std::vector<topic_match> out;
    one.match(rules, {title, text, language}, out);
    return out;
}

// Whether the query finds the text (in the field `text`).
inline bool finds(std::string_view query, std::string_view text, std::string_view language = "en") {
    return !matches(*rule(query), "", text, language).empty();
}

}  // namespace feedwatch::testing_match
