#include <algorithm>
#include <utility>

#include "core/text/character.hpp"
#include "processors/match/query.hpp"
#include "processors/match/query_lexer.hpp"

namespace feedwatch::match_query {
namespace {

// Whether the text holds a character that the analysis makes a word of.
bool holds_word(std::string_view s) {
    for (std::size_t i = 0; i < s.size();) {
        const text::decoded c = text::decode(s, i);
        switch (text::class_of(c.code_point)) {
            case text::word_class::letter:
            case text::word_class::number:
            case text::word_class::dictionary:
                return true;
            default:
                i += c.length;
        }
    }
    return false;
}

// Whether every part of a hyphenated word with wildcards has a letter beside them.
bool wildcards_have_letters(std::string_view s) {
    for (;;) {
        const std::size_t end = s.find('-');
        const std::string_view part = s.substr(0, end);
        if (part.find_first_of("*?") != std::string_view::npos && !holds_word(part)) return false;
        if (end == std::string_view::npos) return true;
        s.remove_prefix(end + 1);
    }
}

// A swapped or wrong letter in a field's name.
bool is_like(std::string_view name, std::string_view known) {
    if (name.size() != known.size()) return false;
    std::string a(name);
    std::string b(known);
    std::size_t different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) different += a[i] == b[i] ? 0U : 1U;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return different == 1 || (different <= 2 && a == b);
}

// What one parse shares with the parses of the macros in it.
struct shared {
    const macro_source& macros;
    const limits& bounds;
    std::size_t nodes = 0;
    bool gave_up = false;  // a limit was passed: stop, and say so once
    std::vector<std::string> open_macros;
};

class parser {
  public:
    parser(std::string_view query, shared& common, std::size_t depth, parsed& out)
        : common_(common), depth_(depth), out_(out), tokens_(cut(query, common.bounds, out.mistakes)) {}

    std::optional<node> run() {
        if (peek().is == token_kind::end) {
            if (out_.mistakes.empty()) say(0, "the query is empty; write the words to look for");
            return std::nullopt;
        }
        auto root = any_of();
        if (!common_.gave_up && peek().is == token_kind::close) {
            say(peek().offset, "this ) closes nothing; remove it or add a ( before");
        }
        return root;
    }

  private:
    struct clause {
        std::optional<node> what;
        bool negated = false;
        bool plus = false;
        std::size_t offset = 0;
    };

    [[nodiscard]] const token& peek() const { return tokens_[at_]; }
    void say(std::size_t offset, std::string message) { out_.mistakes.push_back({offset, std::move(message)}); }

    void give_up(std::size_t offset, std::string message) {
        if (!common_.gave_up) say(offset, std::move(message));
        common_.gave_up = true;
        at_ = tokens_.size() - 1;
    }

    bool count_node(std::size_t offset) {
        if (++common_.nodes <= common_.bounds.nodes_max) return true;
        give_up(offset, "the query has more than " + std::to_string(common_.bounds.nodes_max) +
                            " clauses, macros included; split it into several topics");
        return false;
    }

    // and { OR and }
    std::optional<node> any_of() {
        const std::size_t from = peek().offset;
        if (peek().is == token_kind::op_or) {
            say(from, "OR needs a clause on each side");
            ++at_;
        }
        std::vector<node> children;
        bool alternatives = false;
        bool conjunctions = false;
        for (;;) {
            bool joined = false;
            if (auto child = all_of(joined)) children.push_back(std::move(*child));
            conjunctions = conjunctions || joined;
            if (peek().is != token_kind::op_or) break;
            alternatives = true;
            const std::size_t op = peek().offset;
            ++at_;
            if (ends_clause(peek().is)) {
                say(op, "OR needs a clause on each side");
                if (peek().is != token_kind::op_or) break;
            }
        }
        if (alternatives && conjunctions) {
            out_.warnings.push_back(
                {from, "AND binds before OR here, but other engines read a AND b OR c otherwise; add parentheses"});
        }
        if (children.empty()) return std::nullopt;
        if (children.size() == 1) return std::move(children.front());
        node n;
        n.is = kind::any;
        n.offset = from;
        for (node& c : children) {
            if (c.is == kind::any) {
                std::move(c.children.begin(), c.children.end(), std::back_inserter(n.children));
            } else {
                n.children.push_back(std::move(c));
            }
        }
        return n;
    }

    static bool ends_clause(token_kind k) {
        return k == token_kind::end || k == token_kind::close || k == token_kind::op_or;
    }

    // unary { [AND] unary }
    std::optional<node> all_of(bool& joined) {
        const std::size_t from = peek().offset;
        const bool after_or = at_ > 0 && tokens_[at_ - 1].is == token_kind::op_or;
        std::vector<clause> clauses;
        if (peek().is == token_kind::op_and) {
            say(peek().offset, "AND needs a clause on each side");
            ++at_;
        }
        while (!ends_clause(peek().is)) {
            clauses.push_back(unary());
            if (peek().is == token_kind::op_and) {
                const std::size_t op = peek().offset;
                ++at_;
                if (ends_clause(peek().is) || peek().is == token_kind::op_and)
                    say(op, "AND needs a clause on each side");
                while (peek().is == token_kind::op_and) ++at_;
            }
        }
        joined = clauses.size() > 1;
        return conjunction(from, after_or, std::move(clauses));
    }

