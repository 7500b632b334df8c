#include "processors/match/topics.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/text/analysis.hpp"
#include "io/yaml/yaml.hpp"

namespace feedwatch {
namespace {

// Goes into every version: raise it when the analysis or the language changes what a query means.
constexpr std::string_view language_version = "1";

constexpr std::size_t id_bytes_max = 128;

// Ids are labels of metrics and keys in databases and URLs.
bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= id_bytes_max && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

std::string version_of(const topic_rule& r) {
    std::string all{language_version};
    const auto add = [&](std::string_view part) {
        all += '\0';
        all += part;
    };
    add(match_query::to_text(r.root));
    for (const std::string& l : r.languages) add(l);
    add("severity");
    add(r.severity);
    add(r.shadow ? "shadow" : "live");
    for (const std::string& n : r.notify) add(n);
    return hash128_hex(all).substr(0, 16);
}

class reader {
  public:
    reader(yaml::problems& found) : found_(found) {}

    topic_rules read(const yaml::field& root) {
        read_macros(root["define"]);
        for (const yaml::field& f : root["topics"].items()) read_topic(f);
        root.finish();
        return std::move(out_);
    }

  private:
    void read_macros(const yaml::field& define) {
        for (const auto& [name, f] : define.entries()) {
            const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-';
            });
            if (!good) f.fail("a macro's name is made of letters, digits, - and _");
            if (const auto text = f.required_string()) macros_[name] = *text;
        }
        // Each is checked on its own, so that a mistake is shown where it stands and not where the macro is used.
        for (const auto& [name, f] : define.entries()) {
            const auto found = macros_.find(name);
            if (found == macros_.end()) continue;
            const auto parsed = match_query::parse(found->second, source());
            for (const auto& m : parsed.mistakes) {
                // Of a macro inside it, reported at that one.
                if (!m.message.starts_with("in $")) f.fail_inside(m.offset, m.message);
            }
            if (!parsed.root) refused_.push_back(name);
        }
    }

    match_query::macro_source source() {
        return [this](std::string_view name) -> std::optional<std::string> {
            const auto found = macros_.find(std::string(name));
            if (found == macros_.end()) return std::nullopt;
            return found->second;
        };
    }

    [[nodiscard]] bool uses_refused(const std::string& message) const {
        if (!message.starts_with("in $")) return false;
        return std::any_of(refused_.begin(), refused_.end(),
                           [&](const std::string& name) { return message.starts_with("in $" + name + ": "); });
    }

    void read_topic(const yaml::field& f) {
        topic_rule r;
        const auto id_field = f["id"];
        const auto id = id_field.required_string();
        if (id && !is_id(*id)) {
            id_field.fail("an id is made of letters, digits, - _ and . (at most " + std::to_string(id_bytes_max) + ")");
        } else if (id) {
            const auto [first, fresh] = ids_.emplace(*id, id_field.at().line);
            if (!fresh)
                id_field.fail("the id " + *id + " stands twice (first in line " + std::to_string(first->second) + ")");
            r.id = topic_id(*id);
        }
        for (const std::string& tag : f["languages"].strings().value_or(std::vector<std::string>{})) {
            std::string t(tag);
            std::transform(t.begin(), t.end(), t.begin(), [](char c) { return c == '_' ? '-' : ascii_lower(c); });
            if (text::primary_language(t).empty())
                f["languages"].fail(tag + " is no language tag; write en, es, pt-BR …");
            r.languages.push_back(std::move(t));
        }
        r.severity = f["severity"].string().value_or("");
        r.notify = f["notify"].strings().value_or(std::vector<std::string>{});
        r.shadow = f["shadow"].boolean().value_or(false);
        const auto query_field = f["query"];
        const auto query = query_field.required_string();
        f.finish();
        if (!query) return;
        r.query = *query;
        auto parsed = match_query::parse(*query, source());
        for (const auto& m : parsed.mistakes) {
            if (!uses_refused(m.message)) query_field.fail_inside(m.offset, m.message);
        }
        for (const auto& w : parsed.warnings) {
            const yaml::position at = query_field.inside(w.offset);
            out_.warnings.push_back({found_.file(), at.line, at.column, r.id, w.message});
        }
        if (!parsed.root) return;
        r.root = std::move(*parsed.root);
        r.version = version_of(r);
        out_.rules.push_back(std::move(r));
    }

    yaml::problems& found_;
    std::map<std::string, std::string> macros_;
    std::vector<std::string> refused_;
    std::unordered_map<std::string, std::size_t> ids_;
    topic_rules out_;
};

}  // namespace

topic_rules parse_topics(std::string yaml, yaml::problems& found) {
    const yaml::document doc = yaml::document::parse(std::move(yaml), found);
    return reader(found).read(doc.root(found));
}

bool admits_language(const std::vector<std::string>& languages, std::string_view item_language) noexcept {
    if (languages.empty() || item_language.empty()) return true;
    return std::any_of(languages.begin(), languages.end(), [&](const std::string& l) {
        if (item_language.size() < l.size()) return false;
        for (std::size_t i = 0; i < l.size(); ++i) {
            const char c = item_language[i] == '_' ? '-' : ascii_lower(item_language[i]);
            if (c != l[i]) return false;
        }
        return item_language.size() == l.size() || item_language[l.size()] == '-' || item_language[l.size()] == '_';
    });
}

}  // namespace feedwatch
