// A request in topic `fetched` to take a story down. It is a record without a value, so that no reader takes it for an
// item; the key says what: "forget:story:ID", "forget:item:ID", or "forget:url:" and the hash of the canonical URL as
// 16 hexadecimal digits. Headers `feedwatch-member` name items of the story that dedup may not remember any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace feedwatch {

struct forget_request {
    enum class by { story, item, url };
    by what = by::story;
    std::string id;              // of the story or item
    std::uint64_t url_hash = 0;  // of the canonical URL
    friend bool operator==(const forget_request&, const forget_request&) = default;
};

inline constexpr std::string_view forget_member_header = "feedwatch-member";

[[nodiscard]] std::string to_key(const forget_request& r);
// nullopt: it asks for nothing of the kind.
[[nodiscard]] std::optional<forget_request> forget_request_from_key(std::string_view key);

}  // namespace feedwatch
