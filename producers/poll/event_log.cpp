#include "producers/poll/event_log.hpp"

#include <map>

#include "core/url/url.hpp"
#include "io/log/log.hpp"
#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {

void log_events(const poll& p) {
    // Corrected items and those that reappear are everyday.
    static const std::map<std::string_view, std::string_view> messages{
        {events::possibly_missed, "no item of the poll before is left: items may have been missed"},
        {events::ids_changed, "the feed has changed the ids of its items"},
        {events::identity_downgraded, "the feed's ids do not hold: its items are told apart by a safer rule"},
        {events::retracted, "items vanished from the feed while older ones remain"},
        {events::suspicious, "the feed may no longer be the one that was subscribed"}};
    for (const poll_event& e : p.events) {
        const auto message = messages.find(e.kind);
        if (message == messages.end()) continue;
        log::warning(message->second,
                     {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"count", e.count}, {"detail", e.detail}});
    }
}

}  // namespace feedwatch::polling
