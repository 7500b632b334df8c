// Topic `feeds` (compacted): the subscriptions. A tombstone unsubscribes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch {

struct poll_interval {
    duration min = std::chrono::minutes{1};
    duration start = std::chrono::minutes{15};
    duration max = std::chrono::hours{6};
    friend bool operator==(const poll_interval&, const poll_interval&) = default;
};

// What the first fetch of a feed publishes.
struct first_fetch {
    enum class policy { baseline, latest, all };  // all items without alerts | the newest `latest` live | all live
    policy kind = policy::baseline;
    std::uint32_t latest = 0;
    friend bool operator==(const first_fetch&, const first_fetch&) = default;
};
[[nodiscard]] std::string to_string(const first_fetch& f);  // "baseline", "latest 5", "all"
[[nodiscard]] result<first_fetch> parse_first_fetch(std::string_view text);

// Items older than the feed's document holds, page by page.
struct backfill_request {
    static constexpr std::uint32_t pages_default = 50, pages_max = 1000;
    timestamp asked{};               // tells one request from the next
    std::uint32_t pages = 0;         // at most so many
    std::optional<timestamp> since;  // nothing published before
    friend bool operator==(const backfill_request&, const backfill_request&) = default;
};

// What commands ask of a feed, whoever owns its subscription: a feeds file that is applied again leaves it alone.
struct feed_requests {
    bool paused = false;            // besides feed::paused
    std::optional<timestamp> poll;  // when a poll at once was asked for last
    std::optional<backfill_request> backfill;
    friend bool operator==(const feed_requests&, const feed_requests&) = default;
};

struct feed {
    feed_id id;  // configured, else hash128_hex of the URL
    std::string url;
    std::string title;
    std::string publisher;
    std::vector<std::string> tags;
    poll_interval interval;
    feedwatch::first_fetch first_fetch;
    std::string language;  // overrides what the feed says
    bool paused = false;
    bool full_text = false;
    // How a secret is sent and where it stands, never the secret: "bearer:env:NAME" (app/config/credentials.hpp).
    std::string credentials;
    // Where they stand, "file:/path" or "env:NAME": PEM texts, and what opens the key.
    std::string client_certificate, client_key, client_key_passphrase;
    std::string proxy;              // "socks5h://host:1080" in the place of the network's; "none": no proxy
    std::string proxy_credentials;  // where "user:password" stands
    feed_requests asked;

    [[nodiscard]] bool is_paused() const noexcept { return paused || asked.paused; }
    friend bool operator==(const feed&, const feed&) = default;
};

[[nodiscard]] std::string to_json(const feed& f);
[[nodiscard]] result<feed> feed_from_json(std::string_view json);

// For what rests in memory only (core/record/packed.hpp). `packed` is moved behind what was read.
void append_packed(const feed& f, std::string& out);
[[nodiscard]] feed feed_from_packed(std::string_view& packed);

}  // namespace feedwatch
