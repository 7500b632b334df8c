#include "producers/parse/date.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "core/ascii.hpp"
#include "producers/parse/date_words.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t text_bytes_max = 120;  // the longest real ones have 60

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct fields {
    std::int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    std::int64_t hour = 0, minute = 0, second = 0, millisecond = 0;
    bool has_year = false, has_time = false, has_zone = false;
    bool pm = false, am = false;
    std::int64_t zone_minutes = 0;
};

class scanner {
  public:
    explicit scanner(std::string_view text) : text_(text) {}
    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void skip(std::size_t n = 1) { at_ += n; }
    std::string_view digits() { return take(is_digit); }
    std::string_view letters() { return take(is_letter); }
    [[nodiscard]] std::size_t digits_ahead() const {
        std::size_t n = 0;
        while (is_digit(peek(n))) ++n;
        return n;
    }
    [[nodiscard]] std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
    // Past the first of them that stands here, if any.
    bool skip_any(std::initializer_list<std::string_view> words) {
        for (const std::string_view word : words) {
            if (!rest().starts_with(word)) continue;
            skip(word.size());
            return true;
        }
        return false;
    }
    void skip_blanks() {
        while (peek() == ' ') skip();
    }

  private:
    std::string_view take(bool (*wanted)(char)) {
        const std::size_t start = at_;
        while (at_ < text_.size() && wanted(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }
    std::string_view text_;
    std::size_t at_ = 0;
};

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits.substr(0, 17)) value = value * 10 + (c - '0');
    return value;
}

// "hh:mm[:ss[.fff]]" or "hh.mm"; the scanner stands at the hour.
bool read_time(scanner& s, fields& f) {
    f.hour = number(s.digits());
    s.skip();
    f.minute = number(s.digits());
    if ((s.peek() == ':' || s.peek() == '.') && is_digit(s.peek(1))) {
        s.skip();
        f.second = number(s.digits());
        if ((s.peek() == '.' || s.peek() == ',') && is_digit(s.peek(1))) {
            s.skip();
            std::string fraction(s.digits().substr(0, 3));
            fraction.resize(3, '0');
            f.millisecond = number(fraction);
        }
    }
    f.has_time = true;
    return f.hour <= 24 && f.minute < 60 && f.second <= 60;
}

// "+0100", "-05:30", "+1"; the scanner stands at the sign.
void read_offset(scanner& s, fields& f) {
    const bool negative = s.peek() == '-';
    s.skip();
    const std::string_view digits = s.digits();
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    if (digits.size() <= 2) {
        hours = number(digits);
        if (s.peek() == ':' && is_digit(s.peek(1))) {
            s.skip();
            minutes = number(s.digits());
        }
    } else {
        hours = number(digits.substr(0, digits.size() - 2));
        minutes = number(digits.substr(digits.size() - 2));
    }
    f.has_zone = hours <= 15 && minutes < 60;
    if (!f.has_zone) return;
    const std::int64_t offset = hours * 60 + minutes;
    f.zone_minutes += negative ? -offset : offset;  // on top of a name: "GMT+0100"
}

std::int64_t full_year(std::int64_t year, std::size_t digits) {
    if (digits <= 2) return year + (year < 50 ? 2000 : 1900);  // RFC 2822, 4.3
    if (digits == 3) return year + 1900;
    return year;
}

void set_year(fields& f, std::string_view digits) {
    f.year = full_year(number(digits), digits.size());
    f.has_year = true;
}

void set_day(fields& f, std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    f.year = static_cast<int>(date.year());
    f.month = static_cast<unsigned>(date.month());
    f.day = static_cast<unsigned>(date.day());
}

// The day of the year, from 1.
bool set_ordinal(fields& f, std::int64_t of_year) {
    using namespace std::chrono;
    if (f.year < 1 || f.year > 9999) return false;
    const year y{static_cast<int>(f.year)};
    if (of_year < 1 || of_year > (y.is_leap() ? 366 : 365)) return false;
    set_day(f, sys_days{y / January / 1} + days{of_year - 1});
    return true;
}

// "W52-2", "W522", "W52" (its Monday) after the year; the scanner stands at the W. Week 1 has the year's 4 January.
bool read_week(scanner& s, fields& f) {
    using namespace std::chrono;
    s.skip();
    const std::string_view digits = s.digits();
    const std::int64_t week = number(digits.substr(0, 2));
    std::int64_t day = 1;
    if (digits.size() == 3) day = digits[2] - '0';
    if (digits.size() == 2 && s.peek() == '-' && is_digit(s.peek(1))) {
        s.skip();
        day = number(s.digits());
    }
    if (f.year < 1 || f.year > 9999 || week < 1 || week > 53 || day < 1 || day > 7) return false;
    const sys_days fourth{year{static_cast<int>(f.year)} / January / 4};
    const sys_days monday = fourth - (weekday{fourth} - Monday);
    set_day(f, monday + days{(week - 1) * 7 + day - 1});
    return true;
}

