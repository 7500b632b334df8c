#include "deploy/demo/timeline.hpp"

#include <algorithm>

#include "io/yaml/yaml.hpp"

namespace feedwatch::demo {
namespace {

outlet read_outlet(const yaml::field& f) {
    outlet o;
    o.id = f["id"].required_string().value_or("");
    o.title = f["title"].required_string().value_or("");
    o.site = f["site"].required_string().value_or("");
    o.format = f["format"].one_of({"rss", "atom", "rdf", "json"}).value_or("rss");
    f.finish();
    return o;
}

entry read_entry(const yaml::field& f) {
    entry e;
    e.at = f["at"].duration().value_or(duration{0});
    e.outlet = f["outlet"].required_string().value_or("");
    e.guid = f["guid"].required_string().value_or("");
    e.title = f["title"].required_string().value_or("");
    e.source = f["source"].string().value_or("");
    e.html =
        f["before"].string().value_or("") + f["body"].required_string().value_or("") + f["after"].string().value_or("");
    f.finish();
    return e;
}

}  // namespace

result<timeline> read_timeline(const std::string& path) {
    yaml::problems found(path);
    const yaml::document document = yaml::load(path, found);
    timeline out;
    const yaml::field root = document.root(found);
    for (const yaml::field& f : root["outlets"].items()) out.outlets.push_back(read_outlet(f));
    for (const yaml::field& f : root["entries"].items()) {
        out.entries.push_back(read_entry(f));
        const auto known = [&](const outlet& o) { return o.id == out.entries.back().outlet; };
        if (std::none_of(out.outlets.begin(), out.outlets.end(), known)) f["outlet"].fail("no outlet has this id");
    }
    root.finish();
    if (!found.empty()) return found.to_error();
    std::stable_sort(out.entries.begin(), out.entries.end(),
                     [](const entry& a, const entry& b) { return a.at < b.at; });
    return out;
}

std::vector<entry> published(const timeline& all, const outlet& by, std::chrono::milliseconds elapsed) {
    std::vector<entry> out;
    for (const entry& e : all.entries) {
        if (e.at > elapsed) break;
        if (e.outlet != by.id) continue;
        const auto same = std::find_if(out.begin(), out.end(), [&](const entry& o) { return o.guid == e.guid; });
        if (same != out.end()) out.erase(same);
        out.insert(out.begin(), e);
    }
    return out;
}

}  // namespace feedwatch::demo