    std::optional<node> conjunction(std::size_t from, bool after_or, std::vector<clause> clauses) {
        const bool alternative = after_or || peek().is == token_kind::op_or;
        node n;
        n.is = kind::all;
        n.offset = from;
        bool positive = false;
        bool broken = clauses.empty();
        for (clause& c : clauses) {
            if (!c.what) {
                broken = true;
                continue;
            }
            if (c.plus && alternative) {
                say(c.offset, "+ inside an OR makes the other side pointless; write AND, or leave the + out");
            }
            positive = positive || !c.negated;
            if (c.negated) {
                node without;
                without.is = kind::without;
                without.offset = c.offset;
                without.children.push_back(std::move(*c.what));
                n.children.push_back(std::move(without));
            } else if (c.what->is == kind::all) {
                std::move(c.what->children.begin(), c.what->children.end(), std::back_inserter(n.children));
            } else {
                n.children.push_back(std::move(*c.what));
            }
        }
        if (broken) return std::nullopt;
        if (!positive) {
            say(clauses.front().offset,
                alternative
                    ? "an alternative of nothing but NOT would match nearly everything; write a NOT b, or (a OR c) NOT "
                      "b"
                    : "nothing but NOT would match nearly everything; say first what to look for, as in a NOT b");
            return std::nullopt;
        }
        if (n.children.size() == 1) return std::move(n.children.front());
        return n;
    }

    clause unary() {
        clause c;
        c.offset = peek().offset;
        while (peek().is == token_kind::op_not || peek().is == token_kind::op_plus) {
            if (peek().is == token_kind::op_not) {
                if (c.negated) say(peek().offset, "NOT of NOT; leave both out");
                c.negated = true;
            } else {
                c.plus = true;
            }
            const std::size_t op = peek().offset;
            ++at_;
            if (ends_clause(peek().is) || peek().is == token_kind::op_and) {
                say(op, "a clause must follow here");
                return c;
            }
        }
        c.what = chain();
        return c;
    }

    // primary { NEAR/n primary }, nested to the left
    std::optional<node> chain() {
        auto left = primary();
        std::size_t links = 0;
        while (peek().is == token_kind::op_near) {
            const token op = peek();
            ++at_;
            if (++links + depth_ > common_.bounds.depth_max) {
                give_up(op.offset, "a chain of more than " + std::to_string(common_.bounds.depth_max) + " NEARs");
                return std::nullopt;
            }
            if (ends_clause(peek().is) || peek().is == token_kind::op_and) {
                say(op.offset, "NEAR needs a clause on each side");
                return std::nullopt;
            }
            auto right = primary();
            if (!left || !right || !count_node(op.offset)) return std::nullopt;
            if (!has_place(*left) || !has_place(*right)) {
                say(op.offset, "NEAR takes words, phrases, and ORs of them; move AND and NOT outside of it");
                return std::nullopt;
            }
            node n;
            n.is = kind::near;
            n.offset = left->offset;
            n.distance = op.distance;
            n.ordered = op.ordered;
            n.children.push_back(std::move(*left));
            n.children.push_back(std::move(*right));
            left = std::move(n);
        }
        return left;
    }

    static bool has_place(const node& n) {
        switch (n.is) {
            case kind::words:
                return true;
            case kind::near:
                return true;
            case kind::any:
                return std::all_of(n.children.begin(), n.children.end(), has_place);
            default:
                return false;
        }
    }

    std::optional<node> primary() {
        const token& t = peek();
        switch (t.is) {
            case token_kind::word: {
                ++at_;
                return words_node(t.offset, {t.one}, 0);
            }
            case token_kind::phrase: {
                ++at_;
                if (t.words.empty()) return std::nullopt;
                return words_node(t.offset, t.words, t.distance);
            }
            case token_kind::open:
                return group();
            case token_kind::field:
                return fielded();
            case token_kind::macro:
                return macro();
            case token_kind::op_near:
                say(t.offset, "NEAR needs a clause on each side");
                ++at_;
                return std::nullopt;
            case token_kind::op_not:
            case token_kind::op_plus:
                say(t.offset, "NOT, + and - stand before a whole clause, as in NOT title:x");
                ++at_;
                return std::nullopt;
            default:
                say(t.offset, "a clause must follow here");
                return std::nullopt;
        }
    }

