#include "processors/match/matcher.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text/analysis.hpp"
#include "processors/match/evaluation.hpp"
#include "processors/match/pattern.hpp"

namespace feedwatch {
namespace {

using match_query::evaluation;
using match_query::found_clause;
using match_query::hash_index;
using match_query::program;
using match_query::rule_number;
using match_query::term_number;

constexpr std::array<std::string_view, match_query::fields> field_names{"title", "text"};
// A hit in the title says more about what an item is about.
constexpr double title_weight = 3;

// h/(h+3) of the weighted hits: 0.25 for one word in the text, 0.5 for one in the title, towards 1 for many.
double score_of(double hits) {
    return std::round(hits / (hits + 3) * 10000) / 10000;
}

}  // namespace

struct matcher::state final : match_query::occurrences {
    text::analyser analyser;
    std::array<text::analysed_text, match_query::fields> fields;
    std::array<std::string_view, match_query::fields> texts;

    // Keys and pattern terms of each token, found while looking for candidates, so that occurrences need no second
    // look-up.
    struct token_keys {
        std::uint32_t stem = hash_index::none;
        std::uint32_t word = hash_index::none;
        std::uint32_t exact = hash_index::none;
    };
    std::array<std::vector<token_keys>, match_query::fields> keys;
    struct pattern_hit {
        term_number term;
        std::uint32_t position;
    };
    std::array<std::vector<pattern_hit>, match_query::fields> pattern_hits;

    std::vector<rule_number> candidates;
    std::vector<std::uint32_t> candidate_at;  // by rule: the round in which it became one
    std::vector<std::uint32_t> active_at;     // by term: the round in which a candidate needs it
    std::vector<std::uint32_t> list_of;       // by term, if active: its list
    std::vector<std::array<std::vector<std::uint32_t>, match_query::fields>> lists;
    std::size_t lists_used = 0;
    std::uint32_t round = 0;
    const program* compiled = nullptr;
    std::vector<found_clause> clauses;

    [[nodiscard]] std::span<const std::uint32_t> of(term_number t, std::size_t field) const override {
        return lists[list_of[t]][field];
    }

