#include "producers/parse/date_words.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"
#include "core/text/character.hpp"

namespace feedwatch {
namespace {

// Beginnings in lower case; the longest that fits counts. English, German, French, Spanish, Italian, Portuguese,
// Catalan, Dutch, Scandinavian, Finnish, Polish, Czech, Hungarian, Romanian, Turkish, Greek, Russian, Ukrainian,
// Bulgarian, Serbian, Indonesian, Arabic, Hebrew, Hindi.
struct month_beginning {
    std::string_view text;
    unsigned month;
};
constexpr std::array month_beginnings{
    month_beginning{"jan", 1},     month_beginning{"jän", 1},     month_beginning{"ene", 1},
    month_beginning{"gen", 1},     month_beginning{"sty", 1},     month_beginning{"led", 1},
    month_beginning{"янв", 1},     month_beginning{"ian", 1},     month_beginning{"oca", 1},
    month_beginning{"tammi", 1},   month_beginning{"ιαν", 1},     month_beginning{"січ", 1},
    month_beginning{"яну", 1},     month_beginning{"јан", 1},     month_beginning{"يناير", 1},
    month_beginning{"ינו", 1},     month_beginning{"जन", 1},      month_beginning{"ocak", 1},
    month_beginning{"feb", 2},     month_beginning{"fév", 2},     month_beginning{"fev", 2},
    month_beginning{"lut", 2},     month_beginning{"фев", 2},     month_beginning{"únor", 2},
    month_beginning{"uno", 2},     month_beginning{"úno", 2},     month_beginning{"şub", 2},
    month_beginning{"sub", 2},     month_beginning{"helmi", 2},   month_beginning{"φεβ", 2},
    month_beginning{"лют", 2},     month_beginning{"феб", 2},     month_beginning{"فبراير", 2},
    month_beginning{"פבר", 2},     month_beginning{"फर", 2},      month_beginning{"mar", 3},
    month_beginning{"mär", 3},     month_beginning{"mrz", 3},     month_beginning{"maa", 3},
    month_beginning{"mrt", 3},     month_beginning{"мар", 3},     month_beginning{"márc", 3},
    month_beginning{"bře", 3},     month_beginning{"mart", 3},    month_beginning{"μαρ", 3},
    month_beginning{"μάρ", 3},     month_beginning{"бер", 3},     month_beginning{"مارس", 3},
    month_beginning{"מרץ", 3},     month_beginning{"מרס", 3},     month_beginning{"मार्च", 3},
    month_beginning{"maalis", 3},  month_beginning{"març", 3},    month_beginning{"apr", 4},
    month_beginning{"avr", 4},     month_beginning{"abr", 4},     month_beginning{"kwi", 4},
    month_beginning{"апр", 4},     month_beginning{"ápr", 4},     month_beginning{"dub", 4},
    month_beginning{"nis", 4},     month_beginning{"huhti", 4},   month_beginning{"απρ", 4},
    month_beginning{"кві", 4},     month_beginning{"квіт", 4},    month_beginning{"أبريل", 4},
    month_beginning{"ابريل", 4},   month_beginning{"אפר", 4},     month_beginning{"अप्रै", 4},
    month_beginning{"may", 5},     month_beginning{"mai", 5},     month_beginning{"mag", 5},
    month_beginning{"mei", 5},     month_beginning{"maj", 5},     month_beginning{"мая", 5},
    month_beginning{"май", 5},     month_beginning{"máj", 5},     month_beginning{"kvě", 5},
    month_beginning{"touko", 5},   month_beginning{"μαι", 5},     month_beginning{"μαϊ", 5},
    month_beginning{"μάι", 5},     month_beginning{"тра", 5},     month_beginning{"мај", 5},
    month_beginning{"مايو", 5},    month_beginning{"מאי", 5},     month_beginning{"मई", 5},
    month_beginning{"maig", 5},    month_beginning{"jun", 6},     month_beginning{"juin", 6},
    month_beginning{"giu", 6},     month_beginning{"cze", 6},     month_beginning{"июн", 6},
    month_beginning{"jún", 6},     month_beginning{"červen", 6},  month_beginning{"čer", 6},
    month_beginning{"haz", 6},     month_beginning{"kesä", 6},    month_beginning{"ιουν", 6},
    month_beginning{"ιούν", 6},    month_beginning{"чер", 6},     month_beginning{"јун", 6},
    month_beginning{"юни", 6},     month_beginning{"يونيو", 6},   month_beginning{"יונ", 6},
    month_beginning{"जून", 6},      month_beginning{"iun", 6},     month_beginning{"jul", 7},
    month_beginning{"juil", 7},    month_beginning{"lug", 7},     month_beginning{"lip", 7},
    month_beginning{"июл", 7},     month_beginning{"júl", 7},     month_beginning{"červene", 7},
    month_beginning{"červenc", 7}, month_beginning{"tem", 7},     month_beginning{"heinä", 7},
    month_beginning{"ιουλ", 7},    month_beginning{"ιούλ", 7},    month_beginning{"лип", 7},
    month_beginning{"јул", 7},     month_beginning{"юли", 7},     month_beginning{"يوليو", 7},
    month_beginning{"יול", 7},     month_beginning{"जुल", 7},      month_beginning{"iul", 7},
    month_beginning{"aug", 8},     month_beginning{"aoû", 8},     month_beginning{"aou", 8},
    month_beginning{"ago", 8},     month_beginning{"sie", 8},     month_beginning{"авг", 8},
    month_beginning{"srp", 8},     month_beginning{"ağu", 8},     month_beginning{"agu", 8},
    month_beginning{"elo", 8},     month_beginning{"αυγ", 8},     month_beginning{"αύγ", 8},
    month_beginning{"сер", 8},     month_beginning{"أغسطس", 8},   month_beginning{"اغسطس", 8},
    month_beginning{"אוג", 8},     month_beginning{"अग", 8},      month_beginning{"sep", 9},
    month_beginning{"set", 9},     month_beginning{"wrz", 9},     month_beginning{"сен", 9},
    month_beginning{"сеп", 9},     month_beginning{"szept", 9},   month_beginning{"zář", 9},
    month_beginning{"eyl", 9},     month_beginning{"syys", 9},    month_beginning{"σεπ", 9},
    month_beginning{"вер", 9},     month_beginning{"سبتمبر", 9},  month_beginning{"ספט", 9},
    month_beginning{"सित", 9},     month_beginning{"oct", 10},    month_beginning{"okt", 10},
    month_beginning{"ott", 10},    month_beginning{"out", 10},    month_beginning{"paź", 10},
    month_beginning{"окт", 10},    month_beginning{"říj", 10},    month_beginning{"eki", 10},
    month_beginning{"loka", 10},   month_beginning{"οκτ", 10},    month_beginning{"жов", 10},
    month_beginning{"أكتوبر", 10}, month_beginning{"اكتوبر", 10}, month_beginning{"אוק", 10},
    month_beginning{"अक्ट", 10},    month_beginning{"अक्टू", 10},    month_beginning{"nov", 11},
    month_beginning{"lis", 11},    month_beginning{"ноя", 11},    month_beginning{"kas", 11},
    month_beginning{"marras", 11}, month_beginning{"νοε", 11},    month_beginning{"νοέ", 11},
    month_beginning{"лис", 11},    month_beginning{"ное", 11},    month_beginning{"нов", 11},
    month_beginning{"نوفمبر", 11}, month_beginning{"נוב", 11},    month_beginning{"नव", 11},
    month_beginning{"noi", 11},    month_beginning{"dec", 12},    month_beginning{"dez", 12},
    month_beginning{"déc", 12},    month_beginning{"dic", 12},    month_beginning{"gru", 12},
    month_beginning{"дек", 12},    month_beginning{"des", 12},    month_beginning{"pro", 12},
    month_beginning{"ara", 12},    month_beginning{"joulu", 12},  month_beginning{"δεκ", 12},
    month_beginning{"гру", 12},    month_beginning{"дец", 12},    month_beginning{"ديسمبر", 12},
    month_beginning{"דצמ", 12},    month_beginning{"दिस", 12},
};

struct zone {
    std::string_view name;
    std::int64_t minutes;
};
// BST is British Summer Time, IST India's, CST and EST America's.
constexpr std::array zones{
    zone{"UT", 0},     zone{"UTC", 0},    zone{"GMT", 0},    zone{"Z", 0},      zone{"WET", 0},     zone{"WEST", 60},
    zone{"BST", 60},   zone{"CET", 60},   zone{"MET", 60},   zone{"MEZ", 60},   zone{"CEST", 120},  zone{"MEST", 120},
    zone{"MESZ", 120}, zone{"EET", 120},  zone{"SAST", 120}, zone{"CAT", 120},  zone{"EEST", 180},  zone{"MSK", 180},
    zone{"EAT", 180},  zone{"TRT", 180},  zone{"MSD", 240},  zone{"GST", 240},  zone{"PKT", 300},   zone{"IST", 330},
    zone{"NPT", 345},  zone{"ICT", 420},  zone{"WIB", 420},  zone{"SGT", 480},  zone{"HKT", 480},   zone{"PHT", 480},
    zone{"AWST", 480}, zone{"JST", 540},  zone{"KST", 540},  zone{"ACST", 570}, zone{"AEST", 600},  zone{"ACDT", 630},
    zone{"AEDT", 660}, zone{"NZST", 720}, zone{"NZDT", 780}, zone{"NST", -210}, zone{"NDT", -150},  zone{"BRT", -180},
    zone{"ART", -180}, zone{"AST", -240}, zone{"ADT", -180}, zone{"EST", -300}, zone{"EDT", -240},  zone{"ET", -300},
    zone{"CST", -360}, zone{"CDT", -300}, zone{"MST", -420}, zone{"MDT", -360}, zone{"PST", -480},  zone{"PDT", -420},
    zone{"AT", -240},  zone{"CT", -360},  zone{"MT", -420},  zone{"PT", -480},  zone{"AKST", -540}, zone{"AKDT", -480},
    zone{"HST", -600},
};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lower(std::string_view text) {
    if (is_ascii(text)) return ascii_lower(text);
    std::string out;
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())))
        .toLower(icu::Locale::getRoot())
        .toUTF8String(out);
    return out;
}

}  // namespace