// "年12月31日" and the like after the year.
bool read_east_asian_date(scanner& s, fields& f) {
    s.skip_blanks();
    if (s.digits_ahead() == 0) return true;
    f.month = static_cast<unsigned>(number(s.digits()));
    s.skip_any({"月", "월"});
    s.skip_blanks();
    if (s.digits_ahead() == 0) return true;
    f.day = static_cast<unsigned>(number(s.digits()));
    s.skip_any({"日", "号", "號", "일"});
    return true;
}

// "20241231", "20241231130000", "2024366", "241231".
bool read_compact_date(std::string_view digits, fields& f) {
    const std::size_t year_digits = digits.size() == 6 ? 2 : 4;
    set_year(f, digits.substr(0, year_digits));
    if (digits.size() == 7) return set_ordinal(f, number(digits.substr(4)));
    f.month = static_cast<unsigned>(number(digits.substr(year_digits, 2)));
    f.day = static_cast<unsigned>(number(digits.substr(year_digits + 2, 2)));
    if (digits.size() == 14) {
        f.hour = number(digits.substr(8, 2));
        f.minute = number(digits.substr(10, 2));
        f.second = number(digits.substr(12, 2));
        f.has_time = true;
    }
    return true;
}

// "2024-12-31T...", "2024-12", "2024", "20241231", "2024/12/31", "2024. 12. 31.", "2024-W52-2", "2024-366",
// "2024-december-31", "2024年12月31日".
bool read_iso_date(scanner& s, fields& f) {
    const std::string_view first = s.digits();
    f.month = f.day = 1;
    if (first.size() == 5) return false;
    const bool compact = first.size() == 8 || first.size() == 14 || first.size() == 7 || first.size() == 6;
    if (compact && s.peek() != '-') return read_compact_date(first, f);
    set_year(f, first);
    if (s.skip_any({"年", "년"})) return read_east_asian_date(s, f);
    if (s.peek() == 'W' && is_digit(s.peek(1))) return read_week(s, f);
    const char separator = s.peek();
    if (separator != '-' && separator != '/' && separator != '.') return true;
    s.skip();
    if (separator == '.') s.skip_blanks();
    if (s.peek() == 'W' && is_digit(s.peek(1))) return read_week(s, f);
    if (separator == '-' && is_letter(s.peek())) {
        f.month = month_named(s.letters());
        if (f.month == 0) return false;
    } else if (!is_digit(s.peek())) {
        return true;
    } else {
        const std::string_view second = s.digits();
        if (second.size() == 3 && s.peek() != separator) return set_ordinal(f, number(second));
        f.month = static_cast<unsigned>(number(second));
    }
    if (s.peek() != separator) return true;
    s.skip();
    if (separator == '.') s.skip_blanks();
    if (!is_digit(s.peek())) return true;
    f.day = static_cast<unsigned>(number(s.digits()));
    if (f.month > 12 && f.day <= 12) std::swap(f.month, f.day);
    return true;
}

// "31.12.2024", "12/31/2024", "31-12-2024", "24-12-31": three numbers. Americans put the month first, and only they use
// slashes so; where that gives no month, it was the day. Hyphens and three numbers of two digits are ISO 8601's.
bool read_numeric_date(scanner& s, fields& f) {
    const char separator = s.peek(s.digits_ahead());
    const auto first = static_cast<unsigned>(number(s.digits()));
    s.skip();
    const auto second = static_cast<unsigned>(number(s.digits()));
    s.skip();
    const std::string_view third = s.digits();
    if (separator == '-' && third.size() == 2 && second >= 1 && second <= 12 && number(third) <= 31) {
        f.year = full_year(first, 2);
        f.has_year = true;
        f.month = second;
        f.day = static_cast<unsigned>(number(third));
        return true;
    }
    set_year(f, third);
    const bool month_first = separator == '/' && first <= 12;
    f.month = month_first ? first : second;
    f.day = month_first ? second : first;
    return f.month <= 12;
}

bool is_numeric_date(const scanner& s) {
    const std::size_t n = s.digits_ahead();
    const char separator = s.peek(n);
    if (n == 0 || n > 2 || (separator != '.' && separator != '/' && separator != '-')) return false;
    std::size_t i = n + 1;
    while (is_digit(s.peek(i))) ++i;
    return i > n + 1 && s.peek(i) == separator && is_digit(s.peek(i + 1));
}

