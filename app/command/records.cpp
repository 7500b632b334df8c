#include "app/command/records.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/utf8.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;

json::value value_of(const std::optional<std::string>& bytes) {
    if (!bytes) return nullptr;
    json::error_code failed;
    json::parse_options lenient;
    lenient.max_depth = 128;
    json::value parsed = json::parse(*bytes, failed, {}, lenient);
    if (failed) return json::value(to_valid_utf8(*bytes));
    return parsed;
}

}  // namespace

std::string record_to_json(const kafka::read_record& record, std::string_view topic_prefix) {
    json::object headers;
    for (const header& h : record.headers) headers[to_valid_utf8(h.name)] = to_valid_utf8(h.value);
    const json::object line{{"topic", std::string(topic_prefix) + std::string(name_of(record.from))},
                            {"partition", record.partition},
                            {"offset", record.offset},
                            {"timestamp", to_rfc3339(record.written)},
                            {"key", to_valid_utf8(record.key)},
                            {"headers", std::move(headers)},
                            {"value", value_of(record.value)}};
    return json::serialize(line);
}

result<topic> topic_for(std::string_view name, std::string_view topic_prefix) {
    std::string_view shorter = name;
    if (!topic_prefix.empty() && name.starts_with(topic_prefix)) shorter.remove_prefix(topic_prefix.size());
    if (const auto found = topic_named(shorter)) return *found;
    std::string known;
    for (const topic t : all_topics) (known += known.empty() ? "" : ", ") += name_of(t);
    return error(errc::not_found, "no topic '" + std::string(name) + "'; there are " + known);
}

}  // namespace feedwatch::app
