#include "processors/dedup/winnowing.hpp"

#include <algorithm>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace feedwatch::dedup {
namespace {

// Each of the first `count` becomes the smaller of itself and the one `step` further.
void keep_smaller(std::uint32_t* values, std::size_t count, std::size_t step) noexcept {
    std::size_t i = 0;
#ifdef __SSE2__
    for (; i + 4 <= count; i += 4) {
        const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + i));
        const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + i + step));
        const __m128i first = _mm_cmplt_epi32(a, b);
        const __m128i smaller = _mm_or_si128(_mm_and_si128(first, a), _mm_andnot_si128(first, b));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(values + i), smaller);
    }
#endif
    for (; i < count; ++i) values[i] = std::min(values[i], values[i + step]);
}

}  // namespace

// Two runs make one of up to twice the length: no branch depends on the values.
std::size_t widen(std::vector<std::uint32_t>& minima, std::size_t from, std::size_t to) {
    if (minima.empty()) return from;
    to = std::min(to, minima.size() + from - 1);
    while (from < to) {
        const std::size_t step = std::min(from, to - from);
        const std::size_t left = minima.size() - step;
        keep_smaller(minima.data(), left, step);
        minima.resize(left);
        from += step;
    }
    return from;
}

}  // namespace feedwatch::dedup