bool read_word(scanner& s, fields& f) {
    const std::string_view word = s.letters();
    const half_of_day half = half_named(word, s.peek() == '.' ? s.peek(1) : '\0');
    if (half != half_of_day::none) {
        f.pm = half == half_of_day::after_noon;
        f.am = !f.pm;
        return true;
    }
    const bool weekday = f.day == 0 && (s.peek() == ',' || (s.peek() == '.' && s.peek(1) == ','));  // "mar., 12 août"
    if (weekday) return true;
    if (const unsigned month = month_named(word); month != 0 && f.month == 0) {
        f.month = month;
        return true;
    }
    if (f.has_time && !f.has_zone) {
        if (const auto zone = zone_named(word)) {
            f.zone_minutes = *zone;
            f.has_zone = true;
        }
        return true;  // an unknown zone: UTC, not exact
    }
    return true;  // a weekday, "de", "at"
}

bool read_number(scanner& s, fields& f) {
    const std::size_t n = s.digits_ahead();
    const char after = s.peek(n);
    if (n <= 2 && !f.has_time && (after == ':' || (after == '.' && is_digit(s.peek(n + 1)) && f.day != 0)) &&
        is_digit(s.peek(n + 1)))
        return read_time(s, f);
    if (f.day == 0 && f.month == 0 && is_numeric_date(s)) return read_numeric_date(s, f);
    if (n >= 4 && !f.has_year && f.month == 0 && f.day == 0) return read_iso_date(s, f);
    const std::string_view digits = s.digits();
    if (n == 4 && f.day != 0 && f.month != 0 && f.has_year && !f.has_time) {  // "03 Apr 02 1500 GMT"
        f.hour = number(digits.substr(0, 2));
        f.minute = number(digits.substr(2));
        f.has_time = true;
        return true;
    }
    if (f.day == 0 && n <= 2) {
        f.day = static_cast<unsigned>(number(digits));
    } else if (!f.has_year) {
        set_year(f, digits);
    } else if (f.day == 0) {
        return false;
    }
    return true;
}

// An offset can follow a time or a zone's name; elsewhere "-" is a separator ("31-Dec-2024").
bool at_offset(const scanner& s, const fields& f) {
    return f.has_time && (s.peek() == '+' || s.peek() == '-') && is_digit(s.peek(1));
}

std::optional<feed_date> assemble(fields f) {
    using namespace std::chrono;
    if (!f.has_year || f.month < 1 || f.month > 12 || f.day < 1) return std::nullopt;
    if (f.pm && f.hour < 12) f.hour += 12;
    if (f.am && f.hour == 12) f.hour = 0;
    if (f.hour > 24 || f.minute > 59 || f.second > 60) return std::nullopt;
    const std::int64_t clamped = std::clamp<std::int64_t>(f.year, 1, 9999);
    const year_month_day date{year{static_cast<int>(clamped)}, month{f.month}, day{f.day}};
    if (!date.ok()) return std::nullopt;
    timestamp when = sys_days{date};
    when +=
        hours{f.hour} + minutes{f.minute} + seconds{f.second} + milliseconds{f.millisecond} - minutes{f.zone_minutes};
    const timestamp first = sys_days{year{1} / January / 1};
    const timestamp last = timestamp{sys_days{year{9999} / December / 31}} + days{1} - milliseconds{1};
    return feed_date{std::clamp(when, first, last), f.has_time && f.has_zone && clamped == f.year};
}

// Seconds or milliseconds since 1970, of this century.
std::optional<feed_date> epoch(std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    if (text.size() == 10) return feed_date{timestamp{std::chrono::seconds{number(text)}}, true};
    if (text.size() == 13) return feed_date{timestamp{std::chrono::milliseconds{number(text)}}, true};
    return std::nullopt;
}

}  // namespace

std::optional<feed_date> parse_feed_date(std::string_view text) {
    text = ascii_trimmed(text);
    if (text.empty() || text.size() > text_bytes_max) return std::nullopt;
    std::string ascii_digits;
    if (has_other_digits(text, ascii_digits)) text = ascii_digits;
    if (auto found = epoch(text)) return found;
    scanner s(text);
    fields f;
    while (!s.done()) {
        bool ok = true;
        if (is_digit(s.peek())) {
            ok = read_number(s, f);
        } else if (at_offset(s, f)) {
            read_offset(s, f);
        } else if ((s.peek() == 'T' || s.peek() == 't') && is_digit(s.peek(1)) && f.has_year && !f.has_time) {
            s.skip();
            // "20241231T130000"
            if (s.digits_ahead() >= 4) {
                const std::string_view compact = s.digits();
                f.hour = number(compact.substr(0, 2));
                f.minute = number(compact.substr(2, 2));
                if (compact.size() >= 6) f.second = number(compact.substr(4, 2));
                f.has_time = true;
            }
        } else if (is_letter(s.peek())) {
            ok = read_word(s, f);
        } else {
            s.skip();
        }
        if (!ok) return std::nullopt;
    }
    return assemble(f);
}

}  // namespace feedwatch
