#include "producers/parse/origin.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/ascii.hpp"
#include "producers/extract/entities.hpp"

namespace feedwatch {
namespace {

// Notes of origin stand above or below a piece.
constexpr std::size_t head_bytes = 1500, tail_bytes = 2500;          // of HTML
constexpr std::size_t text_head_bytes = 300, text_tail_bytes = 600;  // of its text
constexpr std::size_t name_bytes_max = 80;

enum class follows { preposition, name };
struct phrase {
    std::string_view words;  // in lower case where it has one
    follows then;
    bool says_what = false;  // names an article itself: any sentence will do
};

constexpr std::array phrases{
    // clang-format off
    phrase{"originally published", follows::preposition},      phrase{"originally appeared", follows::preposition},
    phrase{"first published", follows::preposition},           phrase{"first appeared", follows::preposition},
    phrase{"appeared first", follows::preposition},            phrase{"republished from", follows::name},
    phrase{"republished with permission from", follows::name}, phrase{"reprinted from", follows::name},
    phrase{"read full article", follows::preposition, true},   phrase{"read the full article", follows::preposition, true},
    phrase{"read full story", follows::preposition, true},     phrase{"read the full story", follows::preposition, true},
    phrase{"read the original article", follows::preposition, true},
    phrase{"read original article", follows::preposition, true},
    phrase{"continue reading this article", follows::preposition, true},
    // German
    phrase{"zuerst erschienen", follows::preposition},         phrase{"erschien zuerst", follows::preposition},
    phrase{"erscheint zuerst", follows::preposition},          phrase{"ursprünglich erschienen", follows::preposition},
    phrase{"erschien ursprünglich", follows::preposition},     phrase{"zuerst veröffentlicht", follows::preposition},
    phrase{"ursprünglich veröffentlicht", follows::preposition},
    phrase{"erstmals erschienen", follows::preposition},
    // French
    phrase{"publié initialement", follows::preposition},       phrase{"initialement publié", follows::preposition},
    phrase{"publié à l'origine", follows::preposition},        phrase{"publié à l’origine", follows::preposition},
    phrase{"apparu en premier", follows::preposition},         phrase{"paru en premier", follows::preposition},
    phrase{"republié à partir de", follows::name},
    phrase{"lire l'article complet", follows::preposition, true}, phrase{"lire l’article complet", follows::preposition, true},
    phrase{"lire l'article original", follows::preposition, true}, phrase{"lire l’article original", follows::preposition, true},
    // Spanish, Portuguese
    phrase{"publicado originalmente", follows::preposition},   phrase{"originalmente publicado", follows::preposition},
    phrase{"se publicó originalmente", follows::preposition},  phrase{"apareció primero", follows::preposition},
    phrase{"se publicó primero", follows::preposition},        phrase{"apareceu primeiro", follows::preposition},
    phrase{"leer el artículo completo", follows::preposition, true}, phrase{"lea el artículo completo", follows::preposition, true},
    phrase{"leia o artigo completo", follows::preposition, true}, phrase{"leia a matéria completa", follows::preposition, true},
    // Italian
    phrase{"pubblicato originariamente", follows::preposition}, phrase{"originariamente pubblicato", follows::preposition},
    phrase{"pubblicato per la prima volta", follows::preposition}, phrase{"proviene da", follows::name},
    phrase{"leggi l'articolo completo", follows::preposition, true}, phrase{"leggi l’articolo completo", follows::preposition, true},
    // Dutch, Danish, Norwegian, Swedish, Polish, Russian
    phrase{"verscheen eerst", follows::preposition},           phrase{"oorspronkelijk gepubliceerd", follows::preposition},
    phrase{"oorspronkelijk verschenen", follows::preposition}, phrase{"lees het volledige artikel", follows::preposition, true},
    phrase{"blev først udgivet", follows::preposition},        phrase{"ble først publisert", follows::preposition},
    phrase{"publicerades först", follows::preposition},        phrase{"ursprungligen publicerad", follows::preposition},
    phrase{"pierwotnie opublikowany", follows::preposition},   phrase{"został pierwotnie opublikowany", follows::preposition},
    phrase{"впервые опубликована", follows::preposition},      phrase{"впервые опубликовано", follows::preposition},
    // Chinese, Japanese
    phrase{"本文首发于", follows::name, true}, phrase{"首发于", follows::name, true}, phrase{"原载于", follows::name, true},
    phrase{"本文转载自", follows::name, true}, phrase{"转载自", follows::name, true}, phrase{"本文原載於", follows::name, true},
    phrase{"初出：", follows::name, true},
    // clang-format on
};

constexpr std::array<std::string_view, 36> prepositions{
    "on", "by",  "in", "at", "auf", "bei",   "im", "beim", "von", "sur", "dans", "par",
    "en", "por", "no", "na", "em",  "pelo",  "su", "da",   "dal", "op",  "door", "bij",
    "på", "i",   "av", "af", "w",   "przez", "в",  "на",   "con", "nel", "sul",  "with"};
constexpr std::array<std::string_view, 16> articles{"the ", "der ", "die ", "dem ", "das ", "la ",  "le ",  "el ",
                                                    "il ",  "o ",   "a ",   "de ",  "den ", "los ", "les ", "lo "};
// In Cyrillic without the letter that may be a capital.
constexpr std::array<std::string_view, 34> words_for_a_piece{
    "article", "story",    "piece",   "post",     "column",   "interview", "essay",    "op-ed",    "commentary",
    "report",  "analysis", "beitrag", "artikel",  "text",     "billet",    "tribune",  "artículo", "entrada",
    "nota",    "texto",    "artigo",  "matéria",  "articolo", "bericht",   "stuk",     "artykuł",  "wpis",
    "татья",   "ообщение", "inlägg",  "artikkel", "innlegg",  "indlæg",    "reportage"};
constexpr std::array<std::string_view, 23> no_publishers{
    "january",   "february", "march",    "april",    "may",     "june",     "july",   "august",
    "september", "october",  "november", "december", "english", "german",   "french", "spanish",
    "chinese",   "arabic",   "russian",  "monday",   "print",   "facebook", "twitter"};

struct link {
    std::size_t begin, end;
    std::string href;
};

struct flat_text {
    std::string text;  // a line break where a block ends
    std::vector<link> links;
};

bool is_inline(std::string_view tag) {
    constexpr std::array<std::string_view, 12> names{"a",    "b",     "em",  "i",    "span", "strong",
                                                     "cite", "small", "sup", "font", "u",    "q"};
    return std::find(names.begin(), names.end(), tag) != names.end();
}

std::string attribute_of(std::string_view tag, std::string_view name) {
    const std::size_t at = tag.find(name);
    if (at == std::string_view::npos) return {};
    tag.remove_prefix(at + name.size());
    std::string out;
    decode_entities(tag.substr(0, tag.find('"')), entity_rules::attribute, out);
    return out;
}

// Sanitised HTML has no ">" in its attributes, and they stand in double quotes.
void flatten(std::string_view html, flat_text& out) {
    bool in_link = false;
    const auto end_link = [&] {
        if (in_link) out.links.back().end = out.text.size();
        in_link = false;
    };
    while (!html.empty()) {
        const std::size_t open = std::min(html.find('<'), html.size());
        decode_entities(html.substr(0, open), entity_rules::text, out.text);
        html.remove_prefix(open);
        if (html.empty()) break;
        const std::size_t close = std::min(html.find('>'), html.size() - 1);
        std::string_view tag = html.substr(1, close - 1);
        html.remove_prefix(close + 1);
        const bool ends = tag.starts_with('/');
        if (ends) tag.remove_prefix(1);
        const std::string_view name = tag.substr(0, tag.find_first_of(" /"));
        if (name == "a") {
            end_link();
            if (!ends) out.links.push_back({out.text.size(), out.text.size(), attribute_of(tag, "href=\"")});
            in_link = !ends;
        } else if (!is_inline(name)) {
            out.text += '\n';
        }
    }
    end_link();
    out.text += '\n';
    // No-break spaces, in place: links keep their offsets.
    for (std::size_t at = 0; (at = out.text.find("\xC2\xA0", at)) != std::string::npos; at += 2)
        out.text.replace(at, 2, "  ");
}

flat_text ends_of(std::string_view html) {
    flat_text out;
    if (html.size() <= head_bytes + tail_bytes) {
        flatten(html, out);
        return out;
    }
    flatten(html.substr(0, html.rfind('<', head_bytes)), out);
    const std::size_t tail = html.find('<', html.size() - tail_bytes);
    if (tail != std::string_view::npos) flatten(html.substr(tail), out);
    return out;
}

// Four bytes, whatever their case, as a number of few bits.
constexpr std::size_t beginning_bytes = 4;
constexpr unsigned beginning_bits = 13;
constexpr std::uint32_t beginning_of(const char* at) {
    std::array<char, beginning_bytes> four{};
    std::copy_n(at, beginning_bytes, four.begin());
    const auto bytes = std::bit_cast<std::uint32_t>(four);
    return ((bytes | 0x20202020U) * 0x9E3779B1U) >> (32U - beginning_bits);
}
constexpr auto beginnings = [] {
    std::array<bool, 1U << beginning_bits> out{};
    for (const phrase& p : phrases) out[beginning_of(p.words.data())] = true;
    return out;
}();

using by_beginning = std::unordered_map<std::string_view, std::vector<const phrase*>>;
const by_beginning& phrases_by_beginning() {
    static const by_beginning made = [] {
        by_beginning out;
        for (const phrase& p : phrases) out[p.words.substr(0, beginning_bytes)].push_back(&p);
        return out;
    }();
    return made;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// f(phrase) for each whose words stand at `at`, until it says true.
template <class F>
bool any_phrase_at(std::string_view text, std::size_t at, F&& f) {
    const bool wide = static_cast<unsigned char>(text[at]) >= 0x80;  // no spaces between words
    if (!wide && (!is_letter(text[at]) || (at > 0 && is_letter(text[at - 1])))) return false;
    const std::string beginning = ascii_lower(text.substr(at, beginning_bytes));
    const auto found = phrases_by_beginning().find(beginning);
    return found != phrases_by_beginning().end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const phrase* p) {
               return equal_ignoring_case(text.substr(at, p->words.size()), p->words) && f(*p);
           });
}

bool has_phrase(std::string_view text) {
    for (std::size_t at = 0; at + beginning_bytes < text.size(); ++at) {
        if (!beginnings[beginning_of(text.data() + at)]) continue;
        if (any_phrase_at(text, at, [](const phrase&) { return true; })) return true;
    }
    return false;
}

class finder {
  public:
    explicit finder(flat_text from) : from_(std::move(from)), lower_(ascii_lower(from_.text)) {}

