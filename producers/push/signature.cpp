#include "producers/push/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <optional>

#include "core/ascii.hpp"

namespace feedwatch::push {
namespace {

const EVP_MD* implementation(digest d) {
    switch (d) {
        case digest::sha1:
            return EVP_sha1();
        case digest::sha256:
            return EVP_sha256();
        case digest::sha384:
            return EVP_sha384();
        case digest::sha512:
            return EVP_sha512();
    }
    return EVP_sha256();
}

// SHA-1 is broken as a hash, not as an HMAC, and most hubs still sign with it.
std::optional<digest> digest_named(std::string_view name) {
    if (name == "sha1") return digest::sha1;
    if (name == "sha256") return digest::sha256;
    if (name == "sha384") return digest::sha384;
    if (name == "sha512") return digest::sha512;
    return std::nullopt;
}

}  // namespace

std::string hmac_hex(digest with, std::string_view key, std::string_view content) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    HMAC(implementation(with), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), bytes.data(), &size);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += digits[bytes[i] >> 4U];
        out += digits[bytes[i] & 15U];
    }
    return out;
}

bool is_signed(std::string_view header, std::string_view body, std::string_view key) {
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) return false;
    const auto with = digest_named(header.substr(0, equals));
    if (!with) return false;
    const std::string said = ascii_lower(header.substr(equals + 1));
    const std::string own = hmac_hex(*with, key, body);
    return said.size() == own.size() && CRYPTO_memcmp(said.data(), own.data(), own.size()) == 0;
}

}  // namespace feedwatch::push
