#include "processors/dedup/packing.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace feedwatch::dedup {
namespace {

constexpr unsigned rice_bits_max = 15;

// Gap before the `i`-th, less one (they are distinct); of the first, itself.
constexpr std::uint32_t gap(std::span<const std::uint16_t> sample, std::size_t i) noexcept {
    return i == 0 ? sample[0] : sample[i] - sample[i - 1] - 1U;
}

// The code's fixed part for which the whole is shortest.
unsigned best_bits(std::span<const std::uint16_t> sample) noexcept {
    const double mean = static_cast<double>(sample.back()) / static_cast<double>(sample.size());
    unsigned guess = 0;
    while (guess < rice_bits_max && static_cast<double>(2U << guess) <= mean * 0.7 + 1) ++guess;
    unsigned best = guess;
    std::size_t least = SIZE_MAX;
    for (unsigned bits = guess > 0 ? guess - 1 : 0; bits <= std::min(guess + 1, rice_bits_max); ++bits) {
        std::size_t total = sample.size() * (bits + 1);
        for (std::size_t i = 0; i < sample.size(); ++i) total += gap(sample, i) >> bits;
        if (total < least) {
            least = total;
            best = bits;
        }
    }
    return best;
}

class bit_writer {
  public:
    explicit bit_writer(packed_bytes& out) : out_(out) {}
    // At most 32 bits.
    void put(std::uint64_t value, unsigned bits) {
        held_ |= value << count_;
        count_ += bits;
        for (; count_ >= 8; count_ -= 8, held_ >>= 8U) out_.push_back(static_cast<std::byte>(held_));
    }
    void finish() {
        if (count_ > 0) out_.push_back(static_cast<std::byte>(held_));
    }

  private:
    packed_bytes& out_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

}  // namespace

void put_varint(packed_bytes& out, std::uint64_t n) {
    for (; n >= 0x80; n >>= 7U) out.push_back(static_cast<std::byte>(n | 0x80));
    out.push_back(static_cast<std::byte>(n));
}

std::uint64_t get_varint(const std::byte*& at) noexcept {
    std::uint64_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto b = std::to_integer<std::uint64_t>(*at++);
        n |= (b & 0x7FU) << shift;
        if (b < 0x80) return n;
    }
}

// Bytes that follow, how many hashes, the code's fixed bits, the code; of an empty sample one zero.
void put_sample(packed_bytes& out, std::span<const std::uint16_t> sample) {
    if (sample.empty()) {
        put_varint(out, 0);
        return;
    }
    const unsigned bits = best_bits(sample);
    thread_local packed_bytes code;
    code.clear();
    put_varint(code, sample.size());
    code.push_back(static_cast<std::byte>(bits));
    bit_writer w(code);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const std::uint32_t g = gap(sample, i);
        std::uint32_t quotient = g >> bits;
        for (; quotient >= 32; quotient -= 32) w.put(0, 32);
        w.put(std::uint64_t{1} << quotient, quotient + 1);
        w.put(g & ((1U << bits) - 1), bits);
    }
    w.finish();
    put_varint(out, code.size());
    out.insert(out.end(), code.begin(), code.end());
}

void get_sample(const std::byte*& at, std::vector<std::uint16_t>& sample) {
    sample.clear();
    const std::uint64_t size = get_varint(at);
    if (size == 0) return;
    const std::byte* const end = at + size;
    sample.resize(get_varint(at));
    const auto bits = std::to_integer<unsigned>(*at++);
    std::size_t bit = 0;
    std::uint32_t next = 0;
    for (std::uint16_t& value : sample) {
        std::uint32_t quotient = 0;
        std::uint64_t window = 0;
        for (;;) {
            std::memcpy(&window, at + bit / 8, sizeof(window));
            window >>= bit % 8;
            const auto zeros = static_cast<unsigned>(std::countr_zero(window));
            if (zeros + bits < 56) {
                quotient += zeros;
                bit += zeros + 1;
                window >>= zeros + 1;
                break;
            }
            const unsigned skipped = std::min(zeros, 40U);
            quotient += skipped;
            bit += skipped;
        }
        next += (quotient << bits) + static_cast<std::uint32_t>(window & ((1U << bits) - 1U));
        bit += bits;
        value = static_cast<std::uint16_t>(next++);
    }
    at = end;
}

void skip_sample(const std::byte*& at) noexcept {
    const std::uint64_t size = get_varint(at);
    at += size;
}

}  // namespace feedwatch::dedup
