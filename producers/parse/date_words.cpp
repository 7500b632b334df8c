#include "producers/parse/date_words.hpp"

#include <array>
#include <string>

namespace feedwatch {
namespace {

// Beginnings in lower case, longest where one begins another. English, German, French, Spanish, Italian, Portuguese,
// Dutch, Scandinavian, Polish, Czech, Russian.
struct month_beginning {
    std::string_view text;
    unsigned month;
};
constexpr std::array month_beginnings{
    month_beginning{"jan", 1},  month_beginning{"jän", 1},  month_beginning{"ene", 1},  month_beginning{"gen", 1},
    month_beginning{"sty", 1},  month_beginning{"led", 1},  month_beginning{"янв", 1},  month_beginning{"feb", 2},
    month_beginning{"fév", 2},  month_beginning{"fev", 2},  month_beginning{"lut", 2},  month_beginning{"фев", 2},
    month_beginning{"mar", 3},  month_beginning{"mär", 3},  month_beginning{"mrz", 3},  month_beginning{"maa", 3},
    month_beginning{"mrt", 3},  month_beginning{"мар", 3},  month_beginning{"apr", 4},  month_beginning{"avr", 4},
    month_beginning{"abr", 4},  month_beginning{"kwi", 4},  month_beginning{"апр", 4},  month_beginning{"may", 5},
    month_beginning{"mai", 5},  month_beginning{"mag", 5},  month_beginning{"mei", 5},  month_beginning{"maj", 5},
    month_beginning{"мая", 5},  month_beginning{"май", 5},  month_beginning{"jun", 6},  month_beginning{"juin", 6},
    month_beginning{"giu", 6},  month_beginning{"cze", 6},  month_beginning{"июн", 6},  month_beginning{"jul", 7},
    month_beginning{"juil", 7}, month_beginning{"lug", 7},  month_beginning{"lip", 7},  month_beginning{"июл", 7},
    month_beginning{"aug", 8},  month_beginning{"aoû", 8},  month_beginning{"aou", 8},  month_beginning{"ago", 8},
    month_beginning{"sie", 8},  month_beginning{"авг", 8},  month_beginning{"sep", 9},  month_beginning{"set", 9},
    month_beginning{"wrz", 9},  month_beginning{"сен", 9},  month_beginning{"oct", 10}, month_beginning{"okt", 10},
    month_beginning{"ott", 10}, month_beginning{"out", 10}, month_beginning{"paź", 10}, month_beginning{"окт", 10},
    month_beginning{"nov", 11}, month_beginning{"lis", 11}, month_beginning{"ноя", 11}, month_beginning{"dec", 12},
    month_beginning{"dez", 12}, month_beginning{"déc", 12}, month_beginning{"dic", 12}, month_beginning{"gru", 12},
    month_beginning{"дек", 12},
};

struct zone {
    std::string_view name;
    std::int64_t minutes;
};
// BST is British Summer Time, IST India's, CST and EST America's.
constexpr std::array zones{
    zone{"UT", 0},      zone{"UTC", 0},     zone{"GMT", 0},    zone{"Z", 0},      zone{"WET", 0},    zone{"WEST", 60},
    zone{"BST", 60},    zone{"CET", 60},    zone{"MET", 60},   zone{"MEZ", 60},   zone{"CEST", 120}, zone{"MEST", 120},
    zone{"MESZ", 120},  zone{"EET", 120},   zone{"SAST", 120}, zone{"CAT", 120},  zone{"EEST", 180}, zone{"MSK", 180},
    zone{"EAT", 180},   zone{"TRT", 180},   zone{"MSD", 240},  zone{"GST", 240},  zone{"PKT", 300},  zone{"IST", 330},
    zone{"NPT", 345},   zone{"ICT", 420},   zone{"WIB", 420},  zone{"SGT", 480},  zone{"HKT", 480},  zone{"PHT", 480},
    zone{"AWST", 480},  zone{"JST", 540},   zone{"KST", 540},  zone{"ACST", 570}, zone{"AEST", 600}, zone{"ACDT", 630},
    zone{"AEDT", 660},  zone{"NZST", 720},  zone{"NZDT", 780}, zone{"NST", -210}, zone{"NDT", -150}, zone{"BRT", -180},
    zone{"ART", -180},  zone{"AST", -240},  zone{"ADT", -180}, zone{"EST", -300}, zone{"EDT", -240}, zone{"ET", -300},
    zone{"CST", -360},  zone{"CDT", -300},  zone{"MST", -420}, zone{"MDT", -360}, zone{"PST", -480}, zone{"PDT", -420},
    zone{"AKST", -540}, zone{"AKDT", -480}, zone{"HST", -600},
};

// ASCII and the Latin and Cyrillic capitals that begin months.
std::string lower(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        if (c >= 'A' && c <= 'Z') out[i] = static_cast<char>(c - 'A' + 'a');
        if (i == 0 || static_cast<unsigned char>(out[i - 1]) != 0xD0) continue;
        if (c >= 0x90 && c <= 0x9F) out[i] = static_cast<char>(c + 0x20);
        if (c >= 0xA0 && c <= 0xAF) {
            out[i - 1] = static_cast<char>(0xD1);
            out[i] = static_cast<char>(c - 0x20);
        }
    }
    return out;
}

}  // namespace

unsigned month_named(std::string_view word) {
    const std::string text = lower(word);
    // Weekdays that begin like March: maandag, mardi, martes, martedì.
    for (const std::string_view weekday : {"maan", "mard", "mart"})
        if (std::string_view(text).starts_with(weekday)) return 0;
    for (const month_beginning& m : month_beginnings)
        if (std::string_view(text).starts_with(m.text)) return m.month;
    return 0;
}

std::optional<std::int64_t> zone_named(std::string_view word) {
    std::string text(word);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    for (const zone& z : zones)
        if (text == z.name) return z.minutes;
    return std::nullopt;
}

}  // namespace feedwatch
