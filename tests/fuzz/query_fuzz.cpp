// Any bytes as a query: refused with a reason, or a tree whose canonical text reads as itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "processors/match/query.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch::match_query;
    const std::string_view query(reinterpret_cast<const char*>(data), size);
    const parsed first = parse(query);
    if (first.root.has_value() == !first.mistakes.empty()) std::abort();
    for (const mistake& m : first.mistakes) {
        if (m.offset > size || m.message.empty()) std::abort();
    }
    if (!first.root) return 0;
    const std::string text = to_text(*first.root);
    const parsed second = parse(text);
    // Escapes and operators that were left out may make the canonical text longer than a query may be.
    if (text.size() > limits{}.bytes_max / 2 || size > limits{}.bytes_max / 4) return 0;
    if (!second.root || to_text(*second.root) != text) std::abort();
    return 0;
}
