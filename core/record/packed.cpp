#include "core/record/packed.hpp"

#include <algorithm>

namespace feedwatch::record {
namespace {

constexpr std::size_t hash_digits = 32;  // the usual hash: its length is not written
constexpr std::size_t hex_min = 8;       // below this the second length costs what the halves save

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// How many bytes at the end are lower-case hexadecimal digits; even, 0 for less than hex_min.
std::size_t hex_tail(std::string_view text) {
    const auto end = std::find_if(text.rbegin(), text.rend(), [](char c) { return digit(c) < 0; });
    const auto digits = static_cast<std::size_t>(end - text.rbegin()) & ~std::size_t{1};
    return digits < hex_min ? 0 : digits;
}

}  // namespace

void packer::put_number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out_ += static_cast<char>(n | 0x80);
    out_ += static_cast<char>(n);
}

void packer::put_signed(std::int64_t n) {
    put_number((static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63));
}

void packer::put_string(std::string_view text) {
    const std::size_t tail = hex_tail(text);
    const std::string_view head = text.substr(0, text.size() - tail);
    const std::uint64_t kind = tail == 0 ? 0 : tail == hash_digits ? 1 : 2;
    put_number(std::uint64_t{head.size()} << 2 | kind);
    out_ += head;
    if (kind == 2) put_number(tail / 2);
    for (std::size_t at = head.size(); at < text.size(); at += 2)
        out_ += static_cast<char>(digit(text[at]) << 4 | digit(text[at + 1]));
}

void packer::put_time(timestamp t) {
    put_signed((t - last_).count());
    last_ = t;
}

std::uint64_t unpacker::get_number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert(!in_.empty());
        const auto byte = static_cast<unsigned char>(in_.front());
        in_.remove_prefix(1);
        n |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) return n;
    }
}

std::int64_t unpacker::get_signed() {
    const std::uint64_t n = get_number();
    return static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1);
}

std::string unpacker::get_string() {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::uint64_t head = get_number();
    std::string out(in_.substr(0, head >> 2));
    in_.remove_prefix(head >> 2);
    if ((head & 3) == 0) return out;
    const std::size_t bytes = (head & 3) == 1 ? hash_digits / 2 : get_number();
    out.reserve(out.size() + 2 * bytes);
    for (const char c : in_.substr(0, bytes)) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    in_.remove_prefix(bytes);
    return out;
}

timestamp unpacker::get_time() {
    last_ += duration{get_signed()};
    return last_;
}

}  // namespace feedwatch::record
