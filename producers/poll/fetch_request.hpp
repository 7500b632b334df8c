// The request that a poll of a feed sends. Pure, but for what reads the secrets.
#pragma once

#include <string>
#include <string_view>

#include "core/config.hpp"
#include "core/record/feed.hpp"
#include "core/record/poll.hpp"
#include "io/http/client.hpp"
#include "producers/poll/article_desk.hpp"
#include "producers/poll/poller.hpp"

namespace feedwatch::polling {

// Feeds first. Everything else too: servers that negotiate and do not know the type would answer 406.
inline constexpr const char* accept_feeds =
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

// A URL's "user:password@", decoded, apart from the rest. Only `url` may be written to records and logs.
struct bare_url {
    std::string url;
    std::string userinfo;  // "user:password" or empty
};
[[nodiscard]] bare_url without_userinfo(std::string_view url);

// "example.org:8080": whom politeness is for. `url` without user and password.
[[nodiscard]] std::string host_part(std::string_view url);

// All that the feed's references stand for; an error names the one that cannot be read. Either reader may be empty.
[[nodiscard]] result<credentials> credentials_of(const feed& f, const authorizer& authorize,
                                                 const secret_reader& read_secret);

// What every request for feeds and pages keeps.
void set_limits(http::request& out, const fetch_limits& limits);

// "" where the answer has no such header.
[[nodiscard]] std::string header_of(const http::response& r, std::string_view lower_case_name);

// Validators are left out where the feed's URL has changed since, where nothing was read yet, or when a full fetch is
// due.
[[nodiscard]] http::request make_request(const feed& of, const poll& before, const credentials& with,
                                         const fetch_limits& limits, bool full);

// What a feed's articles are asked with, where they are at its own origin.
[[nodiscard]] article_secrets article_secrets_of(const feed& of, const credentials& with);

// Whether it carries validators: only then is a 304 an answer.
[[nodiscard]] bool is_conditional(const http::request& what);

// A permanent redirect that has held for so long is taken for good.
inline constexpr duration redirect_holds_after = std::chrono::days{7};
[[nodiscard]] bool redirect_has_held(const poll& before, timestamp now);

// What to ask instead of the feed's URL: where a permanent redirect leads that has held, unless what is secret would
// leave its origin. Empty: the feed's URL. After a failure it is the other's turn, so that neither a new place that
// was given up nor an old one that is gone ends the feed.
[[nodiscard]] std::string moved_to(const feed& of, const poll& before, const credentials& with, timestamp now);

// Whether the feed is due for a fetch without validators: once per `every`, at a time of its own so that feeds don't
// march in step. Nothing is remembered for it: a poll is full when the last success lies in another period.
[[nodiscard]] bool is_full_fetch_due(const feed_id& feed, const poll& before, timestamp now, duration every);

}  // namespace feedwatch::polling
