#include "processors/dedup/filter.hpp"

#include <boost/json.hpp>
#include <utility>

#include "core/utf8.hpp"
#include "processors/dedup/dedup.hpp"

namespace feedwatch::dedup {
namespace {

std::string verdict_line(const std::string& id, const decision& d) {
    boost::json::object line;
    line["id"] = to_valid_utf8(id);
    line["verdict"] = name_of(d.what);
    line["story"] = to_valid_utf8(d.story.str());
    const bool copy = d.what == decision::kind::duplicate;
    line["how"] = copy ? boost::json::value(feedwatch::name_of(d.how)) : boost::json::value(nullptr);
    line["similarity"] = copy ? boost::json::value(d.similarity) : boost::json::value(nullptr);
    if (d.changed)
        line["changed"] = {{"title", d.changed->title},
                           {"text", d.changed->text},
                           {"similarity", d.changed->similarity},
                           {"words_before", d.changed->words_before},
                           {"words", d.changed->words}};
    return boost::json::serialize(line);
}

}  // namespace

filter::filter(index_options options, output wanted) : index_(options), wanted_(wanted) {}

result<std::optional<std::string>> filter::process(std::string_view json) {
    auto i = item_from_json(json);
    if (!i) return i.error();
    const decision d = index_.decide(*i);
    if (wanted_ == output::verdicts) return std::optional{verdict_line(i->id.str(), d)};
    if (d.what == decision::kind::duplicate) return std::optional<std::string>{};
    return to_record(d, std::move(*i)).value;
}

}  // namespace feedwatch::dedup
