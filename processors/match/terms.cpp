#include "processors/match/terms.hpp"

#include "processors/match/pattern.hpp"

namespace feedwatch::match_query {

bool matches(const term& t, const text::analysed_text& in, const text::token& at) noexcept {
    if (t.sigil != 0 && t.sigil != at.sigil) return false;
    switch (t.is) {
        case term::kind::word:
            return t.stem == at.stem || t.word == at.word;
        case term::kind::exact:
            return t.exact == at.exact;
        case term::kind::pattern:
            return matches_pattern(t.pattern, in.word_text(at)) ||
                   (at.stem_length != 0 && matches_pattern(t.pattern, in.stem_text(at)));
    }
    return false;
}

void term_maker::add_plain(std::string_view chunk, bool exact, std::string_view language, std::vector<term>& out) {
    analyser_.analyse(chunk, language, analysed_);
    for (const text::token& at : analysed_.tokens) {
        term t;
        t.sigil = at.sigil;
        t.length = at.length;
        if (exact) {
            t.is = term::kind::exact;
            t.exact = at.exact;
        } else {
            t.word = at.word;
            t.stem = at.stem;
        }
        out.push_back(std::move(t));
    }
}

void term_maker::add_pattern(std::string_view chunk, std::string_view language, std::vector<term>& out) {
    if (chunk.find_first_of("*?") == std::string_view::npos) return add_plain(chunk, false, language, out);
    term t;
    t.is = term::kind::pattern;
    if (chunk.size() > 1 && (chunk.front() == '#' || chunk.front() == '@')) {
        t.sigil = chunk.front();
        chunk.remove_prefix(1);
    }
    bool letters = false;
    while (!chunk.empty()) {
        if (chunk.front() == '*' || chunk.front() == '?') {
            // "**" is "*".
            if (chunk.front() != '*' || !t.pattern.ends_with('*')) t.pattern += chunk.front();
            chunk.remove_prefix(1);
            continue;
        }
        const std::string_view literal = chunk.substr(0, chunk.find_first_of("*?"));
        chunk.remove_prefix(literal.size());
        analyser_.analyse(literal, {}, analysed_);
        for (const text::token& at : analysed_.tokens) {
            const std::string_view folded = analysed_.word_text(at);
            t.pattern += folded == "u.s." ? "us" : folded;  // US* is no acronym yet
            t.length += static_cast<std::uint32_t>(folded.size());
            letters = true;
        }
    }
    if (letters) out.push_back(std::move(t));
}

std::vector<term> term_maker::make(const word& w, std::string_view language) {
    std::vector<term> out;
    if (!w.wildcard) {
        add_plain(w.text, w.exact, language, out);
        return out;
    }
    std::string_view rest = w.text;
    while (!rest.empty()) {
        // A wildcard takes no part in word boundaries, so only what surely separates does here.
        const std::size_t end = rest.find_first_of("-/ ,;&");
        add_pattern(rest.substr(0, end), language, out);
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace feedwatch::match_query
