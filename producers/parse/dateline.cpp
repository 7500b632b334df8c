#include "producers/parse/dateline.hpp"

#include <algorithm>
#include <array>

namespace feedwatch {
namespace {

constexpr std::size_t dateline_bytes_max = 100;  // place, date and agency

constexpr std::array<std::string_view, 34> agencies{
    "AP",  "Reuters", "AFP",  "UPI", "dpa",    "DPA",    "PA",   "ANSA",      "EFE", "Xinhua",    "TASS", "Interfax",
    "ANI", "PTI",     "IANS", "PNA", "Yonhap", "Kyodo",  "Jiji", "Bloomberg", "CP",  "AAP",       "APA",  "SDA",
    "ATS", "Belga",   "ANP",  "TT",  "NTB",    "Ritzau", "STT",  "MTI",       "CNS", "StatePoint"};

bool begins_with_dash(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text.starts_with("-") || text.starts_with("\xE2\x80\x93") || text.starts_with("\xE2\x80\x94") ||
           text.starts_with("\xE2\x80\x95");
}

}  // namespace

std::string agency_of_dateline(std::string_view text) {
    const std::string_view start = text.substr(0, std::min(dateline_bytes_max, text.find('\n')));
    for (std::size_t open = start.find('('); open != std::string_view::npos; open = start.find('(', open + 1)) {
        const std::size_t close = start.find(')', open);
        if (close == std::string_view::npos) break;
        const std::string_view name = start.substr(open + 1, close - open - 1);
        const bool known = std::find(agencies.begin(), agencies.end(), name) != agencies.end();
        if (known && begins_with_dash(text.substr(close + 1, 8))) return std::string(name);
    }
    return {};
}

}  // namespace feedwatch
