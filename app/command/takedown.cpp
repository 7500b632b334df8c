#include "app/command/takedown.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "app/command/feeds_table.hpp"
#include "core/hash.hpp"
#include "core/record/delivery.hpp"
#include "core/record/seen.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "io/log/escape.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;
using by = forget_request::by;

// What stands in the topics, in the order of the flow.
constexpr std::array shown_topics{topic::polls,      topic::fetched, topic::seen,       topic::items,
                                  topic::duplicates, topic::flagged, topic::deliveries, topic::dead};
// Longer is as good as no end, and adds up.
constexpr duration for_ever = std::chrono::years{10000};
constexpr std::string_view marker_prefix = "forgotten:";

bool gets_tombstone(topic t) {
    return t != topic::polls && t != topic::fetched && t != topic::dead;
}

std::string counted(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " record" : " records");
}

const kafka::topic_settings* settings_of(topic t, const broker_facts& b) {
    const auto at = std::find_if(b.topics.begin(), b.topics.end(), [&](const auto& s) { return s.of == t; });
    return at != b.topics.end() && at->known ? &*at : nullptr;
}

// When the topic holds nothing of the story any more, at the latest; nullopt: nothing says so.
std::optional<timestamp> gone_by(topic t, const takedown::share& held, const broker_facts& b) {
    const kafka::topic_settings* const s = settings_of(t, b);
    if (s == nullptr) return std::nullopt;
    if (s->compacts && gets_tombstone(t) && s->compaction_lag_max) return b.now + *s->compaction_lag_max;
    // A segment goes as a whole, when its last record is old enough.
    if (!s->deletes || !s->retention || held.records == 0) return std::nullopt;
    return held.last_written + std::min(*s->retention, for_ever) + std::min(s->segment, for_ever);
}

std::string ageing(topic t, const takedown::share& held, const broker_facts& b) {
    if (b.embedded) {
        if (t == topic::dead) return "the embedded broker keeps it for 30 days";
        if (traits_of(t).compacted) return "the embedded broker erases the rest at once";
        return "the embedded broker erases it when 1,000 records have come after it";
    }
    const kafka::topic_settings* const s = settings_of(t, b);
    if (s == nullptr) return "what the broker erases when is not known: it does not tell its settings";
    const auto until = gone_by(t, held, b);
    if (s->compacts && gets_tombstone(t)) {
        return until ? "compaction erases the rest by " + to_rfc3339(*until)
                     : "compaction erases the rest, at no set time (max.compaction.lag.ms is not set)";
    }
    if (s->deletes && s->retention && until)
        return "retention erases the last by " + to_rfc3339(*until) + " (" + rough(*s->retention) +
               ", and what its segment takes)";
    if (s->deletes && s->retention) return "retention is " + rough(*s->retention);
    return "nothing erases what is there: the topic has no retention";
}

std::string shown_topic(topic t, const takedown& down, const broker_facts& b) {
    const auto at = down.held.find(t);
    const takedown::share held = at == down.held.end() ? takedown::share{} : at->second;
    std::string line(name_of(t));
    line.resize(12, ' ');
    if (t == topic::polls)
        return line + "ids and hashes of the feeds' items, no text: until feeds.window after the feed had it last";
    if (t == topic::seen) return line + "what dedup remembers: tombstones; " + ageing(t, held, b);
    line += held.records == 0 ? "nothing" : counted(held.records);
    if (gets_tombstone(t)) line += "; a tombstone";
    if (held.records > 0) line += "; " + ageing(t, held, b);
    if (held.places.empty()) return line;
    line += "\n            do not replay:";
    for (const std::string& place : held.places) line += " " + place;
    return held.records > held.places.size() ? line + " ..." : line;
}

std::set<std::string> publishers_of(const story& s) {
    std::set<std::string> names;
    for (const story_member& m : s.members)
        if (!m.publisher.empty()) names.insert(m.publisher);
    return names;
}

json::value time_or_null(const std::optional<timestamp>& t) {
    return t ? json::value(to_rfc3339(*t)) : json::value(nullptr);
}

json::value seconds_or_null(const std::optional<duration>& d) {
    return d ? json::value(std::chrono::duration<double>(*d).count()) : json::value(nullptr);
}

json::object topic_json(topic t, const takedown& down, const broker_facts& b) {
    const auto at = down.held.find(t);
    const takedown::share held = at == down.held.end() ? takedown::share{} : at->second;
    const kafka::topic_settings* const s = settings_of(t, b);
    const bool counts = t != topic::seen && t != topic::polls;
    json::array places;
    for (const std::string& p : held.places) places.emplace_back(p);
    json::array cleanup;
    if (s != nullptr && s->compacts) cleanup.emplace_back("compact");
    if (s != nullptr && s->deletes) cleanup.emplace_back("delete");
    return {{"topic", name_of(t)},
            {"records", counts ? json::value(held.records) : json::value(nullptr)},
            {"tombstone", gets_tombstone(t)},
            {"cleanup", std::move(cleanup)},
            {"retention_seconds", seconds_or_null(s == nullptr || !s->deletes ? std::nullopt : s->retention)},
            {"gone_by", time_or_null(gone_by(t, held, b))},
            {"places", std::move(places)}};
}

