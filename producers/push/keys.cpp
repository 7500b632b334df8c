#include "producers/push/keys.hpp"

#include <openssl/crypto.h>

#include <charconv>

#include "core/url/url.hpp"
#include "producers/push/form.hpp"
#include "producers/push/signature.hpp"

namespace feedwatch::push {
namespace {

constexpr std::size_t tag_digits = 40;  // 160 bits

bool are_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

keys::keys(secret key, std::string_view public_url) : key_(std::move(key)), base_(public_url) {
    if (!base_.ends_with('/')) base_ += '/';
}

// The feed's id comes last, so that no id can be taken for another one with a number.
std::string keys::derived(std::string_view purpose, const address& of) const {
    std::string what(purpose);
    what.append("\n").append(std::to_string(of.number)).append("\n").append(of.feed.str());
    return hmac_hex(digest::sha256, key_.reveal(), what);
}

std::string keys::callback(const address& of) const {
    return base_ + std::string(callback_prefix.substr(1)) + percent_encoded(of.feed.str()) + '/' +
           std::to_string(of.number) + '/' + derived("callback", of).substr(0, tag_digits);
}

std::optional<address> keys::read_callback(std::string_view path) const {
    const auto at = path.rfind(callback_prefix);
    if (at == std::string_view::npos) return std::nullopt;
    path.remove_prefix(at + callback_prefix.size());
    const auto first = path.find('/');
    const auto second = first == std::string_view::npos ? first : path.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const std::string_view digits = path.substr(first + 1, second - first - 1);
    address of{feed_id(percent_decoded(path.substr(0, first))), 0};
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), of.number);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (!are_equal(path.substr(second + 1), std::string_view(derived("callback", of)).substr(0, tag_digits)))
        return std::nullopt;
    return of;
}

std::string keys::hub_secret(const address& of) const {
    return derived("secret", of);
}

}  // namespace feedwatch::push