    named_origin find() const {
        named_origin out;
        for (std::size_t at = 0; at + beginning_bytes < lower_.size(); ++at) {
            const bool found = any_phrase_at(lower_, at, [&](const phrase& p) {
                if (p.says_what || is_of_a_piece(at)) out = named_after(at + p.words.size(), p.then);
                return !out.publisher.empty();
            });
            if (found) break;
        }
        return out;
    }

  private:
    // What stands before in the sentence is nothing, or has a word for an article.
    [[nodiscard]] bool is_of_a_piece(std::size_t at) const {
        std::string_view before = std::string_view(lower_).substr(0, at);
        if (const std::size_t line = before.rfind('\n'); line != std::string_view::npos) before.remove_prefix(line + 1);
        if (const std::size_t stop = before.rfind(". "); stop != std::string_view::npos) before.remove_prefix(stop + 2);
        if (std::none_of(before.begin(), before.end(), is_letter)) return true;
        return std::any_of(words_for_a_piece.begin(), words_for_a_piece.end(),
                           [&](std::string_view w) { return before.find(w) != std::string_view::npos; });
    }

    void skip(std::size_t& at, std::string_view set) const {
        while (at < lower_.size() && set.find(lower_[at]) != std::string_view::npos) ++at;
    }
    void skip_any(std::size_t& at, const auto& words) const {
        for (const std::string_view w : words) {
            if (from_.text.compare(at, w.size(), w) != 0) continue;
            at += w.size();
            return;
        }
    }

