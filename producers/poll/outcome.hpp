// From a feed's answer to its next checkpoint and the items to publish. Pure: the heart of the poller.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "io/http/client.hpp"
#include "producers/poll/window.hpp"
#include "producers/push/discovery.hpp"
#include "producers/schedule/pace.hpp"

namespace feedwatch::polling {

struct answer {
    result<http::response> outcome;  // an error of another category than http's: the credentials could not be read
    timestamp at{};                  // when it came
    std::string url;                 // the feed's, without user and password
    bool moved = false;              // asked was the checkpoint's redirected_to instead
    bool conditional = true;         // asked with validators
};

struct outcome_options {
    std::size_t items_max = 2000;
    window_limits window;
    std::uint64_t seed = 0;
};

struct conclusion {
    poll next;
    std::vector<item> items;   // new and changed, oldest first
    std::size_t rejected = 0;  // items of the document that were left out, with a warning in `next`
    bool failed = false;
    std::optional<duration> host_pause;                // the server asked for it (429, 503)
    schedule::lesson taught = schedule::lesson::none;  // about the host's pace
    std::size_t body_bytes = 0;
    std::optional<push::embedded_links> links;  // of a document that was read
};

[[nodiscard]] conclusion conclude(const feed& of, const poll& before, const answer& got,
                                  const outcome_options& options);

enum class feed_state { ok, backoff, gone };
[[nodiscard]] feed_state state_of(const poll& checkpoint) noexcept;

// Every value that poll::outcome can take.
namespace outcomes {
inline constexpr const char* ok = "ok";
inline constexpr const char* not_modified = "not_modified";
inline constexpr const char* not_a_feed = "not_a_feed";
inline constexpr const char* http_status = "http";
inline constexpr const char* gone = "gone";
inline constexpr const char* credentials = "credentials";
}  // namespace outcomes

// Every value that poll_event::kind can take.
namespace events {
inline constexpr const char* possibly_missed = "possibly_missed";  // nothing of the last document is left
inline constexpr const char* ids_changed = "ids_changed";          // of most items at once; they keep their ids here
inline constexpr const char* identity_downgraded = "identity_downgraded";  // to a rule that holds; see numbering.hpp
inline constexpr const char* retracted = "retracted";
inline constexpr const char* reappeared = "reappeared";  // after they had been retracted
inline constexpr const char* corrected = "corrected";    // published again, under the same id
inline constexpr const char* suspicious = "suspicious";  // see look.hpp; the items are published as ever
inline constexpr std::array all{possibly_missed, ids_changed, identity_downgraded, retracted,
                                reappeared,      corrected,   suspicious};
}  // namespace events

}  // namespace feedwatch::polling
