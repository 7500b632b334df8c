// What a hub says or asks with a GET (WebSub, sections 5.2 and 5.3).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace feedwatch::push {

struct intent {
    enum class mode { subscribe, unsubscribe, denied };
    mode is = mode::subscribe;
    std::string topic;
    std::string challenge;
    std::string reason;
    std::optional<duration> lease;
    friend bool operator==(const intent&, const intent&) = default;
};
inline constexpr std::size_t challenge_bytes_max = 1024;
// nullopt: none of these, without a topic or, where one is due, a challenge; or a lease that is no positive number.
[[nodiscard]] std::optional<intent> read_intent(std::string_view query);

}  // namespace feedwatch::push