    [[nodiscard]] named_origin named_after(std::size_t at, follows then) const {
        constexpr std::array<std::string_view, 7> quotes{"“", "„", "«", "《", "「", "：", "‘"};
        skip(at, " ");
        if (then == follows::preposition) {
            const std::size_t end = std::min(lower_.find(' ', at), lower_.size());
            const std::string_view word = std::string_view(lower_).substr(at, end - at);
            if (std::find(prepositions.begin(), prepositions.end(), word) == prepositions.end()) return {};
            at = end;
        }
        skip(at, " :\"'(");
        skip_any(at, quotes);
        const std::size_t with_article = at;
        skip_any(at, articles);
        for (const link& l : from_.links) {
            const bool begins_here = l.begin >= with_article && l.begin <= at + 1;
            const bool holds_it = l.begin < with_article && l.end > at;
            if (!begins_here && !holds_it) continue;
            const std::size_t from = std::max(l.begin, with_article);
            return named(std::string_view(from_.text).substr(from, l.end - from), l.href);
        }
        const std::string_view name = capitalised(at);
        return goes_on(at + name.size()) ? named_origin{} : named(name, {});
    }

    // "The Guardian" of "The Guardian on Monday"; in scripts without capitals, up to the next mark.
    [[nodiscard]] std::string_view capitalised(std::size_t at) const {
        constexpr std::array<std::string_view, 6> joints{"of", "de", "la", "for", "del", "&"};
        const std::string_view text = from_.text;
        std::size_t end = at;
        std::size_t next = at;
        while (next < text.size() && text[next] != '\n') {
            std::size_t stop = std::min(text.find_first_of(" \n,;|()\"", next), text.size());
            for (const std::string_view mark : {"。", "，", "》", "」", "（", "”", "»", "“"})
                stop = std::min(stop, text.find(mark, next));
            std::string_view word = text.substr(next, stop - next);
            const bool last = word.ends_with('.') || stop == text.size() || text[stop] != ' ';
            while (word.ends_with('.') || word.ends_with(':') || word.ends_with('!')) word.remove_suffix(1);
            if (word.empty()) break;
            const char c = word.front();
            const bool name = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              static_cast<unsigned char>(c) >= 0x80 || word.find('.') != std::string_view::npos;
            if (name) {
                end = next + word.size();
            } else if (std::find(joints.begin(), joints.end(), word) == joints.end() || end == at) {
                break;
            }
            if (last) break;
            next = stop + 1;
        }
        return text.substr(at, end - at);
    }

