#include "processors/match/program.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "core/hash.hpp"

namespace feedwatch::match_query {
namespace {

constexpr std::size_t prefix_bytes = 4;

// What a rule needs at least one of. `cost` guesses how often that occurs: lower is rarer.
struct trigger {
    std::vector<term_number> terms;
    std::vector<std::pair<term_number, term_number>> pairs;
    double cost = 0;
};

double cost_of(const term& t) {
    // The shorter a word, the commoner; a pattern stands for several.
    double cost = 1.0 / (1.0 + static_cast<double>(t.length) * static_cast<double>(t.length) / 8.0);
    if (t.is == term::kind::pattern) cost *= 4;
    if (t.is == term::kind::exact || t.sigil != 0) cost /= 4;
    return cost;
}

struct term_hash {
    std::size_t operator()(const term& t) const noexcept {
        return static_cast<std::size_t>(t.stem * 31 + t.word * 7 + t.exact + hash64(t.pattern) +
                                        static_cast<unsigned char>(t.sigil) * 1021U + static_cast<std::uint64_t>(t.is));
    }
};

using pair_list = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

class compiler {
  public:
    compiler(program& into, std::string_view language) : out_(into), language_(language) {}

    void run(const std::vector<topic_rule>& rules) {
        for (std::uint32_t r = 0; r < rules.size(); ++r) {
            const trigger t = add_rule(rules[r].root, r);
            for (const term_number n : t.terms) term_rules_.emplace_back(n, r);
            for (const auto& [a, b] : t.pairs) {
                const std::uint64_t key = program::pair_key(out_.terms[a].stem, out_.terms[b].stem);
                pair_rules_.emplace_back(out_.by_pair.insert(key, static_cast<std::uint32_t>(out_.by_pair.size())), r);
                term_pair_rules_.emplace_back(a, r);
                term_pair_rules_.emplace_back(b, r);
                paired_.push_back(a);
                paired_.push_back(b);
            }
        }
        index_terms();
        out_.term_rules.build(out_.terms.size(), term_rules_);
        out_.pair_rules.build(out_.by_pair.size(), pair_rules_);
        out_.term_pair_rules.build(out_.terms.size(), term_pair_rules_);
        out_.rule_terms.build(rules.size(), rule_terms_);
    }

  private:
    trigger add_rule(const node& root, std::uint32_t rule) {
        rule_ = rule;
        const std::uint32_t at = add_slot_for_node();
        const trigger t = add(root, at, false);
        out_.roots.push_back(at);
        return t;
    }

    std::uint32_t add_slot_for_node() {
        out_.nodes.emplace_back();
        return static_cast<std::uint32_t>(out_.nodes.size() - 1);
    }

    term_number number_of(term t) {
        const auto [found, fresh] = numbers_.try_emplace(t, static_cast<term_number>(out_.terms.size()));
        if (fresh) out_.terms.push_back(std::move(t));
        rule_terms_.emplace_back(found->second, 0);
        rule_terms_.back() = {rule_, found->second};
        return found->second;
    }

    // Terms of an analysed word, kept: ten thousand rules share many.
    const std::vector<term>& terms_of(const word& w) {
        std::string key = w.text;
        key += w.exact ? '\1' : w.wildcard ? '\2' : '\0';
        const auto [found, fresh] = made_.try_emplace(std::move(key));
        if (fresh) found->second = maker_.make(w, language_);
        return found->second;
    }

    // What is under a NOT triggers nothing.
    trigger add(const node& n, std::uint32_t at, bool negated) {
        compiled_node made;
        made.is = n.is;
        made.in = n.in;
        made.ordered = n.ordered;
        made.distance = n.distance;
        if (n.is == kind::words) return add_words(n, at, made);
        if (n.is == kind::near) made.clause = clause_of(n);
        std::vector<std::uint32_t> children;
        std::vector<trigger> triggers;
        for (const node& c : n.children) {
            children.push_back(add_slot_for_node());
            trigger t = add(c, children.back(), negated || n.is == kind::without);
            if (c.is != kind::without) triggers.push_back(std::move(t));
        }
        made.first = static_cast<std::uint32_t>(out_.children.size());
        made.count = static_cast<std::uint32_t>(children.size());
        out_.children.insert(out_.children.end(), children.begin(), children.end());
        out_.nodes[at] = made;
        return n.is == kind::any ? joined(std::move(triggers)) : rarest(std::move(triggers));
    }

    static trigger rarest(std::vector<trigger> from) {
        if (from.empty()) return {};
        return std::move(*std::min_element(from.begin(), from.end(),
                                           [](const trigger& a, const trigger& b) { return a.cost < b.cost; }));
    }

