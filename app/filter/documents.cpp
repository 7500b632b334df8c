#include "app/filter/documents.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/poll/identity.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<timestamp>& t) {
    return t ? json::value(to_rfc3339(*t)) : json::value(nullptr);
}

json::array strings(const std::vector<std::string>& all) {
    json::array out;
    for (const auto& s : all) out.emplace_back(to_valid_utf8(s));
    return out;
}

json::object feed_to_json(const feed_document& f) {
    json::object out;
    const std::pair<const char*, const std::string*> texts[] = {
        {"title", &f.title},       {"link", &f.link},   {"id", &f.id},         {"description", &f.description},
        {"language", &f.language}, {"image", &f.image}, {"rights", &f.rights}, {"generator", &f.generator}};
    for (const auto& [name, value] : texts) out[name] = to_valid_utf8(*value);
    out["updated"] = time_or_null(f.updated);
    out["published"] = time_or_null(f.published);
    json::array authors;
    for (const person& p : f.authors) {
        authors.push_back(json::object{
            {"name", to_valid_utf8(p.name)}, {"email", to_valid_utf8(p.email)}, {"url", to_valid_utf8(p.url)}});
    }
    out["authors"] = std::move(authors);
    out["categories"] = strings(f.categories);
    out["hubs"] = strings(f.hubs);
    out["archive"] = to_valid_utf8(f.archive);
    out["next"] = to_valid_utf8(f.next);
    out["ttl_seconds"] = f.ttl ? json::value(f.ttl->count()) : json::value(nullptr);
    return out;
}

}  // namespace

void complete_items(parsed_feed& document, std::string_view url, std::string_view name, timestamp now) {
    const std::string address(!url.empty() ? url : !document.feed.link.empty() ? document.feed.link : name);
    const feed_id feed(hash128_hex(address));
    const std::string publisher = registrable_domain(address);
    const auto safer = polling::judge_document(document.items, feed, identity_rule::guid);
    const identity_rule rule = safer ? safer->rule : identity_rule::guid;
    for (item& i : document.items) {
        i.feed = feed;
        i.id = identity_of(i, feed.str(), rule);
        i.publisher = publisher;
        i.observed = now;
        i.origin = origin::live;
    }
}

std::string document_to_json(const parsed_feed& document, std::string_view input) {
    std::string out = "{\"input\":" + json::serialize(json::string(to_valid_utf8(input)));
    out += ",\"feed\":" + json::serialize(feed_to_json(document.feed)) + ",\"items\":[";
    for (const item& i : document.items) {
        if (&i != document.items.data()) out += ',';
        out += to_json(i);
    }
    out += "],\"warnings\":" + json::serialize(strings(document.warnings));
    out += ",\"items_dropped\":" + std::to_string(document.items_dropped);
    out += std::string(",\"truncated\":") + (document.truncated ? "true}" : "false}");
    return out;
}

}  // namespace feedwatch::app
