// What is secret of subscriptions, all derived from one configured key by HMAC-SHA256: nothing of it needs to be
// stored. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/config.hpp"
#include "core/named.hpp"

namespace feedwatch::push {

// One subscription of one feed.
struct address {
    feed_id feed;
    std::uint64_t number = 0;
    friend bool operator==(const address&, const address&) = default;
};

class keys {
  public:
    keys(secret key, std::string_view public_url);

    // "https://feedwatch.example/", with a slash at its end.
    [[nodiscard]] const std::string& base() const noexcept { return base_; }
    // Where the hub delivers: base, "websub/", feed, number and a tag that nobody can guess.
    [[nodiscard]] std::string callback(const address& of) const;
    // From a request's path, whatever stands before "/websub/" (a proxy may leave the base's path or not). nullopt: the
    // tag is not ours.
    [[nodiscard]] std::optional<address> read_callback(std::string_view path) const;
    // hub.secret: 64 hexadecimal digits.
    [[nodiscard]] std::string hub_secret(const address& of) const;

  private:
    [[nodiscard]] std::string derived(std::string_view purpose, const address& of) const;

    secret key_;
    std::string base_;
};

inline constexpr std::string_view callback_prefix = "/websub/";

}  // namespace feedwatch::push