unsigned month_named(std::string_view word) {
    const std::string text = lower(word);
    // Weekdays that begin like March: maandag, mardi, martes, martedì.
    for (const std::string_view weekday : {"maan", "mard", "marte"})
        if (std::string_view(text).starts_with(weekday)) return 0;
    month_beginning best{};
    for (const month_beginning& m : month_beginnings)
        if (m.text.size() > best.text.size() && std::string_view(text).starts_with(m.text)) best = m;
    return best.month;
}

half_of_day half_named(std::string_view word, char after_dot) {
    const std::string text = lower(word);
    const bool dotted = after_dot == 'm' || after_dot == 'M';
    for (const std::string_view am : {"am", "오전", "上午", "午前"})
        if (text == am) return half_of_day::before_noon;
    for (const std::string_view pm : {"pm", "오후", "下午", "午後"})
        if (text == pm) return half_of_day::after_noon;
    if (dotted && text == "a") return half_of_day::before_noon;
    if (dotted && text == "p") return half_of_day::after_noon;
    return half_of_day::none;
}

bool has_other_digits(std::string_view date, std::string& out) {
    if (is_ascii(date)) return false;  // nearly all
    bool found = false;
    out.clear();
    for (std::size_t at = 0; at < date.size();) {
        const text::decoded c = text::decode(date, at);
        const std::int32_t digit = c.code_point >= 0x80 ? u_charDigitValue(static_cast<UChar32>(c.code_point)) : -1;
        if (digit >= 0) {
            found = true;
            out += static_cast<char>('0' + digit);
        } else {
            out += date.substr(at, c.length);
        }
        at += c.length;
    }
    return found;
}

std::optional<std::int64_t> zone_named(std::string_view word) {
    for (const zone& z : zones)
        if (equal_ignoring_case(word, z.name)) return z.minutes;
    return std::nullopt;
}

}  // namespace feedwatch
