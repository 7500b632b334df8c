#include "producers/parse/date.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    if (const auto date = parse_feed_date(fuzz::text(data, size))) {
        const auto back = parse_rfc3339(to_rfc3339(date->when));
        fuzz::require(back && *back == date->when, "dates can be written and read again");
    }
    return 0;
}
