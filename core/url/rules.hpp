// The rule set of tracking.rules, read once. Private to core/url.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace feedwatch::url {

using value_classes = std::unordered_map<std::string_view, std::vector<std::string_view>>;

// Parameters by name.
class parameter_set {
  public:
    void add(std::string_view entry);  // "name", "prefix*", "name=value", "name=@class"
    // Name and value in lower case.
    [[nodiscard]] bool has(std::string_view name, std::string_view value, const value_classes& classes) const;

  private:
    [[nodiscard]] bool has_prefix_of(std::string_view name) const;

    std::unordered_map<std::string_view, std::vector<std::string_view>> named_;  // with its values; none: any
    std::vector<std::string_view> prefixes_;  // sorted; none begins with another, so one alone can fit a name
};

struct rule_section {
    std::string_view path_begin, path_end;  // where it holds; empty: anywhere
    parameter_set dropped, kept;
    [[nodiscard]] bool holds_at(std::string_view path) const noexcept {
        return path.starts_with(path_begin) && path.ends_with(path_end);
    }
};
using sections = std::vector<const rule_section*>;

class rule_set {
  public:
    // Views of `text`, which must outlive it. What cannot be understood is left out and said in errors().
    explicit rule_set(std::string_view text);

    // Of a host in its canonical form, with its name_in_registry(): what holds there beside [*].
    [[nodiscard]] sections sections_of(std::string_view host, std::string_view name) const;
    // Whatever the case of name and value.
    [[nodiscard]] bool drops(std::string_view name, std::string_view value, std::string_view path,
                             const sections& here) const;
    [[nodiscard]] bool is_idle_fragment(std::string_view fragment) const;
    // The name that a host is known by: its own where it has no other.
    [[nodiscard]] std::string_view main_name(std::string_view host) const;

    [[nodiscard]] std::string_view version() const noexcept { return version_; }
    [[nodiscard]] const std::vector<std::string>& errors() const noexcept { return errors_; }

  private:
    void open(std::string_view name);
    void read(std::string_view line);
    void read_hosts(std::string_view first);
    void complain(std::string_view what, std::string_view of);

    rule_section everywhere_;
    parameter_set idle_fragments_;
    value_classes classes_;
    std::unordered_map<std::string_view, std::vector<rule_section>> sites_;
    std::vector<rule_section> anywhere_;  // [*/file.php]
    std::unordered_map<std::string_view, std::string_view> main_names_;
    std::string_view version_;
    std::vector<std::string> errors_;

    // While it is read:
    rule_section* section_ = nullptr;
    bool in_hosts_ = false;
    std::string_view pending_host_;
};

[[nodiscard]] const rule_set& rules();

}  // namespace feedwatch::url