    void begin(const program& with, std::size_t rules);
    void add_candidate(rule_number r);
    void find_candidates(std::size_t field);
    void find_by_word(const text::token& t, token_keys& k);
    void find_patterns(std::size_t field, const text::token& t);
    void list_occurrences();
    void add_occurrences(std::size_t field, std::uint32_t key, const text::token& t);
    void describe(const topic_rule& rule, std::uint32_t root, topic_match& out);
};

void matcher::state::begin(const program& with, std::size_t rules) {
    if (compiled != &with) {
        // Another program may live where the last one did: start from nothing.
        compiled = &with;
        candidate_at.clear();
        active_at.clear();
        round = 0;
    }
    candidate_at.resize(rules, 0);
    active_at.resize(with.terms.size(), 0);
    list_of.resize(with.terms.size(), 0);
    if (++round == 0) {
        std::fill(candidate_at.begin(), candidate_at.end(), 0);
        std::fill(active_at.begin(), active_at.end(), 0);
        round = 1;
    }
    candidates.clear();
}

void matcher::state::add_candidate(rule_number r) {
    if (candidate_at[r] == round) return;
    candidate_at[r] = round;
    candidates.push_back(r);
}

// A word that a rule has, though its stem here is another: accents or their absence changed it.
void matcher::state::find_by_word(const text::token& t, token_keys& k) {
    const std::uint32_t key = compiled->by_word.find(t.word);
    if (key == hash_index::none || compiled->key_stem[key] == t.stem) return;
    k.word = key;
    for (const auto* n = compiled->key_terms.begin_of(key); n != compiled->key_terms.end_of(key); ++n) {
        if (compiled->terms[*n].stem == t.stem) continue;
        for (const auto* r = compiled->term_rules.begin_of(*n); r != compiled->term_rules.end_of(*n); ++r)
            add_candidate(*r);
        for (const auto* r = compiled->term_pair_rules.begin_of(*n); r != compiled->term_pair_rules.end_of(*n); ++r) {
            add_candidate(*r);
        }
    }
}

void matcher::state::find_patterns(std::size_t field, const text::token& t) {
    const auto try_term = [&](term_number n) {
        if (!match_query::matches(compiled->terms[n], fields[field], t)) return;
        pattern_hits[field].push_back({n, t.position});
        for (const auto* r = compiled->term_rules.begin_of(n); r != compiled->term_rules.end_of(n); ++r)
            add_candidate(*r);
    };
    const auto try_prefix = [&](std::string_view word) {
        if (word.size() < 4) return hash_index::none;
        const std::uint32_t found = compiled->by_prefix.find(program::prefix_key(word));
        if (found == hash_index::none) return found;
        for (const auto* n = compiled->prefix_terms.begin_of(found); n != compiled->prefix_terms.end_of(found); ++n)
            try_term(*n);
        return found;
    };
    if (compiled->by_prefix.size() != 0) {
        const std::uint32_t tried = try_prefix(fields[field].word_text(t));
        // A stem may begin otherwise than its word.
        if (t.stem_apart) {
            const std::string_view stem = fields[field].stem_text(t);
            if (stem.size() >= 4 && compiled->by_prefix.find(program::prefix_key(stem)) != tried) try_prefix(stem);
        }
    }
    for (const term_number n : compiled->loose_patterns) try_term(n);
}

void matcher::state::find_candidates(std::size_t field) {
    const auto& tokens = fields[field].tokens;
    auto& found = keys[field];
    found.assign(tokens.size(), {});
    pattern_hits[field].clear();
    const bool patterns = compiled->by_prefix.size() != 0 || !compiled->loose_patterns.empty();
    bool before_in_pair = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const text::token& t = tokens[i];
        token_keys& k = found[i];
        k.stem = compiled->by_stem.find(t.stem);
        bool in_pair = false;
        if (k.stem != hash_index::none) {
            for (const auto* n = compiled->key_terms.begin_of(k.stem); n != compiled->key_terms.end_of(k.stem); ++n) {
                for (const auto* r = compiled->term_rules.begin_of(*n); r != compiled->term_rules.end_of(*n); ++r) {
                    add_candidate(*r);
                }
            }
            in_pair = compiled->key_in_pair[k.stem];
            if (in_pair && before_in_pair) {
                const std::uint32_t pair = compiled->by_pair.find(program::pair_key(tokens[i - 1].stem, t.stem));
                if (pair != hash_index::none) {
                    for (const auto* r = compiled->pair_rules.begin_of(pair); r != compiled->pair_rules.end_of(pair);
                         ++r) {
                        add_candidate(*r);
                    }
                }
            }
        }
        before_in_pair = in_pair;
        find_by_word(t, k);
        if (compiled->has_exact) {
            k.exact = compiled->by_exact.find(t.exact);
            if (k.exact != hash_index::none) {
                for (const auto* n = compiled->key_terms.begin_of(k.exact); n != compiled->key_terms.end_of(k.exact);
                     ++n) {
                    for (const auto* r = compiled->term_rules.begin_of(*n); r != compiled->term_rules.end_of(*n); ++r) {
                        add_candidate(*r);
                    }
                }
            }
        }
        if (patterns) find_patterns(field, t);
    }
}

void matcher::state::add_occurrences(std::size_t field, std::uint32_t key, const text::token& t) {
    if (key == hash_index::none) return;
    for (const auto* n = compiled->key_terms.begin_of(key); n != compiled->key_terms.end_of(key); ++n) {
        if (active_at[*n] != round || !match_query::matches(compiled->terms[*n], fields[field], t)) continue;
        auto& list = lists[list_of[*n]][field];
        if (list.empty() || list.back() != t.position) list.push_back(t.position);
    }
}

