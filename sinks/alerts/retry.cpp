#include "sinks/alerts/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <string>

#include "core/hash.hpp"

namespace feedwatch::alerts {
namespace {

using namespace std::chrono_literals;
constexpr std::array<duration, 9> schedule{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
constexpr duration asked_max = 24h;

// IMF-fixdate, the one form that RFC 9110 lets a server send.
std::optional<timestamp> http_date(const std::string& text) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return timestamp(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

duration retry_pause(std::uint32_t failures, std::string_view key, std::uint64_t seed) {
    const std::size_t index = std::min<std::size_t>(failures == 0 ? 0 : failures - 1, schedule.size() - 1);
    const duration pause = schedule[index];
    const auto thousandths = static_cast<std::int64_t>(hash64(key, seed + failures) % 201);  // 0..200: up to a fifth
    return pause + duration(pause.count() * thousandths / 1000);
}

std::optional<duration> retry_after(std::string_view header, timestamp now) {
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    const bool is_number = end == header.data() + header.size() && !header.empty();
    if (is_number && failed == std::errc::result_out_of_range) return asked_max;
    if (is_number && failed == std::errc{}) {
        if (seconds <= 0) return std::nullopt;
        return std::min<duration>(std::chrono::seconds(std::min<std::int64_t>(seconds, 1'000'000)), asked_max);
    }
    const auto date = http_date(std::string(header));
    if (!date || *date <= now) return std::nullopt;
    return std::min<duration>(*date - now, asked_max);
}

}  // namespace feedwatch::alerts
