// Every record's reader on any bytes; what it accepts must be written and read again unchanged.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/record/delivery.hpp"
#include "core/record/duplicate.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "core/record/seen.hpp"
#include "core/utf8.hpp"

namespace {

template <class Read>
void round_trip(std::string_view json, const Read& read) {
    const auto first = read(json);
    if (!first) return;
    const std::string written = feedwatch::to_json(*first);
    if (!feedwatch::is_valid_utf8(written) || written.find('\0') != std::string::npos) std::abort();
    const auto second = read(written);
    // Compared as written: dates past year 9999 are clamped by the first writing.
    if (!second || feedwatch::to_json(*second) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    round_trip(json, feedwatch::flagged_item_from_json);
    round_trip(json, feedwatch::feed_from_json);
    round_trip(json, feedwatch::poll_from_json);
    round_trip(json, feedwatch::seen_from_json);
    round_trip(json, feedwatch::duplicate_from_json);
    round_trip(json, feedwatch::delivery_from_json);
    return 0;
}