void matcher::state::list_occurrences() {
    lists_used = 0;
    for (const rule_number r : candidates) {
        for (const auto* n = compiled->rule_terms.begin_of(r); n != compiled->rule_terms.end_of(r); ++n) {
            if (active_at[*n] == round) continue;
            active_at[*n] = round;
            if (lists_used == lists.size()) lists.emplace_back();
            for (auto& l : lists[lists_used]) l.clear();
            list_of[*n] = static_cast<std::uint32_t>(lists_used++);
        }
    }
    for (std::size_t f = 0; f < match_query::fields; ++f) {
        const auto& tokens = fields[f].tokens;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const token_keys& k = keys[f][i];
            add_occurrences(f, k.stem, tokens[i]);
            add_occurrences(f, k.word, tokens[i]);
            add_occurrences(f, k.exact, tokens[i]);
        }
        for (const pattern_hit& h : pattern_hits[f]) {
            if (active_at[h.term] != round) continue;
            auto& list = lists[list_of[h.term]][f];
            if (list.empty() || list.back() != h.position) list.push_back(h.position);
        }
    }
}

void matcher::state::describe(const topic_rule& rule, std::uint32_t root, topic_match& out) {
    clauses.clear();
    evaluation(*compiled, *this).collect(root, clauses);
    out.topic = rule.id;
    out.version = rule.version;
    out.severity = rule.severity;
    out.shadow = rule.shadow;
    out.notify = rule.notify;
    // A clause that stands twice in the query is told once.
    const auto name = [&](const found_clause& c) -> const std::string& { return compiled->clauses[c.clause]; };
    std::stable_sort(clauses.begin(), clauses.end(), [&](const found_clause& a, const found_clause& b) {
        return a.field != b.field ? a.field < b.field : name(a) < name(b);
    });
    clauses.erase(std::unique(clauses.begin(), clauses.end(),
                              [&](const found_clause& a, const found_clause& b) {
                                  return a.field == b.field && name(a) == name(b);
                              }),
                  clauses.end());
    double hits = 0;
    for (const found_clause& c : clauses) {
        hits += static_cast<double>(c.where.size()) * (c.field == 0 ? title_weight : 1);
        const auto& tokens = fields[c.field].tokens;
        for (std::size_t i = 0; i < c.where.size() && i < clause_spans_max; ++i) {
            const text::token& first = tokens[c.where[i].first];
            const text::token& last = tokens[c.where[i].last];
            span s;
            s.field = field_names[c.field];
            s.offset = first.offset;
            s.length = last.offset + last.length - first.offset;
            // "#tag" as a whole where the query asks for it so.
            const bool sigil = first.sigil != 0 && name(c).find(first.sigil) != std::string::npos;
            if (sigil) {
                --s.offset;
                ++s.length;
            }
            s.text = texts[c.field].substr(s.offset, s.length);
            s.clause = name(c);
            out.spans.push_back(std::move(s));
        }
    }
    std::stable_sort(out.spans.begin(), out.spans.end(), [](const span& a, const span& b) {
        if (a.field != b.field) return a.field == field_names[0];
        return std::pair(a.offset, a.length) < std::pair(b.offset, b.length);
    });
    out.score = score_of(hits);
}

matcher::matcher() : state_(std::make_unique<state>()) {}
matcher::~matcher() = default;
matcher::matcher(matcher&&) noexcept = default;
matcher& matcher::operator=(matcher&&) noexcept = default;

void matcher::match(const rule_set& rules, const matched_text& what, std::vector<topic_match>& out) {
    out.clear();
    state& s = *state_;
    const std::string known = text::primary_language(what.language);
    const std::string& reading = known.empty() ? rules.fallback_language() : known;
    s.begin(rules.program_for(reading), rules.rules().size());
    s.texts = {what.title, what.text};
    for (std::size_t f = 0; f < match_query::fields; ++f) {
        s.analyser.analyse(s.texts[f], s.compiled->language(), s.fields[f]);
        s.find_candidates(f);
    }
    if (s.candidates.empty()) return;
    std::sort(s.candidates.begin(), s.candidates.end());
    const std::string_view language = known.empty() ? std::string_view() : what.language;
    std::erase_if(s.candidates, [&](rule_number r) { return !admits_language(rules.rules()[r].languages, language); });
    s.list_occurrences();
    evaluation evaluate(*s.compiled, s);
    for (const rule_number r : s.candidates) {
        const std::uint32_t root = s.compiled->roots[r];
        if (evaluate.is_true(root)) s.describe(rules.rules()[r], root, out.emplace_back());
    }
}

}  // namespace feedwatch
