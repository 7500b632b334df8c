#include "producers/poll/metrics.hpp"

#include "io/log/log.hpp"

namespace feedwatch::polling {
namespace {

constexpr const char* items_help = "Items found in fetched documents, by what they were: new, seen, updated, rejected.";

double seconds(timestamp t) {
    return std::chrono::duration<double>(t.time_since_epoch()).count();
}

std::map<std::string, counter*> family(meter& counts, const std::string& name, const std::string& help,
                                       const std::string& label, const std::vector<std::string>& values) {
    std::map<std::string, counter*> out;
    for (const std::string& v : values) out[v] = &counts.get_counter(name, help, {{label, v}});
    return out;
}

std::vector<std::string> reasons() {
    std::vector<std::string> out{outcomes::http_status, outcomes::gone, outcomes::not_a_feed, outcomes::credentials};
    for (int code = static_cast<int>(http::errc::timeout); code <= static_cast<int>(http::errc::cancelled); ++code)
        out.emplace_back(http::name_of(static_cast<http::errc>(code)));
    return out;
}

}  // namespace

metrics::metrics(meter& counts, std::size_t feed_series_max)
    : counts_(counts),
      feed_series_max_(feed_series_max),
      results_(family(counts, "feedwatch_feed_polls_total", "Polls of feeds by result.", "result",
                      {outcomes::ok, outcomes::not_modified, "failed"})),
      reasons_(
          family(counts, "feedwatch_feed_fetch_errors_total", "Polls that failed, by reason.", "reason", reasons())),
      items_new_(counts.get_counter("feedwatch_feed_items_total", items_help, {{"kind", "new"}})),
      items_seen_(counts.get_counter("feedwatch_feed_items_total", items_help, {{"kind", "seen"}})),
      items_updated_(counts.get_counter("feedwatch_feed_items_total", items_help, {{"kind", "updated"}})),
      items_rejected_(counts.get_counter("feedwatch_feed_items_total", items_help, {{"kind", "rejected"}})),
      possibly_missed_(counts.get_counter("feedwatch_feed_possibly_missed_total",
                                          "Polls that had no item in common with the poll before.")),
      events_(family(counts, "feedwatch_feed_events_total", "Polls that saw something besides new items, by what.",
                     "kind", {events::all.begin(), events::all.end()})),
      duration_(counts.get_histogram("feedwatch_feed_fetch_duration_seconds",
                                     "From sending a request to its answer's end.",
                                     {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60})),
      bytes_(counts.get_histogram("feedwatch_feed_response_bytes", "Size of a fetched document after decompression.",
                                  {1e3, 4e3, 16e3, 64e3, 256e3, 1e6, 4e6, 16e6})),
      delay_(counts.get_histogram("feedwatch_feed_item_delay_seconds",
                                  "From an item's date of publication to its first poll.",
                                  {1, 5, 15, 60, 300, 900, 3600, 14400, 43200, 86400, 604800})),
      feeds_{} {
    const std::array<const char*, 3> names{"ok", "backoff", "gone"};
    for (std::size_t i = 0; i < names.size(); ++i)
        feeds_[i] =
            &counts.get_gauge("feedwatch_feeds", "Feeds that this process polls, by state.", {{"state", names[i]}});
}

void metrics::count(const report& r) {
    results_.at(r.failed ? "failed" : r.outcome)->add();
    if (r.failed) reasons_.at(r.outcome)->add();
    if (r.fetch_seconds) duration_.observe(*r.fetch_seconds);
    if (r.body_bytes > 0) bytes_.observe(static_cast<double>(r.body_bytes));
    items_new_.add(r.items_new);
    items_seen_.add(r.items_known);
    items_updated_.add(r.items_updated);
    items_rejected_.add(static_cast<double>(r.rejected));
    if (r.possibly_missed) possibly_missed_.add();
    for (const std::string& kind : r.events) events_.at(kind)->add();
    for (const double d : r.delays_seconds) delay_.observe(d);
    count_feed(r);
}

void metrics::count_feed(const report& r) {
    auto found = series_.find(r.feed);
    if (found == series_.end()) {
        if (series_.size() >= feed_series_max_) {
            if (!cap_reported_ && feed_series_max_ > 0)
                log::warning("feeds past the limit have no metrics of their own", {{"feeds_max", feed_series_max_}});
            cap_reported_ = true;
            return;
        }
        const labels with{{"feed", r.feed.str()}};
        found = series_
                    .emplace(r.feed, feed_series{&counts_.get_gauge("feedwatch_feed_last_success_timestamp_seconds",
                                                                    "When the feed was last read; 0: never.", with),
                                                 &counts_.get_gauge("feedwatch_feed_next_poll_timestamp_seconds",
                                                                    "When the feed is due.", with)})
                    .first;
    }
    found->second.last_success->set(r.last_success ? seconds(*r.last_success) : 0);
    found->second.next_poll->set(seconds(r.next_due));
}

void metrics::forget(const feed_id& feed) {
    const auto found = series_.find(feed);
    if (found == series_.end()) return;
    counts_.remove(*found->second.last_success);
    counts_.remove(*found->second.next_poll);
    series_.erase(found);
}

void metrics::set_feeds(feed_state state, std::size_t number) {
    feeds_[static_cast<std::size_t>(state)]->set(static_cast<double>(number));
}

}  // namespace feedwatch::polling