std::string_view name_of(taken t) {
    switch (t) {
        case taken::dry_run:
            return "not-asked";
        case taken::not_waited:
            return "asked";
        case taken::yes:
            return "taken";
        case taken::no:
            return "not-taken";
    }
    return "";
}

}  // namespace

forget_request request_for(std::string_view named) {
    if (origin_of(named).empty()) return {by::item, std::string(named), 0};
    return {by::url, {}, hash64(canonical_url(named))};
}

std::string takedown::named() const {
    return found ? found->id.str() : request.id;
}

takedown_counter::takedown_counter(takedown& of) : of_(of) {
    if (!of.named().empty()) ids_.insert(of.named());
    if (!of.found) return;
    for (const story_member& m : of.found->members) ids_.insert(m.id.str());
}

bool takedown_counter::is_of_story(const kafka::read_record& r) const {
    if (r.from == topic::deliveries) {
        const auto d = delivery_from_json(*r.value);
        return d && d->story.str() == of_.named();
    }
    if (r.key == of_.named() && r.from != topic::fetched) return true;
    if (r.from != topic::fetched && r.from != topic::dead) return false;
    const auto i = item_from_json(*r.value);
    return i && ids_.contains(i->id.str());
}

void takedown_counter::look_at(const kafka::read_record& r) {
    if (!r.value || !is_of_story(r)) return;
    takedown::share& held = of_.held[r.from];
    ++held.records;
    held.last_written = std::max(held.last_written, r.written);
    if (r.from == topic::dead && held.places.size() < takedown::places_max)
        held.places.push_back(std::to_string(r.partition) + ":" + std::to_string(r.offset));
}

std::vector<output_record> records_of(const takedown& t, std::int32_t partitions) {
    std::vector<header> members;
    std::size_t bytes = 0;
    if (t.found) {
        for (const story_member& m : t.found->members) {
            bytes += m.id.str().size();
            if (members.size() == members_named_max || bytes > members_named_bytes_max) break;
            members.push_back({std::string(forget_member_header), m.id.str()});
        }
    }
    std::vector<output_record> records;
    for (std::int32_t p = 0; p < partitions; ++p)
        records.push_back({.to = topic::fetched,
                           .key = to_key(t.request),
                           .value = std::nullopt,
                           .partition = p,
                           .headers = members});
    return records;
}

bool confirms(const kafka::read_record& seen, const forget_request& r) {
    if (!seen.value || !seen.key.starts_with(marker_prefix)) return false;
    if (r.what != by::url) return std::string_view(seen.key).substr(marker_prefix.size()) == r.id;
    const auto marker = seen_from_json(*seen.value);
    return marker && "forget:url:" + marker->url_hash == to_key(r);
}

std::string shown_takedown(const takedown& t, const broker_facts& b) {
    std::string out;
    if (t.found) {
        const story& s = *t.found;
        const std::string& title = s.members.front().title;
        out = "story " + log::printable(s.id.str()) + "\n    " +
              (s.head_erased ? "(its head is not in topic items any more)"
                             : log::printable(title.empty() ? "(untitled)" : title)) +
              "\n    " + std::to_string(s.members.size()) + (s.members.size() == 1 ? " item" : " items") + " of";
        std::string names;
        for (const std::string& p : publishers_of(s)) names += (names.empty() ? " " : ", ") + log::printable(p);
        out += names.empty() ? " nobody who is named" : names;
        out += "\n";
    } else {
        out = "topics items and duplicates hold no such story; dedup and the databases may remember it\n";
    }
    for (const topic t_shown : shown_topics) out += shown_topic(t_shown, t, b) + "\n";
    out += "databases   its rows are deleted when the tombstones reach them\n";
    out += "webhooks    what was sent cannot be called back; what is pending is dropped\n";
    return out;
}

std::string takedown_json(const takedown& t, const broker_facts& b, taken state) {
    json::array members;
    json::array publishers;
    json::value title = nullptr;
    if (t.found) {
        for (const story_member& m : t.found->members) members.emplace_back(to_valid_utf8(m.id.str()));
        for (const std::string& p : publishers_of(*t.found)) publishers.emplace_back(to_valid_utf8(p));
        if (!t.found->head_erased) title = to_valid_utf8(t.found->members.front().title);
    }
    json::array topics;
    for (const topic shown : shown_topics) topics.push_back(topic_json(shown, t, b));
    return json::serialize(
        json::object{{"state", name_of(state)},
                     {"request", to_valid_utf8(to_key(t.request))},
                     {"story", t.found ? json::value(to_valid_utf8(t.found->id.str())) : json::value(nullptr)},
                     {"title", std::move(title)},
                     {"members", std::move(members)},
                     {"publishers", std::move(publishers)},
                     {"topics", std::move(topics)}});
}

}  // namespace feedwatch::app
