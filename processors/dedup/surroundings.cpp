#include "processors/dedup/surroundings.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <initializer_list>
#include <iterator>
#include <span>
#include <vector>

#include "core/ascii.hpp"
#include "core/text/plea.hpp"

namespace feedwatch::dedup {
namespace {

constexpr std::size_t left_min = 80;       // bytes; with less the surroundings are the piece
constexpr std::size_t sentence_max = 300;  // a longer one is prose, whatever it says
constexpr std::size_t stranger_max = 160;  // a sentence between two that speak of the page
constexpr std::size_t sentences_max = 24;  // at the end of one text
constexpr std::size_t byline_max = 90;
constexpr std::size_t dateline_max = 70;
constexpr std::string_view ideographic_stop = "\xE3\x80\x82", ellipsis = "\xE2\x80\xA6";
// Agencies that write themselves small.
constexpr std::string_view small_agencies[] = {"afp", "ansa", "ap", "apa", "dpa", "efe", "lusa", "ots", "sda"};

// Lower case: how sentences begin that speak of the page, beside those of is_closing_plea().
constexpr std::string_view beginnings[] = {
    // clang-format off
    "sign up", "subscribe", "to subscribe", "by signing up", "by subscribing", "by submitting", "you can unsubscribe",
    "unsubscribe", "you agree to", "this material may not", "this content may not", "no part of this",
    "this story was originally", "this story originally", "this story first appeared", "this story appeared",
    "this article was originally", "this article first appeared", "this article is republished", "this article appeared",
    "this article was first", "this story was first", "this post originally", "this post was originally", "this post first",
    "republished with permission", "reprinted with permission", "reproduced with permission", "used with permission",
    "published with permission", "first published", "appeared first on", "copyright", "(c)", "\xC2\xA9", "terms of use", "terms of service",
    "privacy policy", "follow him on", "follow her on", "follow them on", "follow me on", "follow the author",
    "follow our", "like us on", "find us on", "join our", "join the conversation", "download our", "download the app",
    "get our", "get breaking", "get more", "stay up to date", "stay informed", "stay connected", "don't miss", "don\xE2\x80\x99t miss",
    "want more", "have a tip", "got a tip", "do you have a", "got a story", "contact the reporter", "contact the author", "contact the newsroom",
    "contact us", "email the author", "reach the author", "send tips", "send your", "(reporting by", "reporting by", "editing by", "writing by",
    "additional reporting", "with reporting by", "our standards:", "support local", "support independent",
    "support quality", "if you value", "if you enjoyed", "if you liked", "thank you for reading", "thanks for reading",
    "click here", "click to", "click on the link", "watch the video", "watch:", "listen:", "photo:", "photos:", "photo by", "photo credit", "photograph:", "image:", "image credit",
    "picture:", "video:", "getty images", "view comments", "view this", "view more", "for more news", "for more on this", "for more stories",
    "for more information", "for the latest", "more information:", "more news", "source:", "sources:", "source :", "read it here", "read the", "read our", "the full article", "the full story", "the original",
    "all content", "we use cookies", "this site", "this website", "powered by", "published by", "posted by", "posted on", "posted in", "filed to", "topics:", "categories:", "category:",
    "last updated", "updated:", "published:", "disclaimer",
    // German
    "abonnieren sie", "jetzt abonnieren", "folgen sie", "folgt uns", "alle rechte", "melden sie sich", "hier geht es",
    "mehr dazu", "mehr lesen", "mehr zum", "zum artikel", "zur startseite", "dieser artikel", "dieser beitrag", "dieser text", "quelle:", "quellen:",
    "foto:", "fotos:", "bild:", "mit material", "lesen sie", "newsletter", "zuerst erschienen",
    // French
    "abonnez-vous", "suivez", "tous droits", "inscrivez-vous", "cet article", "retrouvez", "avec afp", "(avec afp", "lire ", "photo :", "cliquez", "pour en savoir plus", 
    // Spanish, Portuguese
    "suscr\xC3\xAD" "bete", "suscr\xC3\xAD" "base", "s\xC3\xADguenos", "s\xC3\xADganos", "todos los derechos", "reg\xC3\xADstrate", "sigue leyendo", 
    "este art\xC3\xAD" "culo", "esta nota", "fuente:", "haga clic", "haz clic", "assine", "siga-nos", "siga nos", "todos os direitos", "inscreva-se", "este artigo", "fonte:", "clique", "leia mais", 
    // Italian, Dutch
    "iscriviti", "seguici", "tutti i diritti", "riproduzione riservata", "clicca", "volg ons", "alle rechten", "abonneer", "dit artikel", "bron:",
    // clang-format on
};

// Lower case: what no sentence of a piece says.
constexpr std::string_view sayings[] = {
    // clang-format off
    "all rights reserved", "appeared first on", "first appeared on", "originally published", "originally appeared", "terms of use", "terms of service",
    "privacy policy", "may not be published, broadcast", "without permission", "our newsletter", "to your inbox", "in your inbox", "unsubscribe at any",
    "follow us on", "subscribing today", "by subscribing", "subscribe to our", "alle rechte vorbehalten", "erschien zuerst", "zuerst erschienen",
    "unser newsletter", "unseren newsletter", "tous droits r\xC3\xA9serv\xC3\xA9s", "est apparu en premier", "notre newsletter", "todos los derechos reservados",
    "apareci\xC3\xB3 primero", "nuestro bolet\xC3\xADn", "nuestra newsletter", "todos os direitos reservados", "apareceu primeiro", "tutti i diritti riservati", "proviene da",
    // clang-format on
};

// Of those that take a title between, which may end a sentence: "The post Who won? appeared first on The Echo."
constexpr std::string_view openings[] = {"the post ",
                                         "der beitrag ",
                                         "l'article ",
                                         "l\xE2\x80\x99"
                                         "article ",
                                         "la entrada ",
                                         "o post ",
                                         "l'articolo ",
                                         "l\xE2\x80\x99"
                                         "articolo "};
constexpr std::string_view closings[] = {"appeared first on",       "erschien zuerst",   "est apparu en premier",
                                         "apareci\xC3\xB3 primero", "apareceu primeiro", "proviene da"};

constexpr bool is_blank(char c) noexcept {
    return static_cast<unsigned char>(c) <= ' ';
}
constexpr bool is_letter(char c) noexcept {
    return static_cast<unsigned char>(c) >= 0x80 || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}
constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}

// Phrases in lower case, by their first byte; which two bytes may begin one is told first.
class phrases {
  public:
    explicit phrases(std::initializer_list<std::span<const std::string_view>> lists) {
        for (const auto list : lists)
            for (const std::string_view each : list) {
                by_first_[static_cast<unsigned char>(each.front())].push_back(each);
                begins_.set(two_bytes(each));
            }
    }
    // Whether one of them stands there; letters beyond ASCII only as they are in the list.
    [[nodiscard]] bool begin(std::string_view text) const {
        if (text.size() < 2 || !begins_[two_bytes(text)]) return false;
        return std::ranges::any_of(
            by_first_[static_cast<unsigned char>(ascii_lower(text.front()))],
            [text](std::string_view each) { return equal_ignoring_case(text.substr(0, each.size()), each); });
    }
    // Where one of them begins a word; npos.
    [[nodiscard]] std::size_t find(std::string_view text) const {
        bool in_word = false;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (!in_word && begin(text.substr(at))) return at;
            in_word = is_letter(text[at]);
        }
        return std::string_view::npos;
    }

