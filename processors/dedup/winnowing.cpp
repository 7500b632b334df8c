#include "processors/dedup/winnowing.hpp"

#include <algorithm>

namespace feedwatch::dedup {

// Two runs make one of up to twice the length: no branch depends on the values.
std::size_t widen(std::vector<std::uint64_t>& minima, std::size_t from, std::size_t to) {
    if (minima.empty()) return from;
    to = std::min(to, minima.size() + from - 1);
    while (from < to) {
        const std::size_t step = std::min(from, to - from);
        const std::size_t left = minima.size() - step;
        for (std::size_t i = 0; i < left; ++i) minima[i] = std::min(minima[i], minima[i + step]);
        minima.resize(left);
        from += step;
    }
    return from;
}

}  // namespace feedwatch::dedup