    std::optional<node> words_node(std::size_t offset, std::vector<word> words, std::uint32_t distance) {
        if (!count_node(offset)) return std::nullopt;
        for (const word& w : words) {
            const bool has = holds_word(w.text);
            if (w.exact && w.wildcard) {
                say(offset,
                    "=" + w.text + ": a word is either exact or has a wildcard; leave the = or the wildcard out");
                return std::nullopt;
            }
            if (w.wildcard && !wildcards_have_letters(w.text)) {
                say(offset, w.text + " alone would match every word; give it at least one letter");
                return std::nullopt;
            }
            if (!has && words.size() == 1) {
                say(offset, w.text + " holds no letter or digit, so it can match nothing; leave it out");
                return std::nullopt;
            }
        }
        // Punctuation inside of a phrase takes no position.
        std::erase_if(words, [](const word& w) { return !holds_word(w.text); });
        if (words.empty()) {
            say(offset, "this phrase holds no letter or digit, so it can match nothing; leave it out");
            return std::nullopt;
        }
        node n;
        n.offset = offset;
        n.words = std::move(words);
        n.distance = distance;
        return n;
    }

    std::optional<node> group() {
        const std::size_t from = peek().offset;
        if (++depth_ > common_.bounds.depth_max) {
            give_up(from, "nested deeper than " + std::to_string(common_.bounds.depth_max) + " levels");
            return std::nullopt;
        }
        ++at_;
        std::optional<node> inner;
        if (peek().is == token_kind::close) {
            say(from, "empty parentheses; leave them out");
        } else {
            inner = any_of();
        }
        --depth_;
        if (common_.gave_up) return std::nullopt;
        if (peek().is != token_kind::close) {
            say(from, "this ( is never closed; add a )");
            return std::nullopt;
        }
        ++at_;
        return inner;
    }

    std::optional<node> fielded() {
        const token& t = peek();
        field in = field::any;
        if (t.text == "title") {
            in = field::title;
        } else if (t.text == "text") {
            in = field::text;
        } else {
            std::string message = "unknown field " + t.text + ":; ";
            for (const std::string_view known : {"title", "text"}) {
                if (is_like(t.text, known)) message += "did you mean " + std::string(known) + ":? ";
            }
            say(t.offset, message + "the fields are title: and text: (quote the word if the colon belongs to it)");
        }
        ++at_;
        if (ends_clause(peek().is) || peek().is == token_kind::op_and || peek().is == token_kind::field) {
            say(t.offset, t.text + ": needs a word, a phrase or a group after it");
            return std::nullopt;
        }
        auto inner = primary();
        if (inner && in != field::any) set_field(*inner, in);
        return inner;
    }

    // The innermost field decides.
    static void set_field(node& n, field in) {
        if (n.is == kind::words && n.in == field::any) n.in = in;
        for (node& c : n.children) set_field(c, in);
    }

    static void set_offset(node& n, std::size_t offset) {
        n.offset = offset;
        for (node& c : n.children) set_offset(c, offset);
    }

    std::optional<node> macro() {
        const token t = peek();
        ++at_;
        const auto text = common_.macros ? common_.macros(t.text) : std::nullopt;
        if (!text) {
            say(t.offset, "$" + t.text + " is not defined; add it under define:, or write \\$ for the character");
            return std::nullopt;
        }
        if (std::find(common_.open_macros.begin(), common_.open_macros.end(), t.text) != common_.open_macros.end()) {
            say(t.offset, "$" + t.text + " contains itself");
            return std::nullopt;
        }
        if (depth_ + common_.open_macros.size() >= common_.bounds.depth_max) {
            give_up(t.offset, "nested deeper than " + std::to_string(common_.bounds.depth_max) + " levels");
            return std::nullopt;
        }
        common_.open_macros.push_back(t.text);
        parsed inner;
        auto root = parser(*text, common_, depth_ + 1, inner).run();
        common_.open_macros.pop_back();
        for (const mistake& m : inner.mistakes) say(t.offset, "in $" + t.text + ": " + m.message);
        if (common_.gave_up) at_ = tokens_.size() - 1;
        if (!inner.mistakes.empty() || !root) return std::nullopt;
        set_offset(*root, t.offset);
        return root;
    }

    shared& common_;
    std::size_t depth_;
    parsed& out_;
    std::vector<token> tokens_;
    std::size_t at_ = 0;
};

}  // namespace

std::string_view name_of(field f) noexcept {
    switch (f) {
        case field::title:
            return "title";
        case field::text:
            return "text";
        case field::any:
            break;
    }
    return "";
}

parsed parse(std::string_view query, const macro_source& macros, const limits& bounds) {
    parsed out;
    if (query.size() > bounds.bytes_max) {
        out.mistakes.push_back({0, "the query is longer than " + std::to_string(bounds.bytes_max) +
                                       " bytes; split it into several topics"});
        return out;
    }
    shared common{macros, bounds, 0, false, {}};
    auto root = parser(query, common, 0, out).run();
    if (out.mistakes.empty()) out.root = std::move(root);
    return out;
}

}  // namespace feedwatch::match_query
