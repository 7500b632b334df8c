#include "core/url/rules.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/ascii.hpp"

namespace feedwatch::url {

extern const std::string_view tracking_rules;  // rules_text.cpp.in

namespace {

constexpr std::size_t parameter_bytes_max = 64;  // longer names and values are in no rule

template <class F>
void for_each_word(std::string_view line, F&& f) {
    while (true) {
        const std::size_t from = line.find_first_not_of(" \t\r");
        if (from == std::string_view::npos) return;
        line.remove_prefix(from);
        const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
        f(line.substr(0, end));
        line.remove_prefix(end);
    }
}

bool is_hex32(std::string_view value) {
    return value.size() == 32 && value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "rss", "rss-3", "feed_home": the word alone or with a suffix.
std::string_view without_suffix(std::string_view value) {
    return value.substr(0, value.find_first_of("-_.:0123456789"));
}

bool is_of_class(std::string_view name, std::string_view value, const value_classes& classes) {
    if (name == "hex32") return is_hex32(value);
    const auto of = classes.find(name);
    if (of == classes.end()) return false;
    return std::find(of->second.begin(), of->second.end(), without_suffix(value)) != of->second.end();
}

// In lower case, on the stack: most parameters are short, and many are asked for.
class lower {
  public:
    explicit lower(std::string_view text) : size_(std::min(text.size(), bytes_.size())) {
        std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_), bytes_.begin(),
                       [](char c) { return ascii_lower(c); });
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

  private:
    std::array<char, parameter_bytes_max> bytes_;
    std::size_t size_;
};

}  // namespace

void parameter_set::add(std::string_view entry) {
    if (entry.ends_with('*')) {
        const std::string_view prefix = entry.substr(0, entry.size() - 1);
        if (has_prefix_of(prefix)) return;
        std::erase_if(prefixes_, [&](std::string_view p) { return p.starts_with(prefix); });
        prefixes_.insert(std::upper_bound(prefixes_.begin(), prefixes_.end(), prefix), prefix);
        return;
    }
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) {
        named_[entry].clear();
        return;
    }
    const auto [at, added] = named_.try_emplace(entry.substr(0, equals));
    if (added || !at->second.empty()) at->second.push_back(entry.substr(equals + 1));
}

bool parameter_set::has(std::string_view name, std::string_view value, const value_classes& classes) const {
    const auto named = named_.find(name);
    if (named != named_.end()) {
        const auto& values = named->second;
        const auto is = [&](std::string_view v) {
            return v.starts_with('@') ? is_of_class(v.substr(1), value, classes) : v == value;
        };
        if (values.empty() || std::any_of(values.begin(), values.end(), is)) return true;
    }
    return has_prefix_of(name);
}

bool parameter_set::has_prefix_of(std::string_view name) const {
    const auto after = std::upper_bound(prefixes_.begin(), prefixes_.end(), name);
    return after != prefixes_.begin() && name.starts_with(*std::prev(after));
}

rule_set::rule_set(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        read(ascii_trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    section_ = nullptr;  // of a vector that moves with the whole
    if (!pending_host_.empty()) complain("a host without its main name", pending_host_);
    if (version_.empty()) complain("no version", "");
}

void rule_set::complain(std::string_view what, std::string_view of) {
    errors_.push_back(std::string(what) + ": " + std::string(of));
}

void rule_set::open(std::string_view name) {
    section_ = nullptr;
    in_hosts_ = name == "hosts";
    if (in_hosts_) return;
    const std::size_t slash = std::min(name.find('/'), name.size());
    const std::string_view site = name.substr(0, slash);
    const std::string_view path = name.substr(slash);
    if (site.empty()) {
        complain("a section without a site", name);
    } else if (name == "*") {
        section_ = &everywhere_;
    } else if (site == "*") {
        section_ = &anywhere_.emplace_back();
        section_->path_end = path;
    } else {
        section_ = &sites_[site].emplace_back();
        section_->path_begin = path;
    }
}

void rule_set::read_hosts(std::string_view word) {
    if (pending_host_.empty()) {
        pending_host_ = word;
        return;
    }
    if (!main_names_.emplace(pending_host_, word).second) complain("a host with two main names", pending_host_);
    pending_host_ = {};
}

void rule_set::read(std::string_view line) {
    if (line.empty() || line == "#" || line.starts_with("# ")) return;
    if (line.front() == '[') {
        if (line.back() != ']') return complain("a section that does not end", line);
        return open(line.substr(1, line.size() - 2));
    }
    if (line.starts_with("version ")) {
        version_ = line.substr(8);
        return;
    }
    if (line.front() == '@') {
        std::vector<std::string_view>* values = nullptr;
        for_each_word(line, [&](std::string_view word) {
            if (values == nullptr) {
                values = &classes_[word.substr(1)];
            } else {
                values->push_back(word);
            }
        });
        return;
    }
    for_each_word(line, [&](std::string_view word) {
        if (ascii_lower(word) != word) return complain("not in lower case", word);
        if (in_hosts_) return read_hosts(word);
        if (section_ == nullptr) return complain("in no section", word);
        if (word.size() > parameter_bytes_max) return complain("too long", word);
        if (word.front() == '#') return idle_fragments_.add(word.substr(1));
        if (word.front() == '!') return section_->kept.add(word.substr(1));
        section_->dropped.add(word);
    });
}

sections rule_set::sections_of(std::string_view host, std::string_view name) const {
    sections out;
    const auto take = [&](std::string_view site) {
        const auto found = sites_.find(site);
        if (found == sites_.end()) return;
        for (const rule_section& s : found->second) out.push_back(&s);
    };
    for (std::string_view rest = host;;) {
        take(rest);
        const std::size_t dot = rest.find('.');
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    if (!name.empty()) take(std::string(name) + ".*");
    for (const rule_section& s : anywhere_) out.push_back(&s);
    return out;
}

bool rule_set::drops(std::string_view name, std::string_view value, std::string_view path, const sections& here) const {
    const lower n(name);
    const lower v(value);
    bool dropped = everywhere_.dropped.has(n.view(), v.view(), classes_);
    for (const rule_section* s : here) {
        if (!s->holds_at(path)) continue;
        if (s->kept.has(n.view(), v.view(), classes_)) return false;
        dropped = dropped || s->dropped.has(n.view(), v.view(), classes_);
    }
    return dropped;
}

bool rule_set::is_idle_fragment(std::string_view fragment) const {
    return fragment.size() <= parameter_bytes_max && idle_fragments_.has(lower(fragment).view(), {}, classes_);
}

std::string_view rule_set::main_name(std::string_view host) const {
    const auto found = main_names_.find(host);
    return found == main_names_.end() ? host : found->second;
}

const rule_set& rules() {
    static const rule_set read(tracking_rules);
    return read;
}

}  // namespace feedwatch::url