    static trigger joined(std::vector<trigger> from) {
        trigger all;
        for (trigger& t : from) {
            all.cost += t.cost;
            all.terms.insert(all.terms.end(), t.terms.begin(), t.terms.end());
            all.pairs.insert(all.pairs.end(), t.pairs.begin(), t.pairs.end());
        }
        return all;
    }

    trigger add_words(const node& n, std::uint32_t at, compiled_node made) {
        made.clause = clause_of(n);
        made.first = static_cast<std::uint32_t>(out_.slots.size());
        for (const word& w : n.words) {
            for (const term& t : terms_of(w)) out_.slots.push_back(number_of(t));
        }
        made.count = static_cast<std::uint32_t>(out_.slots.size()) - made.first;
        out_.nodes[at] = made;
        return trigger_of(made);
    }

    trigger trigger_of(const compiled_node& made) {
        trigger best;
        best.cost = 1e9;
        const auto term_at = [&](std::uint32_t i) -> const term& { return out_.terms[out_.slots[made.first + i]]; };
        for (std::uint32_t i = 0; i < made.count; ++i) {
            const double cost = cost_of(term_at(i));
            if (cost < best.cost) best = {{out_.slots[made.first + i]}, {}, cost};
        }
        if (made.distance != 0) return best;
        for (std::uint32_t i = 0; i + 1 < made.count; ++i) {
            if (term_at(i).is != term::kind::word || term_at(i + 1).is != term::kind::word) continue;
            const double cost = cost_of(term_at(i)) * cost_of(term_at(i + 1));
            if (cost < best.cost) best = {{}, {{out_.slots[made.first + i], out_.slots[made.first + i + 1]}}, cost};
        }
        return best;
    }

    std::uint32_t clause_of(const node& n) {
        out_.clauses.push_back(to_text(n));
        return static_cast<std::uint32_t>(out_.clauses.size() - 1);
    }

    void index_terms() {
        pair_list key_terms;
        pair_list prefix_terms;
        std::uint32_t keys = 0;
        const auto key_in = [&](hash_index& index, std::uint64_t hash) {
            const std::uint32_t key = index.insert(hash, keys);
            if (key == keys) {
                ++keys;
                out_.key_stem.push_back(0);
            }
            return key;
        };
        for (term_number n = 0; n < out_.terms.size(); ++n) {
            const term& t = out_.terms[n];
            if (t.is == term::kind::word) {
                key_terms.emplace_back(key_in(out_.by_stem, t.stem), n);
                const std::uint32_t before = keys;
                const std::uint32_t key = key_in(out_.by_word, t.word);
                key_terms.emplace_back(key, n);
                out_.key_stem[key] = key == before || out_.key_stem[key] == t.stem ? t.stem : 0;
            } else if (t.is == term::kind::exact) {
                out_.has_exact = true;
                key_terms.emplace_back(key_in(out_.by_exact, t.exact), n);
            } else if (const std::size_t literal = std::min(t.pattern.find_first_of("*?"), t.pattern.size());
                       literal >= prefix_bytes) {
                const auto fresh = static_cast<std::uint32_t>(out_.by_prefix.size());
                prefix_terms.emplace_back(out_.by_prefix.insert(program::prefix_key(t.pattern), fresh), n);
            } else {
                out_.loose_patterns.push_back(n);
            }
        }
        out_.key_in_pair.assign(keys, false);
        for (const term_number n : paired_) out_.key_in_pair[out_.by_stem.find(out_.terms[n].stem)] = true;
        out_.key_terms.build(keys, key_terms);
        out_.prefix_terms.build(out_.by_prefix.size(), prefix_terms);
    }

    program& out_;
    std::string language_;
    std::uint32_t rule_ = 0;
    term_maker maker_;
    std::unordered_map<std::string, std::vector<term>> made_;
    std::unordered_map<term, term_number, term_hash> numbers_;
    pair_list term_rules_;
    pair_list pair_rules_;
    pair_list term_pair_rules_;
    pair_list rule_terms_;
    std::vector<term_number> paired_;
};

}  // namespace

void number_lists::build(std::size_t owners, const pair_list& owner_and_number) {
    pair_list sorted = owner_and_number;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    starts_.assign(owners + 1, 0);
    numbers_.clear();
    numbers_.reserve(sorted.size());
    for (const auto& [owner, number] : sorted) {
        ++starts_[owner + 1];
        numbers_.push_back(number);
    }
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

std::uint64_t program::prefix_key(std::string_view word) noexcept {
    std::uint32_t first = 0;
    std::memcpy(&first, word.data(), prefix_bytes);
    return first;
}

program::program(const std::vector<topic_rule>& rules, std::string_view language) : language_(language) {
    compiler(*this, language).run(rules);
}

}  // namespace feedwatch::match_query
