#include "tests/processors/match/oracle.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/text/analysis.hpp"
#include "processors/match/terms.hpp"

namespace feedwatch::match_query {
namespace {

using place = std::pair<long, long>;  // first and last word

struct reader {
    text::analysed_text fields[2];
    std::string language;
    term_maker maker;

    std::vector<term> terms_of(const node& n) {
        std::vector<term> all;
        for (const word& w : n.words) {
            for (term& t : maker.make(w, language)) all.push_back(std::move(t));
        }
        return all;
    }

    // Every choice of distinct words, one for each term.
    void choose(const std::vector<term>& terms, std::size_t field, std::vector<long>& chosen,
                const std::function<void(const std::vector<long>&)>& use) {
        if (chosen.size() == terms.size()) return use(chosen);
        const auto& text = fields[field];
        for (long i = 0; i < static_cast<long>(text.tokens.size()); ++i) {
            if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
            if (!matches(terms[chosen.size()], text, text.tokens[static_cast<std::size_t>(i)])) continue;
            chosen.push_back(i);
            choose(terms, field, chosen, use);
            chosen.pop_back();
        }
    }

    std::set<place> places(const node& n, std::size_t field) {
        std::set<place> out;
        if (n.is == kind::words) {
            if (n.in == field::title && field != 0) return out;
            if (n.in == field::text && field != 1) return out;
            std::vector<long> chosen;
            choose(terms_of(n), field, chosen, [&](const std::vector<long>& c) {
                long low = 1000000;
                long high = -1000000;
                for (long i = 0; i < static_cast<long>(c.size()); ++i) {
                    low = std::min(low, c[static_cast<std::size_t>(i)] - i);
                    high = std::max(high, c[static_cast<std::size_t>(i)] - i);
                }
                if (c.empty() || high - low > static_cast<long>(n.distance)) return;
                out.emplace(*std::min_element(c.begin(), c.end()), *std::max_element(c.begin(), c.end()));
            });
        } else if (n.is == kind::any) {
            for (const node& c : n.children) out.merge(places(c, field));
        } else {
            for (const place& a : places(n.children[0], field)) {
                for (const place& b : places(n.children[1], field)) {
                    const long after = b.first - a.second - 1;
                    const long before = a.first - b.second - 1;
                    const bool is_after = after >= 0 && after <= static_cast<long>(n.distance);
                    const bool is_before = !n.ordered && before >= 0 && before <= static_cast<long>(n.distance);
                    if (is_after || is_before) out.emplace(std::min(a.first, b.first), std::max(a.second, b.second));
                }
            }
        }
        return out;
    }

    bool holds(const node& n) {
        const auto child = [&](const node& c) { return holds(c); };
        switch (n.is) {
            case kind::all:
                return std::all_of(n.children.begin(), n.children.end(), child);
            case kind::any:
                return std::any_of(n.children.begin(), n.children.end(), child);
            case kind::without:
                return !holds(n.children.front());
            default:
                return !places(n, 0).empty() || !places(n, 1).empty();
        }
    }
};

}  // namespace

bool oracle_matches(const node& query, std::string_view title, std::string_view text, std::string_view language) {
    static text::analyser analyser;
    reader r;
    r.language = language;
    analyser.analyse(title, language, r.fields[0]);
    analyser.analyse(text, language, r.fields[1]);
    return r.holds(query);
}

}  // namespace feedwatch::match_query
