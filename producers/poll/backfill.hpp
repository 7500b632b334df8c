// The pages behind a feed's document, asked for one after another when a command wants them. Pure; what is known of a
// backfill stands in the feed's checkpoint, so that a restart goes on with the page it was at.
//
// The feed itself is read first, to see where older items are: at its link to an archive (RFC 5005, "prev-archive"), at
// its link to the next page, else by numbers: "?paged=2", "?paged=3" as WordPress has them, or "?page=2". It publishes
// nothing: what is new there is live, and the next poll brings it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "producers/poll/fetch_request.hpp"
#include "producers/poll/outcome.hpp"
#include "producers/poll/subscribed.hpp"

namespace feedwatch::polling {

namespace backfill_states {
inline constexpr const char* running = "running";
inline constexpr const char* done = "done";
inline constexpr const char* failed = "failed";
}  // namespace backfill_states

inline constexpr duration between_pages = std::chrono::seconds{1};
inline constexpr std::uint32_t page_attempts_max = 5;

// When the next page is to be asked for. nullopt: nothing was asked, it has ended, or the feed itself was never read
// yet (its first fetch comes first).
[[nodiscard]] std::optional<timestamp> page_due(const feed& of, const poll& checkpoint);
// Where; only while page_due() says when.
[[nodiscard]] std::string page_url(const feed& of, const poll& checkpoint);
// Whether a page comes before the feed's next poll.
[[nodiscard]] bool is_page_next(const subscribed& f);

// What is secret stays at the origin of the feed's own URL.
[[nodiscard]] http::request make_page_request(const feed& of, const poll& checkpoint, const credentials& with,
                                              const fetch_limits& limits);

struct page_conclusion {
    poll next;                // the checkpoint with the progress of the backfill; nothing else in it has changed
    std::vector<item> items;  // origin `backfill`, oldest first; none that the feed's window knows
    std::optional<duration> host_pause;  // the server asked for it
};
[[nodiscard]] page_conclusion conclude_page(const feed& of, const poll& before, const answer& got,
                                            const outcome_options& options);

// "https://a.example/feed?x=1" -> "https://a.example/feed?x=1&paged=2"; one that is there is replaced.
[[nodiscard]] std::string with_query(std::string_view url, std::string_view name, std::uint32_t value);

}  // namespace feedwatch::polling
