#include "producers/schedule/http_date.hpp"

#include <ctime>
#include <string>

namespace feedwatch::schedule {

std::optional<timestamp> parse_http_date(std::string_view text) {
    if (text.size() > 64) return std::nullopt;
    const std::string copy(text);
    for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
        std::tm parts{};
        const char* end = strptime(copy.c_str(), format, &parts);  // no locale is ever set: English names
        if (end == nullptr || *end != '\0') continue;
        return timestamp{std::chrono::seconds{timegm(&parts)}};
    }
    return std::nullopt;
}

}  // namespace feedwatch::schedule
