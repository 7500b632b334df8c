#include "producers/poll/report.hpp"

#include "core/url/url.hpp"
#include "io/log/log.hpp"
#include "producers/poll/backfill.hpp"
#include "producers/poll/event_log.hpp"
#include "producers/poll/fetch_request.hpp"

namespace feedwatch::polling {

report report_of(const conclusion& c, const result<http::response>& outcome) {
    report out;
    const poll& p = c.next;
    out.feed = p.feed;
    out.outcome = p.outcome;
    out.failed = c.failed;
    if (outcome) out.fetch_seconds = std::chrono::duration<double>(outcome->elapsed).count();
    out.body_bytes = c.body_bytes;
    out.items_new = p.items_new;
    out.items_updated = p.items_updated;
    out.items_known = p.items_known;
    out.rejected = c.rejected;
    out.possibly_missed = p.possibly_missed;
    for (const poll_event& e : p.events) out.events.push_back(e.kind);
    for (const item& i : c.items) {
        if (i.origin != origin::live || !i.published || *i.published > i.observed) continue;
        out.delays_seconds.push_back(std::chrono::duration<double>(i.observed - *i.published).count());
    }
    out.last_success = p.last_success;
    out.next_due = p.next_due;
    return out;
}

void tell(const poll& before, const conclusion& c) {
    const poll& p = c.next;
    if (c.failed) {
        const bool turned = before.outcome != p.outcome;
        if (p.outcome == outcomes::gone && turned)
            log::warning("the feed says it is gone; it is asked once a day",
                         {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}});
        else if (turned)
            log::warning(
                "polling a feed fails",
                {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"reason", p.outcome}, {"detail", p.detail}});
    }
    log_events(p);
    if (!p.redirected_to.empty() && p.redirected_to != before.redirected_to)
        log::warning("the feed has moved; its new URL belongs into the configuration",
                     {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"to", redacted_url(p.redirected_to)}});
    if (redirect_has_held(p, p.at) && !redirect_has_held(before, before.at))
        log::warning("the feed's permanent redirect has held for a week",
                     {{"feed", p.feed.str()}, {"url", redacted_url(p.url)}, {"to", redacted_url(p.redirected_to)}});
}

void tell(const feed_id& feed, const backfill_progress& at) {
    if (at.state == backfill_states::running) return;
    log::info(
        "a backfill has ended",
        {{"feed", feed.str()}, {"state", at.state}, {"pages", at.pages}, {"items", at.items}, {"detail", at.detail}});
}

}  // namespace feedwatch::polling