  private:
    static std::size_t two_bytes(std::string_view text) noexcept {
        return static_cast<std::size_t>(static_cast<unsigned char>(ascii_lower(text[0]))) << 8U |
               static_cast<unsigned char>(ascii_lower(text[1]));
    }
    std::array<std::vector<std::string_view>, 256> by_first_;
    std::bitset<1U << 16U> begins_;
};

constexpr auto may_end = [] {
    std::array<bool, 256> table{};
    for (const char c : {'\n', '.', '!', '?', '|', ']', ellipsis.front(), ideographic_stop.front()})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// Where the last sentence of text[0, end) begins; npos where it is longer than sentence_max.
std::size_t last_sentence(std::string_view text, std::size_t end) {
    while (end > 0 && !is_letter(text[end - 1])) --end;  // its own marks
    const std::size_t first = end > sentence_max ? end - sentence_max : 0;
    for (std::size_t at = end; at-- > first;) {
        const char c = text[at];
        if (!may_end[static_cast<unsigned char>(c)]) continue;
        if (c == '\n') return at + 1;
        if (text.substr(at).starts_with(ideographic_stop)) return at + ideographic_stop.size();
        std::size_t next = at + 1;
        if (text.substr(at).starts_with(ellipsis)) next = at + ellipsis.size();
        if (next < end && is_blank(text[next])) return next + 1;
    }
    return first == 0 ? 0 : std::string_view::npos;
}

bool speaks_of_the_page(std::string_view sentence) {
    static const phrases begins{beginnings, closing_plea_beginnings(), openings};
    static const phrases says{sayings};
    if (std::ranges::none_of(sentence, is_letter)) return true;  // "[...]", "***"
    return begins.begin(sentence) || says.find(sentence) != std::string_view::npos;
}

// Back to "The post", where a title comes between that and the sentence's end.
std::size_t with_opening(std::string_view text, std::size_t start, std::string_view sentence) {
    static const phrases opens{openings};
    static const phrases closes{closings};
    if (closes.find(sentence) == std::string_view::npos || opens.begin(sentence)) return start;
    const std::size_t first = start > sentence_max ? start - sentence_max : 0;
    std::size_t found = start;
    for (std::size_t at = first; at < start; ++at)
        if ((at == 0 || !is_letter(text[at - 1])) && opens.begin(text.substr(at, start - at))) found = at;
    return found;
}

std::size_t end_of_piece(std::string_view text) {
    std::size_t piece = text.size();
    bool stranger = false;
    for (std::size_t end = piece, n = 0; end > 0 && n < sentences_max; ++n) {
        std::size_t start = last_sentence(text, end);
        if (start == std::string_view::npos || start >= end) break;
        const std::string_view sentence = ascii_trimmed(text.substr(start, end - start));
        if (speaks_of_the_page(sentence)) {
            start = with_opening(text, start, sentence);
            piece = start;
            stranger = false;
        } else {
            if (stranger || sentence.size() > stranger_max) break;
            stranger = true;
        }
        end = start;
    }
    return piece;
}

// After "By Jane Doe, Staff Writer" and what ends it; 0: there is none.
std::size_t byline(std::string_view text) {
    constexpr std::array starts{"By ", "BY ", "Von ", "Por ", "Par ", "Di ", "Door "};
    if (std::ranges::none_of(starts, [text](std::string_view each) { return text.starts_with(each); })) return 0;
    const std::string_view line = text.substr(0, byline_max);
    std::size_t at = line.find(' ') + 1;
    for (std::size_t words = 0; at < line.size(); ++words) {
        if (!is_upper(line[at]) && static_cast<unsigned char>(line[at]) < 0x80 &&
            !(words > 0 && line.substr(at).starts_with("and ")))
            return 0;
        const std::size_t end = line.find_first_of(" \n", at);
        if (end == line.npos) return 0;
        const bool initial = line[end - 1] == '.' && end - at <= 2;
        if (words > 0 && (line[end] == '\n' || (line[end - 1] == '.' && !initial))) return end + 1;
        if (line[end] == '\n') return 0;
        at = end + 1;
        if (line.substr(at).starts_with("| ") || line.substr(at).starts_with("- ")) return at + 2;
    }
    return 0;
}

// After "LONDON, Oct 5 (Reuters) - ", "(dpa) - ", "WASHINGTON \xE2\x80\x94 "; 0: there is none.
std::size_t dateline(std::string_view text) {
    const std::string_view line = text.substr(0, dateline_max);
    const auto after_dash = [&](std::size_t at) -> std::size_t {
        const std::size_t blank = at;
        while (at < line.size() && line[at] == ' ') ++at;
        for (const std::string_view dash : {"\xE2\x80\x94", "\xE2\x80\x93", "--", "-"})
            if (line.substr(at).starts_with(dash) && (dash != "-" || at > blank)) return at + dash.size();
        return 0;
    };
    const std::size_t open = line.find('(');
    if (open != line.npos && line.substr(0, open).find_first_of(".!?\n") == line.npos) {
        const std::size_t close = line.find(')', open);
        const std::string_view name = close == line.npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
        const bool is_agency =
            !name.empty() && name.size() <= 24 &&
            (is_upper(name.front()) || std::ranges::find(small_agencies, name) != std::end(small_agencies));
        if (is_agency) return after_dash(close + 1);
    }
    std::size_t at = 0;
    while (at < line.size() &&
           (is_upper(line[at]) || ((line[at] == ' ' || line[at] == ',' || line[at] == '.') && at > 0)))
        ++at;
    return at >= 4 ? after_dash(at - (line[at - 1] == ' ' ? 1U : 0U)) : 0;
}

}  // namespace

std::string_view without_surroundings(std::string_view text) {
    std::string_view piece = text.substr(0, end_of_piece(text));
    if (piece.size() < text.size())
        while (!piece.empty() && is_blank(piece.back())) piece.remove_suffix(1);
    const auto skip = [&piece](std::size_t bytes) {
        piece.remove_prefix(bytes);
        while (!piece.empty() && is_blank(piece.front())) piece.remove_prefix(1);
    };
    skip(0);
    skip(byline(piece));
    skip(dateline(piece));
    return piece.size() < left_min ? text : piece;
}

}  // namespace feedwatch::dedup
