#include "io/http/robots.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view file = fuzz::text(data, size);
    const http::robots rules = http::robots::read(file, "feedwatch");
    const std::string_view path = file.substr(0, file.find('\n'));
    const std::string url = "https://host.example/" + std::string(path);
    static_cast<void>(rules.allows(url));
    static_cast<void>(rules.allows(path));
    fuzz::require(rules.allows("https://host.example/robots.txt"), "robots.txt itself may be read");
    fuzz::require(http::robots::allow_all().allows(url), "without rules all is allowed");
    if (const auto delay = rules.crawl_delay())
        fuzz::require(*delay >= duration::zero() && *delay <= std::chrono::hours{24}, "a delay of up to a day");
    return 0;
}
