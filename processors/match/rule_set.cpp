#include "processors/match/rule_set.hpp"

#include <fstream>
#include <sstream>
#include <unordered_map>

#include "core/text/analysis.hpp"
#include "io/yaml/yaml.hpp"
#include "processors/match/program.hpp"

namespace feedwatch {
namespace {

std::string fallback_of(const std::vector<topic_rule>& rules) {
    for (const topic_rule& r : rules) {
        if (!r.languages.empty()) return text::primary_language(r.languages.front());
    }
    return "en";
}

// Languages without a stemmer read alike.
std::string reading_of(std::string_view primary) {
    return text::has_stemmer(primary) ? std::string(primary) : std::string();
}

result<std::string> read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    std::ostringstream bytes;
    if (in) bytes << in.rdbuf();
    if (!in || in.bad()) return error{errc::invalid_config, name + ": the file cannot be read"};
    return std::move(bytes).str();
}

}  // namespace

rule_set::rule_set(std::vector<topic_rule> rules, std::vector<topic_warning> warnings)
    : rules_(std::move(rules)), warnings_(std::move(warnings)), fallback_(fallback_of(rules_)) {
    (void)program_for(fallback_);
    for (const topic_rule& r : rules_) {
        for (const std::string& l : r.languages) (void)program_for(text::primary_language(l));
    }
}

rule_set::~rule_set() = default;

const match_query::program& rule_set::program_for(std::string_view primary_language) const {
    const std::string reading = reading_of(primary_language);
    const std::lock_guard lock(mutex_);
    auto found = programs_.find(reading);
    if (found == programs_.end()) {
        found = programs_.emplace(reading, std::make_unique<const match_query::program>(rules_, reading)).first;
    }
    return *found->second;
}

result<std::shared_ptr<const rule_set>> load_rules(const std::vector<std::string>& files) {
    std::vector<topic_rule> rules;
    std::vector<topic_warning> warnings;
    std::unordered_map<std::string, std::string> seen;  // id -> file
    std::string mistakes;
    const auto report = [&](const std::string& text) { mistakes += (mistakes.empty() ? "" : "\n") + text; };
    for (const std::string& file : files) {
        auto bytes = read_file(file);
        if (!bytes) {
            report(bytes.error().detail);
            continue;
        }
        yaml::problems found(file);
        topic_rules read = parse_topics(std::move(*bytes), found);
        if (!found.empty()) report(found.text());
        for (topic_rule& r : read.rules) {
            const auto [first, fresh] = seen.emplace(r.id.str(), file);
            if (!fresh && first->second != file) {
                report(file + ": the topic " + r.id.str() + " is in " + first->second + " already");
            }
            rules.push_back(std::move(r));
        }
        std::move(read.warnings.begin(), read.warnings.end(), std::back_inserter(warnings));
    }
    if (!mistakes.empty()) return error{errc::invalid_config, std::move(mistakes)};
    return std::make_shared<const rule_set>(std::move(rules), std::move(warnings));
}

result<std::shared_ptr<const rule_set>> compile_rules(std::string yaml, const std::string& name) {
    yaml::problems found(name);
    topic_rules read = parse_topics(std::move(yaml), found);
    if (!found.empty()) return found.to_error();
    return std::make_shared<const rule_set>(std::move(read.rules), std::move(read.warnings));
}

std::shared_ptr<const rule_set> rules_source::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

result<std::shared_ptr<const rule_set>> rules_source::reload(const std::vector<std::string>& files) {
    auto fresh = load_rules(files);
    if (!fresh) return fresh.error();
    const std::lock_guard lock(mutex_);
    current_ = *fresh;
    return *fresh;
}

}  // namespace feedwatch
