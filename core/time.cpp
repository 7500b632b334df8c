#include "core/time.hpp"

#include <algorithm>
#include <array>

namespace feedwatch {
namespace {

class machine_clock final : public clock {
  public:
    timestamp now() const override { return std::chrono::floor<duration>(std::chrono::system_clock::now()); }
};

using namespace std::chrono_literals;

struct unit {
    std::string_view name;
    duration length;
};
constexpr std::array<unit, 6> units{{{"w", 168h}, {"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};

// Reads exactly `count` digits at the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

int take_milliseconds(std::string_view& text) {
    int value = 0;
    int scale = 100;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return value;
}

// Appends `before` (0: nothing) and the number with `count` digits; snprintf takes a tenth of an item's writing.
void put_digits(std::string& out, unsigned value, unsigned count, char before) {
    if (before != 0) out += before;
    std::array<char, 4> digits{};
    for (unsigned i = count; i > 0; --i, value /= 10) digits[i - 1] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), count);
}

}  // namespace

const clock& system_clock() noexcept {
    static const machine_clock instance;
    return instance;
}

std::string to_rfc3339(timestamp t) {
    constexpr auto first = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
    constexpr auto past = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
    t = std::clamp(t, timestamp{first}, timestamp{past} - 1ms);
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{t - day};
    const auto millis = static_cast<unsigned>(time.subseconds().count());
    std::string out;
    out.reserve(24);
    put_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4, 0);
    put_digits(out, static_cast<unsigned>(date.month()), 2, '-');
    put_digits(out, static_cast<unsigned>(date.day()), 2, '-');
    put_digits(out, static_cast<unsigned>(time.hours().count()), 2, 'T');
    put_digits(out, static_cast<unsigned>(time.minutes().count()), 2, ':');
    put_digits(out, static_cast<unsigned>(time.seconds().count()), 2, ':');
    if (millis != 0) put_digits(out, millis, 3, '.');
    out += 'Z';
    return out;
}

result<timestamp> parse_rfc3339(std::string_view text) {
    const std::string_view whole = text;
    const auto malformed = [&] {
        return error(errc::malformed, "not an RFC 3339 date: '" + std::string(whole.substr(0, 40)) + "'");
    };
    const auto year = take_digits(text, 4);
    if (!year || !take(text, "-")) return malformed();
    const auto month = take_digits(text, 2);
    if (!month || !take(text, "-")) return malformed();
    const auto day = take_digits(text, 2);
    if (!day || !take(text, "Tt ")) return malformed();
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ":")) return malformed();
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ":")) return malformed();
    const auto second = take_digits(text, 2);
    if (!second) return malformed();
    const int millis = take(text, ".") ? take_milliseconds(text) : 0;

    std::chrono::minutes offset{0};
    if (!take(text, "Zz")) {
        const bool west = !text.empty() && text.front() == '-';
        if (!take(text, "+-")) return malformed();
        const auto offset_hours = take_digits(text, 2);
        if (!offset_hours || !take(text, ":")) return malformed();
        const auto offset_minutes = take_digits(text, 2);
        if (!offset_minutes || *offset_hours > 23 || *offset_minutes > 59) return malformed();
        offset = std::chrono::hours{*offset_hours} + std::chrono::minutes{*offset_minutes};
        if (west) offset = -offset;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!text.empty() || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return malformed();
    return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second} + std::chrono::milliseconds{millis} - offset;
}

result<duration> parse_duration(std::string_view text) {
    const std::string whole(text.substr(0, 40));
    duration total{0};
    if (text.empty()) return error(errc::malformed, "empty; write a duration as 500ms, 15m or 6h");
    while (!text.empty()) {
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
        std::size_t end = digits;
        while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
        const std::string_view name = text.substr(digits, end - digits);
        const auto* found = std::find_if(units.begin(), units.end(), [&](const unit& u) { return u.name == name; });
        if (digits == 0 || digits > 9 || found == units.end())
            return error(errc::malformed, "'" + whole + "' is not a duration; write 500ms, 15m, 6h or 30d");
        std::int64_t count = 0;
        for (const char c : text.substr(0, digits)) count = count * 10 + (c - '0');
        const duration more = count * found->length;  // fits: nine digits of weeks are 6e17 ms
        if (more > duration::max() - total) return error(errc::malformed, "'" + whole + "' is longer than can be told");
        total += more;
        text.remove_prefix(end);
    }
    return total;
}

std::string to_string(duration d) {
    if (d == duration::zero()) return "0s";
    std::string out = d < duration::zero() ? "-" : "";
    if (d < duration::zero()) d = -d;
    for (const unit& u : units) {
        if (u.name == "w" || d < u.length) continue;
        out += std::to_string(d / u.length);
        out += u.name;
        d %= u.length;
    }
    return out;
}

}  // namespace feedwatch
