#include "sinks/alerts/body.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <utility>

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

// The longest beginning of the text that takes no more than so many bytes between the quotes of a JSON string.
std::string_view prefix_of_json_length(std::string_view text, std::size_t bytes_max) {
    std::size_t used = 0;
    std::size_t size = 0;
    for (; size < text.size(); ++size) {
        const auto c = static_cast<unsigned char>(text[size]);
        if (c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'))
            used += 2;  // \" \\ \b \t \n \f \r
        else
            used += c < 0x20 ? 6 : 1;  // \u0001
        if (used > bytes_max) break;
    }
    return truncate_utf8(text, size);
}

}  // namespace

std::string alert_body(const flagged_item& item, const topic_id& topic) {
    std::string body = assemble(item, topic, false);
    if (body.size() <= body_bytes_max) return body;
    flagged_item shorter = item;
    shorter.summary_html.clear();
    shorter.content_html.clear();
    body = assemble(shorter, topic, true);
    if (body.size() > body_bytes_max) {
        const std::string text = std::exchange(shorter.text, {});
        const std::size_t rest = assemble(shorter, topic, true).size();
        if (rest < body_bytes_max) shorter.text = prefix_of_json_length(text, body_bytes_max - rest);
        body = assemble(shorter, topic, true);
    }
    // Then the other fields go that may be of any length. What cannot be cut (ids, URLs) is bounded by who wrote it.
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
