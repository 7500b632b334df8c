// The compiled rules of all topics files: immutable, shared by threads, swapped whole.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "processors/match/topics.hpp"

namespace feedwatch {

namespace match_query {
class program;
}

class rule_set {
  public:
    explicit rule_set(std::vector<topic_rule> rules, std::vector<topic_warning> warnings = {});
    ~rule_set();

    [[nodiscard]] const std::vector<topic_rule>& rules() const noexcept { return rules_; }
    [[nodiscard]] const std::vector<topic_warning>& warnings() const noexcept { return warnings_; }

    // The stemming language for items whose language nobody knows: the first that a rule names, else English.
    [[nodiscard]] const std::string& fallback_language() const noexcept { return fallback_; }

    // For texts of a language, by its primary subtag. Made when first asked for, but for the languages that rules name,
    // which are made at once. Thread-safe; lives as long as the set.
    [[nodiscard]] const match_query::program& program_for(std::string_view primary_language) const;

  private:
    std::vector<topic_rule> rules_;
    std::vector<topic_warning> warnings_;
    std::string fallback_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::unique_ptr<const match_query::program>, std::less<>> programs_;  // by mutex_
};

// Reads and compiles the files together. All mistakes of all files come as errc::invalid_config, a line each with file,
// line, column and path; then nothing has changed for whoever holds an older set. Ids must be unique over all files.
// Macros are known in the file that defines them.
[[nodiscard]] result<std::shared_ptr<const rule_set>> load_rules(const std::vector<std::string>& files);

// The same from memory; `name` stands for the file in messages.
[[nodiscard]] result<std::shared_ptr<const rule_set>> compile_rules(std::string yaml,
                                                                    const std::string& name = "topics.yaml");

// Rules that can be reloaded while matchers run: current() before each batch, reload() when files changed.
class rules_source {
  public:
    explicit rules_source(std::shared_ptr<const rule_set> first) : current_(std::move(first)) {}
    [[nodiscard]] std::shared_ptr<const rule_set> current() const;
    // Refused whole where anything is wrong; the old rules then go on.
    result<std::shared_ptr<const rule_set>> reload(const std::vector<std::string>& files);

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const rule_set> current_;  // by mutex_
};

}  // namespace feedwatch
