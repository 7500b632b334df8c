#include "processors/dedup/packing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace feedwatch::dedup {
namespace {

constexpr std::string_view id_prefix = "1:";
constexpr std::size_t id_digits = 32;
template <class Hash>
constexpr unsigned rice_bits_max = sizeof(Hash) * 8 - 1;

// Of lower-case digits; 16 for all else.
constexpr std::array<std::uint8_t, 256> digits_of = [] {
    std::array<std::uint8_t, 256> t{};
    t.fill(16);
    for (std::uint8_t i = 0; i < 10; ++i) t['0' + i] = i;
    for (std::uint8_t i = 0; i < 6; ++i) t['a' + i] = static_cast<std::uint8_t>(10 + i);
    return t;
}();

// Whether it is one; `out` are then the bytes.
bool read_hashed(std::string_view id, std::array<std::byte, id_digits / 2>& out) noexcept {
    if (id.size() != id_prefix.size() + id_digits || !id.starts_with(id_prefix)) return false;
    unsigned wrong = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const unsigned high = digits_of[static_cast<unsigned char>(id[id_prefix.size() + 2 * i])];
        const unsigned low = digits_of[static_cast<unsigned char>(id[id_prefix.size() + 2 * i + 1])];
        wrong |= high | low;
        out[i] = static_cast<std::byte>(high << 4U | low);
    }
    return wrong < 16;
}

// Gap before the `i`-th, less one (they are distinct); of the first, itself.
template <class Hash>
constexpr std::uint32_t gap(std::span<const Hash> sample, std::size_t i) noexcept {
    return i == 0 ? sample[0] : static_cast<std::uint32_t>(sample[i] - sample[i - 1] - 1U);
}

// The code's fixed part for which the whole is shortest, and how long that is.
struct code_length {
    unsigned bits = 0;
    std::size_t total = 0;
};

template <class Hash>
code_length best_code(std::span<const Hash> sample) noexcept {
    const double mean = static_cast<double>(sample.back()) / static_cast<double>(sample.size());
    unsigned guess = 0;
    while (guess < rice_bits_max<Hash> && static_cast<double>(std::uint64_t{2} << guess) <= mean * 0.7 + 1) ++guess;
    const unsigned first = guess > 0 ? guess - 1 : 0;
    const unsigned last = std::min(guess + 1, rice_bits_max<Hash>);
    std::array<std::size_t, 3> quotients{};
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const std::size_t quotient = gap(sample, i) >> first;
        quotients[0] += quotient;
        quotients[1] += quotient >> 1U;
        quotients[2] += quotient >> 2U;
    }
    code_length best{.bits = guess, .total = SIZE_MAX};
    for (unsigned bits = first; bits <= last; ++bits) {
        const std::size_t total = sample.size() * (bits + 1) + quotients[bits - first];
        if (total < best.total) best = {.bits = bits, .total = total};
    }
    return best;
}

// Writes up to 7 bytes past the end of what it wrote.
class bit_writer {
  public:
    explicit bit_writer(std::byte* at) : at_(at) {}
    // At most 56 bits.
    void put(std::uint64_t value, unsigned bits) noexcept {
        held_ |= value << count_;
        count_ += bits;
        std::memcpy(at_, &held_, sizeof(held_));
        at_ += count_ / 8;
        held_ = count_ == 64 ? 0 : held_ >> (count_ & ~7U);
        count_ %= 8;
    }

  private:
    std::byte* at_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

constexpr std::size_t varint_bytes(std::uint64_t n) noexcept {
    return (static_cast<std::size_t>(std::bit_width(n | 1U)) + 6) / 7;
}

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

void put_id(packed_bytes& out, std::string_view id) {
    std::array<std::byte, id_digits / 2> hashed;
    if (read_hashed(id, hashed)) {
        out.push_back(std::byte{0});
        out.insert(out.end(), hashed.begin(), hashed.end());
        return;
    }
    put_varint(out, id.size() + 1);
    const auto bytes = std::as_bytes(std::span(id));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::span<const std::byte> get_id(const std::byte*& at) noexcept {
    const std::byte* const begin = at;
    const std::uint64_t n = get_varint(at);
    at += n == 0 ? id_digits / 2 : n - 1;
    return {begin, at};
}

std::string unpacked_id(std::span<const std::byte> packed) {
    const std::byte* at = packed.data();
    const std::uint64_t n = get_varint(at);
    if (n > 0) return {reinterpret_cast<const char*>(at), static_cast<std::size_t>(n - 1)};
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string id{id_prefix};
    for (std::size_t i = 0; i < id_digits / 2; ++i) {
        const auto b = std::to_integer<unsigned>(at[i]);
        id += digits[b >> 4U];
        id += digits[b & 15U];
    }
    return id;
}

// Bytes that follow, how many hashes, the code's fixed bits, the code; of an empty sample one zero.
template <class Hash>
void put_sample(packed_bytes& out, std::span<const Hash> sample) {
    if (sample.empty()) {
        put_varint(out, 0);
        return;
    }
    const auto [bits, total] = best_code(sample);
    const std::size_t bytes = (total + 7) / 8;
    put_varint(out, varint_bytes(sample.size()) + 1 + bytes);
    put_varint(out, sample.size());
    out.push_back(static_cast<std::byte>(bits));
    const std::size_t begin = out.size();
    out.resize(begin + bytes + sizeof(std::uint64_t));
    bit_writer w(out.data() + begin);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const std::uint32_t g = gap(sample, i);
        std::uint32_t quotient = g >> bits;
        for (; quotient >= 24; quotient -= 24) w.put(0, 24);
        const std::uint64_t rest = g & ((std::uint64_t{1} << bits) - 1);
        w.put((rest << 1U | 1U) << quotient, quotient + 1 + bits);
    }
    out.resize(begin + bytes);
}

template <class Hash>
void get_sample(const std::byte*& at, std::vector<Hash>& sample) {
    sample.clear();
    const std::uint64_t size = get_varint(at);
    if (size == 0) return;
    const std::byte* const end = at + size;
    sample.resize(get_varint(at));
    const auto bits = std::to_integer<unsigned>(*at++);
    std::size_t bit = 0;
    std::uint32_t next = 0;
    for (Hash& value : sample) {
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
        next += (quotient << bits) + static_cast<std::uint32_t>(window & ((std::uint64_t{1} << bits) - 1));
        bit += bits;
        value = static_cast<Hash>(next++);
    }
    at = end;
}

template void put_sample(packed_bytes&, std::span<const std::uint16_t>);
template void put_sample(packed_bytes&, std::span<const std::uint32_t>);
template void get_sample(const std::byte*&, std::vector<std::uint16_t>&);
template void get_sample(const std::byte*&, std::vector<std::uint32_t>&);

void skip_sample(const std::byte*& at) noexcept {
    const std::uint64_t size = get_varint(at);
    at += size;
}

}  // namespace feedwatch::dedup
