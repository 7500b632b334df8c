// The canonical text of a query.
#include "processors/match/query.hpp"

namespace feedwatch::match_query {
namespace {

// Characters that would end a word or mean something at its place.
bool needs_escape(char c) {
    switch (c) {
        case '(':
        case ')':
        case '"':
        case '\\':
        case '^':
        case '~':
        case ':':
        case '[':
        case ']':
        case '{':
        case '}':
            return true;
        default:
            return false;
    }
}
bool needs_escape_first(char c) {
    switch (c) {
        case '+':
        case '-':
        case '!':
        case '$':
        case '=':
        case '/':
        case '&':
        case '|':
            return true;
        default:
            return false;
    }
}

// Also typographic quotes and the no-break space, which end a word too.
bool is_quote_or_blank(std::string_view s) {
    for (const std::string_view ends :
         {" ", "\t", "\n", "\r", "\f", "\v", "\xC2\xA0", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"}) {
        if (s.starts_with(ends)) return true;
    }
    return false;
}

void append_word(std::string& out, const word& w) {
    if (w.exact) out += '=';
    bool first = true;
    const bool keyword = w.text == "AND" || w.text == "OR" || w.text == "NOT" || w.text == "NEAR" ||
                         w.text == "ONEAR" || w.text.starts_with("NEAR/") || w.text.starts_with("ONEAR/");
    for (std::size_t i = 0; i < w.text.size(); ++i) {
        const char c = w.text[i];
        if (needs_escape(c) || is_quote_or_blank(std::string_view(w.text).substr(i)) ||
            (first && (keyword || needs_escape_first(c)))) {
            out += '\\';
        }
        out += c;
        first = false;
    }
}

void append(std::string& out, const node& n, bool inside);

void append_joined(std::string& out, const node& n, std::string_view glue) {
    bool first = true;
    for (const node& c : n.children) {
        if (!first) out += glue;
        first = false;
        append(out, c, true);
    }
}

void append_words(std::string& out, const node& n) {
    if (n.in != field::any) {
        out += name_of(n.in);
        out += ':';
    }
    if (n.words.size() == 1 && n.distance == 0) return append_word(out, n.words.front());
    out += '"';
    bool first = true;
    for (const word& w : n.words) {
        if (!first) out += ' ';
        first = false;
        append_word(out, w);
    }
    out += '"';
    if (n.distance != 0) out += "~" + std::to_string(n.distance);
}

void append(std::string& out, const node& n, bool inside) {
    if (n.is == kind::words) return append_words(out, n);
    if (n.is == kind::without) {
        out += "NOT ";
        return append(out, n.children.front(), true);
    }
    if (inside) out += '(';
    if (n.is == kind::all) {
        append_joined(out, n, " AND ");
    } else if (n.is == kind::any) {
        append_joined(out, n, " OR ");
    } else {
        append_joined(out, n, std::string(n.ordered ? " ONEAR/" : " NEAR/") + std::to_string(n.distance) + " ");
    }
    if (inside) out += ')';
}

}  // namespace

std::string to_text(const node& n) {
    std::string out;
    append(out, n, false);
    return out;
}

}  // namespace feedwatch::match_query
