#include "sinks/alerts/body.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "core/hash.hpp"
#include "core/utf8.hpp"

namespace feedwatch::alerts {
namespace {

std::string assemble(const flagged_item& item, const topic_id& topic, bool truncated) {
    std::string body = R"({"type":"feedwatch.flagged","alert_topic":)";
    body += boost::json::serialize(boost::json::value(to_valid_utf8(topic.str())));
    if (truncated) body += R"(,"truncated":true)";
    return body.append(",").append(to_json(item).substr(1));  // an item always has fields
}

}  // namespace

std::string alert_body(const flagged_item& item, const topic_id& topic) {
    std::string body = assemble(item, topic, false);
    if (body.size() <= body_bytes_max) return body;
    flagged_item shorter = item;
    shorter.summary_html.clear();
    shorter.content_html.clear();
    body = assemble(shorter, topic, true);
    // Escaping makes JSON longer than the text is, so the cut is by what was too much, more than once if need be; then
    // the other fields go that may be of any length. What cannot be cut (ids, spans) is bounded by who wrote it.
    while (body.size() > body_bytes_max && !shorter.text.empty()) {
        const std::size_t excess = body.size() - body_bytes_max;
        const std::size_t keep = shorter.text.size() > excess ? shorter.text.size() - excess : 0;
        shorter.text = std::string(truncate_utf8(shorter.text, keep));
        body = assemble(shorter, topic, true);
    }
    if (body.size() <= body_bytes_max) return body;
    shorter.enclosures.clear();
    shorter.warnings.clear();
    shorter.categories.clear();
    shorter.authors.clear();
    shorter.guid = std::string(truncate_utf8(shorter.guid, 1000));
    shorter.title = std::string(truncate_utf8(shorter.title, 1000));
    for (topic_match& m : shorter.matches)
        if (m.spans.size() > 10) m.spans.resize(10);
    return assemble(shorter, topic, true);
}

std::string webhook_id(const story_id& story, const topic_id& topic) {
    return "fw_" + hash128_hex(story.str() + '\0' + topic.str());
}

}  // namespace feedwatch::alerts
