// Which hub a feed names, and under which URL the hub knows the feed (WebSub, section 4). Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace feedwatch::push {

// One value of a Link header (RFC 8288).
struct web_link {
    std::string target;                  // as it stands there
    std::vector<std::string> relations;  // in lower case
    friend bool operator==(const web_link&, const web_link&) = default;
};
inline constexpr std::size_t links_max = 64;  // of one answer; the rest is left out
[[nodiscard]] std::vector<web_link> read_link_header(std::string_view value);

struct advertised {
    std::vector<std::string> hubs;  // https before http; empty: no push
    std::string topic;
    friend bool operator==(const advertised&, const advertised&) = default;
};
inline constexpr std::size_t url_bytes_max = 2048;  // longer ones are left out: they are sent back with every request

// What the document itself says.
struct embedded_links {
    std::vector<std::string> hubs;
    std::string self;
};

// Headers come first; only without a hub in them the document counts. A topic that neither names is the feed's URL.
// `headers` as http::response has them, names in lower case; `url` is the document's, without user and password.
[[nodiscard]] advertised discover(const std::vector<std::pair<std::string, std::string>>& headers,
                                  const embedded_links& document, std::string_view url);

}  // namespace feedwatch::push
