// The guard against requests to our own network (SSRF). It looks at the address that is connected to, so no spelling of
// a host name gets around it.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "io/http/client.hpp"

namespace feedwatch::http {
namespace {

struct ip {
    bool v6 = false;
    std::array<unsigned char, 16> bytes{};  // IPv4 in the first four
};

struct prefix {
    const char* network;
    unsigned bits;
};

// IANA special-purpose registry (RFC 6890 and later), multicast and reserved space; 192.88.99/24 is the old 6to4 relay.
constexpr prefix closed_v4[] = {
    {"0.0.0.0", 8},     {"10.0.0.0", 8},      {"100.64.0.0", 10},  {"127.0.0.0", 8},    {"169.254.0.0", 16},
    {"172.16.0.0", 12}, {"192.0.0.0", 24},    {"192.0.2.0", 24},   {"192.88.99.0", 24}, {"192.168.0.0", 16},
    {"198.18.0.0", 15}, {"198.51.100.0", 24}, {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4},
};
// Inside 2000::/3, outside which nothing is public: protocol assignments with Teredo and ORCHID, documentation.
constexpr prefix closed_v6[] = {{"2001::", 23}, {"2001:db8::", 32}, {"3fff::", 20}};

std::optional<ip> parse_ip(std::string_view text) {
    const std::string copy(text);
    ip out;
    if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) return out;
    out.v6 = true;
    if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out;
    return std::nullopt;
}

bool in_block(const unsigned char* address, const unsigned char* network, unsigned bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(address, address + whole, network)) return false;
    if (bits % 8 == 0) return true;
    const auto mask = static_cast<unsigned char>(0xFFU << (8 - bits % 8));
    return (address[whole] & mask) == (network[whole] & mask);
}

bool in(const ip& address, const prefix& p) {
    const auto network = parse_ip(p.network);
    return network && network->v6 == address.v6 && in_block(address.bytes.data(), network->bytes.data(), p.bits);
}

ip embedded_v4(const ip& address, std::size_t at) {
    ip out;
    std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, out.bytes.begin());
    return out;
}

// ::ffff:127.0.0.1 is 127.0.0.1 to the kernel, so it is to us.
ip unmapped(const ip& address) {
    return address.v6 && in(address, {"::ffff:0.0.0.0", 96}) ? embedded_v4(address, 12) : address;
}

bool is_public(const ip& mapped) {
    const ip address = unmapped(mapped);
    if (!address.v6)
        return std::none_of(std::begin(closed_v4), std::end(closed_v4),
                            [&](const prefix& p) { return in(address, p); });
    if (in(address, {"64:ff9b::", 96})) return is_public(embedded_v4(address, 12));  // NAT64
    if (in(address, {"2002::", 16})) return is_public(embedded_v4(address, 2));      // 6to4
    if (!in(address, {"2000::", 3})) return false;
    return std::none_of(std::begin(closed_v6), std::end(closed_v6), [&](const prefix& p) { return in(address, p); });
}

}  // namespace

bool is_public_address(std::string_view address) noexcept {
    const auto parsed = parse_ip(address);
    return parsed && is_public(*parsed);
}

result<address_guard> address_guard::make(const std::vector<std::string>& allow) {
    address_guard out;
    for (const std::string& text : allow) {
        const auto bad = [&] {
            return error(feedwatch::errc::invalid_config,
                         "'" + text + "' is not an address block; write 10.0.0.0/8 or fd00::/8");
        };
        const auto slash = text.find('/');
        const auto address = parse_ip(std::string_view(text).substr(0, slash));
        if (!address) return bad();
        const unsigned bits_max = address->v6 ? 128 : 32;
        block b{address->v6, {}, bits_max};
        if (slash != std::string::npos) {
            const char* end = text.data() + text.size();
            const auto [stop, problem] = std::from_chars(text.data() + slash + 1, end, b.prefix);
            if (problem != std::errc{} || stop != end || b.prefix > bits_max) return bad();
        }
        std::copy(address->bytes.begin(), address->bytes.end(), b.bytes);
        out.allow_.push_back(b);
    }
    return out;
}

bool address_guard::allows(std::string_view address) const noexcept {
    const auto parsed = parse_ip(address);
    if (!parsed) return false;
    if (is_public(*parsed)) return true;
    const ip plain = unmapped(*parsed);
    return std::any_of(allow_.begin(), allow_.end(), [&](const block& b) {
        return b.v6 == plain.v6 && in_block(plain.bytes.data(), b.bytes, b.prefix);
    });
}

}  // namespace feedwatch::http
