#include "sinks/alerts/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace feedwatch::alerts {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t key_bytes_min = 24;  // Standard Webhooks, "Signature scheme"
constexpr std::size_t key_bytes_max = 64;

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t n) {
            return i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0U;
        };
        const std::uint32_t group = (std::uint32_t{at(0)} << 16U) | (std::uint32_t{at(1)} << 8U) | std::uint32_t{at(2)};
        for (const unsigned shift : {18U, 12U, 6U, 0U}) out += alphabet[(group >> shift) & 63U];
    }
    if (bytes.size() % 3 > 0)
        for (std::size_t pad = bytes.size() % 3; pad < 3; ++pad) out[out.size() - (3 - pad)] = '=';
    return out;
}

result<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return error(errc::malformed, "base64 has groups of four characters");
    std::string_view digits = text;
    for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.remove_suffix(1);
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : digits) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return error(errc::malformed, "a character that base64 does not have");
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>((bits >> held) & 0xffU);
    }
    if (held >= 6) return error(errc::malformed, "base64 ends in the middle of a byte");
    return out;
}

result<signing_key> signing_key::parse(const secret& text) {
    std::string_view encoded = text.reveal();
    constexpr std::string_view prefix = "whsec_";
    if (encoded.starts_with(prefix)) encoded.remove_prefix(prefix.size());
    auto bytes = from_base64(encoded);
    if (!bytes) return error(errc::invalid_config, "the secret is not \"whsec_\" and base64: " + bytes.error().detail);
    if (bytes->size() < key_bytes_min || bytes->size() > key_bytes_max)
        return error(errc::invalid_config,
                     "the secret has " + std::to_string(bytes->size()) +
                         " bytes; 24 to 64 are asked for (\"whsec_\" and: openssl rand -base64 32)");
    return signing_key(std::move(*bytes));
}

std::string signing_key::sign(std::string_view id, std::int64_t unix_seconds, std::string_view body) const {
    std::string content(id);
    content.append(".").append(std::to_string(unix_seconds)).append(".").append(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), bytes_.data(), static_cast<int>(bytes_.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &size);
    return "v1," + to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

std::string signatures(const std::vector<signing_key>& keys, std::string_view id, std::int64_t unix_seconds,
                       std::string_view body) {
    std::string out;
    for (const signing_key& k : keys) {
        if (!out.empty()) out += ' ';
        out += k.sign(id, unix_seconds, body);
    }
    return out;
}

}  // namespace feedwatch::alerts
