#include "app/command/feeds_store.hpp"

#include <algorithm>
#include <chrono>

#include "app/command/read_topic.hpp"
#include "app/run/feed_spool.hpp"
#include "core/meter.hpp"
#include "core/url/url.hpp"
#include "io/kafka/client.hpp"

namespace feedwatch::app {
namespace {

constexpr std::chrono::seconds patience{15};

std::string owner_of(const std::vector<header>& headers) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [](const header& h) { return h.name == applied_header; });
    if (found == headers.end()) return "elsewhere";
    const bool known = found->value == applied_from_files || found->value == applied_from_command;
    return known ? found->value : "elsewhere";
}

std::string several(const std::vector<const stored_feed*>& all) {
    constexpr std::size_t shown_max = 5;
    std::string out;
    for (std::size_t n = 0; n < std::min(all.size(), shown_max); ++n)
        out += (n == 0 ? "" : ", ") + all[n]->what.id.str() + " " + redacted_url(all[n]->what.url);
    return all.size() > shown_max ? out + " and " + std::to_string(all.size() - shown_max) + " more" : out;
}

result<> write_to(kafka::cluster& cluster, const config& to, std::span<const feed_change> changes) {
    if (const auto there = cluster.create_missing_topics(); !there) return there.error();
    auto known = read_known_feeds(to.kafka, to.state_dir);
    if (!known) return known.error();
    change_planner plan(std::move(*known));
    for (const feed_change& c : changes)
        if (const auto fine = plan.apply(c); !fine) return fine.error();
    const auto records = plan.take();
    const auto writer = kafka::open_writer(cluster);
    if (!writer) return writer.error();
    return (*writer)->write(records);
}

}  // namespace

result<stored_feeds> read_feeds(const config& from, with_polls wanted, std::size_t* unreadable) {
    stored_feeds all;
    std::size_t bad = 0;
    const auto subscription = [&](const kafka::read_record& r) {
        all.erase(r.key);
        if (!r.value) return;
        auto f = feed_from_json(*r.value);
        if (!f) {
            ++bad;
            return;
        }
        all.emplace(r.key, stored_feed{std::move(*f), owner_of(r.headers), std::nullopt});
    };
    if (const auto read = read_topic(from, topic::feeds, subscription); !read) return read.error();
    const auto checkpoint = [&](const kafka::read_record& r) {
        const auto of = all.find(r.key);
        if (of == all.end()) return;
        of->second.last.reset();
        if (!r.value) return;
        auto p = poll_from_json(*r.value);
        if (p) {
            of->second.last = std::move(*p);
        } else {
            ++bad;
        }
    };
    if (wanted == with_polls::yes)
        if (const auto read = read_topic(from, topic::polls, checkpoint); !read) return read.error();
    if (unreadable != nullptr) *unreadable = bad;
    return all;
}

result<const stored_feed*> find_feed(const stored_feeds& all, std::string_view named) {
    if (named.empty()) return error(errc::not_found, "no feed is named");
    std::vector<const stored_feed*> begin_so;
    for (const auto& [id, f] : all) {
        if (id == named || f.what.url == named) return &f;
        if (id.starts_with(named) || f.what.url.starts_with(named)) begin_so.push_back(&f);
    }
    if (begin_so.size() == 1) return begin_so.front();
    const std::string quoted = "'" + (origin_of(named).empty() ? std::string(named) : redacted_url(named)) + "'";
    if (begin_so.empty()) return error(errc::not_found, "there is no feed " + quoted + " (see `feedwatch feeds list`)");
    return error(errc::conflict, quoted + " could be any of " + several(begin_so));
}

result<> write_changes(const config& to, std::span<const feed_change> changes) {
    if (changes.empty()) return {};
    const auto cluster = kafka::cluster::open(to.kafka, to.state_dir, null_meter(), patience);
    if (cluster) return write_to(**cluster, to, changes);
    const bool somebody_owns_it = to.kafka.embedded() && cluster.error().code == errc::conflict;
    return somebody_owns_it ? hand_over(to.state_dir, changes, patience) : result<>(cluster.error());
}

}  // namespace feedwatch::app