    // "Google bathrooms": what is named goes on to be something else. Small words do not make it so.
    [[nodiscard]] bool goes_on(std::size_t at) const {
        constexpr std::size_t small_word_bytes = 6;
        if (at + 1 >= lower_.size() || lower_[at] != ' ') return false;
        return lower_.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + 1) - at - 1 > small_word_bytes;
    }

    static named_origin named(std::string_view raw, std::string_view href) {
        std::string name(ascii_trimmed(raw));
        for (const std::string_view mark : {".", ",", "\"", "”", "»", "》", "!", "'", " »", "→"})
            if (name.ends_with(mark)) name.resize(name.size() - mark.size());
        name = std::string(ascii_trimmed(name));
        const std::string first = ascii_lower(std::string_view(name).substr(0, name.find(' ')));
        const bool possible = name.size() > 1 && name.size() <= name_bytes_max &&
                              name.find('\n') == std::string::npos &&
                              std::any_of(name.begin(), name.end(), is_letter) &&
                              std::find(no_publishers.begin(), no_publishers.end(), first) == no_publishers.end();
        if (!possible) return {};
        return {std::move(name), href.starts_with("http") ? std::string(href) : std::string{}};
    }

    flat_text from_;
    std::string lower_;
};

}  // namespace

bool may_name_origin(std::string_view text) {
    if (text.size() <= text_head_bytes + text_tail_bytes) return has_phrase(text);
    return has_phrase(text.substr(0, text_head_bytes)) || has_phrase(text.substr(text.size() - text_tail_bytes));
}

named_origin origin_named_in(std::string_view html) {
    return html.empty() ? named_origin{} : finder(ends_of(html)).find();
}

}  // namespace feedwatch
