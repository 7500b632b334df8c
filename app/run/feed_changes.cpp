#include "app/run/feed_changes.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "app/config/credentials.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;
using action = feed_change::action;

constexpr std::size_t id_bytes_max = 200;
constexpr std::size_t url_bytes_max = 8192;
constexpr std::size_t text_bytes_max = 2000;
constexpr std::size_t tags_max = 100;

constexpr std::array names{
    std::pair{action::add, std::string_view("add")},
    std::pair{action::remove, std::string_view("remove")},
    std::pair{action::pause, std::string_view("pause")},
    std::pair{action::resume, std::string_view("resume")},
    std::pair{action::poll, std::string_view("poll")},
    std::pair{action::backfill, std::string_view("backfill")},
    std::pair{action::stop_backfill, std::string_view("stop-backfill")},
};

bool is_one_line(std::string_view text, std::size_t bytes_max) {
    return text.size() <= bytes_max && is_valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

error wrong(std::string why) {
    return {errc::invalid_config, std::move(why)};
}

std::string named(const feed& f) {
    return redacted_url(f.url) + " (id " + f.id.str() + ")";
}

}  // namespace

std::string to_json(const feed_change& c) {
    const auto name = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == c.what; });
    return R"({"do":")" + std::string(name->second) + R"(","feed":)" + to_json(c.of) + "}";
}

result<feed_change> feed_change_from_json(std::string_view text) {
    boost::system::error_code failed;
    const json::value read = json::parse(text, failed);
    const json::object* const change = failed ? nullptr : read.if_object();
    const json::value* const what = change == nullptr ? nullptr : change->if_contains("do");
    const json::value* const of = change == nullptr ? nullptr : change->if_contains("feed");
    if (what == nullptr || !what->is_string() || of == nullptr) return error(errc::malformed, "no change of a feed");
    const std::string_view wanted(what->as_string().data(), what->as_string().size());
    const auto name = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.second == wanted; });
    if (name == names.end()) return error(errc::malformed, "no change of a feed has this name");
    auto f = feed_from_json(json::serialize(*of));
    if (!f) return f.error();
    return feed_change{name->first, std::move(*f)};
}

result<> check_subscription(const feed& f) {
    if (f.id.empty() || !is_one_line(f.id.str(), id_bytes_max))
        return wrong("id: must be one line of at most " + std::to_string(id_bytes_max) + " bytes");
    if (!is_one_line(f.url, url_bytes_max) || origin_of(f.url).empty())
        return wrong("url: not an http or https URL: " + redacted_url(f.url));
    if (carries_credentials(f.url)) return wrong("url: carries a user or password: " + redacted_url(f.url));
    for (const auto& [name, text] :
         {std::pair("title", &f.title), std::pair("publisher", &f.publisher), std::pair("language", &f.language)})
        if (!is_one_line(*text, text_bytes_max))
            return wrong(std::string(name) + ": must be one line of at most " + std::to_string(text_bytes_max) +
                         " bytes");
    if (f.tags.size() > tags_max) return wrong("tags: at most " + std::to_string(tags_max));
    for (const std::string& tag : f.tags)
        if (!is_one_line(tag, text_bytes_max)) return wrong("tags: must be lines");
    const poll_interval& i = f.interval;
    if (i.min <= duration::zero() || i.min > i.start || i.start > i.max)
        return wrong("interval: must be min <= start <= max");
    if (!f.credentials.empty())
        if (const auto fine = parse_credentials(f.credentials); !fine)
            return wrong("credentials: " + fine.error().detail);
    if (const auto& b = f.asked.backfill; b && (b->pages == 0 || b->pages > backfill_request::pages_max))
        return wrong("backfill: 1 to " + std::to_string(backfill_request::pages_max) + " pages");
    return {};
}

change_planner::change_planner(known_feeds known) : known_(std::move(known)) {
    for (const auto& [id, k] : known_)
        if (const auto f = feed_from_json(k.json)) ids_.emplace(f->url, id);
}

void change_planner::put(const feed& f, bool from_files) {
    const std::string text = to_json(f);
    known_[f.id.str()] = {text, from_files};
    const std::string owner(from_files ? applied_from_files : applied_from_command);
    records_.push_back({topic::feeds, f.id.str(), text, std::nullopt, {{std::string(applied_header), owner}}});
}

result<> change_planner::add(const feed& f) {
    if (const auto same = ids_.find(f.url); same != ids_.end())
        return error(errc::conflict, redacted_url(f.url) + " is there already, with id " + same->second);
    if (known_.contains(f.id.str())) return error(errc::conflict, "id " + f.id.str() + " is taken by another feed");
    ids_.emplace(f.url, f.id.str());
    put(f, false);
    return {};
}

result<> change_planner::apply(const feed_change& c) {
    if (const auto fine = check_subscription(c.of); !fine) return fine;
    if (c.what == action::add) return add(c.of);
    const auto known = known_.find(c.of.id.str());
    if (known == known_.end()) return error(errc::not_found, "there is no feed with id " + c.of.id.str());
    const bool from_files = known->second.from_files;
    auto f = feed_from_json(known->second.json);
    if (c.what == action::remove) {
        if (from_files) return error(errc::refused, named(c.of) + " is in a feeds file: it is removed there");
        if (f) ids_.erase(f->url);
        records_.push_back({topic::feeds, known->first, std::nullopt, std::nullopt, {}});
        known_.erase(known);
        return {};
    }
    if (!f) return f.error();
    switch (c.what) {
        case action::pause:
            f->asked.paused = true;
            break;
        case action::resume:
            f->asked.paused = false;
            break;
        case action::poll:
            f->asked.poll = c.of.asked.poll;
            break;
        case action::backfill:
            f->asked.backfill = c.of.asked.backfill;
            break;
        case action::stop_backfill:
            f->asked.backfill.reset();
            break;
        case action::add:
        case action::remove:
            break;  // above
    }
    put(*f, from_files);
    return {};
}

}  // namespace feedwatch::app
