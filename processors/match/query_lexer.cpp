#include "processors/match/query_lexer.hpp"

#include <charconv>
#include <optional>

namespace feedwatch::match_query {
namespace {

constexpr std::string_view open_quote = "\xE2\x80\x9C";   // “
constexpr std::string_view close_quote = "\xE2\x80\x9D";  // ”
constexpr std::string_view low_quote = "\xE2\x80\x9E";    // „

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
}

class lexer {
  public:
    lexer(std::string_view query, const limits& bounds, std::vector<mistake>& mistakes)
        : query_(query), bounds_(bounds), mistakes_(mistakes) {}

    std::vector<token> run() {
        // Two parentheses, an operator and a field for each clause there may be.
        const std::size_t tokens_max = bounds_.nodes_max * 5;
        while (skip_blanks() && tokens_.size() < tokens_max) next();
        if (skip_blanks()) {
            say(at_, "the query has more than " + std::to_string(bounds_.nodes_max) +
                         " clauses; split it into several topics");
        }
        token end;
        end.offset = query_.size();
        tokens_.push_back(std::move(end));
        return std::move(tokens_);
    }

  private:
    bool skip_blanks() {
        for (; at_ < query_.size(); ++at_) {
            if (query_.compare(at_, 2, "\xC2\xA0") == 0) {
                ++at_;  // no-break space, as pasted queries have it
            } else if (!is_blank(query_[at_])) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < query_.size() ? query_[at_ + ahead] : '\0';
    }
    [[nodiscard]] bool starts(std::string_view with) const { return query_.substr(at_).starts_with(with); }

    [[nodiscard]] std::size_t quote_length() const {
        if (peek() == '"') return 1;
        return starts(open_quote) || starts(close_quote) || starts(low_quote) ? open_quote.size() : 0;
    }

    void say(std::size_t offset, std::string message) { mistakes_.push_back({offset, std::move(message)}); }

    token& push(token_kind is, std::size_t offset, std::size_t length) {
        token& t = tokens_.emplace_back();
        t.is = is;
        t.offset = offset;
        t.text = query_.substr(offset, length);
        at_ = offset + length;
        return t;
    }

    // Whether something that is part of a clause follows directly: "-x", but not "a - b".
    [[nodiscard]] bool clause_follows() const { return at_ + 1 < query_.size() && !is_blank(query_[at_ + 1]); }

    void next() {
        const char c = peek();
        if (c == '(') return void(push(token_kind::open, at_, 1));
        if (c == ')') return void(push(token_kind::close, at_, 1));
        if (starts("&&")) return void(push(token_kind::op_and, at_, 2));
        if (starts("||")) return void(push(token_kind::op_or, at_, 2));
        if (quote_length() != 0) return phrase(false);
        if (c == '=' && at_ + 1 < query_.size()) {
            ++at_;
            const bool quoted = quote_length() != 0;
            if (quoted) return phrase(true);
            --at_;
        }
        if (c == ':') return refused(1, "a colon needs the name of a field before it: title: or text:");
        if (c == '$') return macro();
        if ((c == '-' || c == '!' || c == '+') && !clause_follows()) {
            say(at_, std::string("a lone ") + c + " means nothing; write it before a word, or NOT, or leave it out");
            ++at_;
            return;
        }
        if (c == '-' || c == '!') return void(push(token_kind::op_not, at_, 1));
        if (c == '+') return void(push(token_kind::op_plus, at_, 1));
        if (c == '[' || c == ']' || c == '{' || c == '}')
            return refused(1, "ranges are not part of the language; write the words with OR, or quote the text");
        if (c == '/')
            return refused(1,
                           "regular expressions are not part of the language; use * and ? in words, or quote the text");
        if (c == '^') return boost();
        if (c == '~') return refused(1, "~ must follow the end of a phrase directly, as in \"a b\"~2");
        return bare();
    }

    void refused(std::size_t length, std::string why) {
        say(at_, std::move(why));
        at_ += length;
        while (at_ < query_.size() && !is_blank(query_[at_]) && query_[at_] != '(' && query_[at_] != ')') ++at_;
    }

    void boost() { refused(1, "boosts (^) are not part of the language; leave them out"); }

    void macro() {
        const std::size_t from = at_;
        std::size_t to = from + 1;
        while (to < query_.size() && is_name(query_[to])) ++to;
        if (to == from + 1) {
            say(from, "$ must be followed by the name of a macro from define:; write \\$ for the character");
            at_ = to;
            return;
        }
        token& t = push(token_kind::macro, from, to - from);
        t.text.erase(0, 1);
    }

    // A word up to a blank, a parenthesis or a quote; `inside` a phrase a colon is part of it.
    word take_word(bool inside) {
        word w;
        if (peek() == '=' && at_ + 1 < query_.size() && !is_blank(query_[at_ + 1])) {
            w.exact = true;
            ++at_;
        }
        while (at_ < query_.size() && !is_blank(peek()) && !starts("\xC2\xA0") && quote_length() == 0) {
            const char c = peek();
            if (c == '\\') {
                if (at_ + 1 == query_.size()) {
                    say(at_, "\\ at the end escapes nothing");
                    ++at_;
                    break;
                }
                const char escaped = query_[at_ + 1];
                // A literal * or ? is no word character: it separates as in the text.
                w.text.push_back(escaped == '*' || escaped == '?' ? ' ' : escaped);
                at_ += 2;
                continue;
            }
            if (!inside && (c == '(' || c == ')' || c == '^' || c == '~')) break;
            if (!inside && c == ':' && is_field_colon(w.text)) break;
            if (c == '*' || c == '?') w.wildcard = true;
            w.text.push_back(c);
            ++at_;
        }
        return w;
    }

    // A colon separates a field from its clause; one inside of "10:30" or "https://x", or after a word, does not.
    [[nodiscard]] bool is_field_colon(std::string_view name) const {
        if (name == "title" || name == "text") return true;
        if (name.empty()) return false;
        for (const char c : name) {
            if (!is_name(c)) return false;
        }
        const char next = peek(1);
        return !is_digit(next) && next != '/' && next != '\0' && next != ')' && !is_blank(next);
    }

    void phrase(bool exact) {
        const std::size_t from = exact ? at_ - 1 : at_;
        at_ += quote_length();
        token t;
        t.is = token_kind::phrase;
        t.offset = from;
        bool closed = false;
        while (skip_blanks()) {
            if (quote_length() != 0) {
                at_ += quote_length();
                closed = true;
                break;
            }
            word w = take_word(true);
            w.exact = w.exact || exact;
            if (!w.text.empty()) t.words.push_back(std::move(w));
        }
        if (!closed) say(from, "this phrase has no end; write a \" after its last word");
        if (closed && t.words.empty()) say(from, "an empty phrase matches nothing; leave it out");
        if (t.words.size() > bounds_.phrase_words_max) {
            say(from, "a phrase of more than " + std::to_string(bounds_.phrase_words_max) + " words");
        }
        if (closed && peek() == '~') {
            ++at_;
            t.distance = number("the slop of a phrase is written as a number, as in \"a b\"~2");
        }
        tokens_.push_back(std::move(t));
        after_clause();
    }

    std::uint32_t number(const char* otherwise) {
        std::uint32_t n = 0;
        const char* from = query_.data() + at_;
        const auto [to, failed] = std::from_chars(from, query_.data() + query_.size(), n);
        if (to == from) {
            say(at_, otherwise);
            return 0;
        }
        if (failed != std::errc() || n > bounds_.distance_max) {
            say(at_, "a distance is at most " + std::to_string(bounds_.distance_max) + " words");
            n = 0;
        }
        at_ += static_cast<std::size_t>(to - from);
        return n;
    }

    void after_clause() {
        if (peek() == '^') boost();
    }

    // NEAR/5, ONEAR/2 with `length` letters; false where the word only looks like it.
    bool near(std::size_t from, std::string_view name, bool ordered) {
        if (query_.compare(from, name.size(), name) != 0) return false;
        const std::size_t after = from + name.size();
        const bool slash = after < query_.size() && query_[after] == '/';
        const bool bare_name = after == query_.size() || is_blank(query_[after]) || query_[after] == '(';
        if (!slash && !bare_name) return false;
        token t;
        t.is = token_kind::op_near;
        t.offset = from;
        t.ordered = ordered;
        at_ = after;
        if (slash) {
            ++at_;
            t.distance = number("NEAR needs the number of words in between, as in NEAR/5");
        } else {
            say(from, std::string(name) + " needs the number of words in between, as in " + std::string(name) + "/5");
        }
        t.text = query_.substr(from, at_ - from);
        tokens_.push_back(std::move(t));
        return true;
    }

    void bare() {
        const std::size_t from = at_;
        if (near(from, "NEAR", false) || near(from, "ONEAR", true)) return;
        word w = take_word(false);
        const std::string_view raw = query_.substr(from, at_ - from);
        if (raw == "AND") return void(push(token_kind::op_and, from, raw.size()));
        if (raw == "OR") return void(push(token_kind::op_or, from, raw.size()));
        if (raw == "NOT") return void(push(token_kind::op_not, from, raw.size()));
        if (peek() == ':' && is_field_colon(raw)) {
            push(token_kind::field, from, raw.size());
            ++at_;
            return;
        }
        token t;
        t.is = token_kind::word;
        t.offset = from;
        t.text = raw;
        t.one = std::move(w);
        tokens_.push_back(std::move(t));
        if (peek() == '~') {
            refused(1, "fuzzy words (~) are not part of the language; use * or ? for what may differ");
        }
        after_clause();
    }

    std::string_view query_;
    const limits& bounds_;
    std::vector<mistake>& mistakes_;
    std::vector<token> tokens_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<token> cut(std::string_view query, const limits& bounds, std::vector<mistake>& mistakes) {
    return lexer(query, bounds, mistakes).run();
}

}  // namespace feedwatch::match_query
