#include <boost/json.hpp>

#include <cctype>

#include "core/time.hpp"
#include "deploy/demo/timeline.hpp"

namespace feedwatch::demo {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string element(std::string_view name, std::string_view text) {
    return '<' + std::string(name) + '>' + escaped(text) + "</" + std::string(name) + '>';
}

std::string link_of(const outlet& by, const entry& e) {
    if (e.guid.starts_with("https://")) return e.guid;
    std::string slug;
    for (const char c : e.guid) slug += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    return by.site + "/articles/" + slug;
}

std::string date_of(const entry& e, std::chrono::sys_seconds started) {
    return to_rfc3339(timestamp{started + std::chrono::floor<std::chrono::seconds>(e.at)});
}

std::string rss(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        "<channel>" +
        element("title", by.title) + element("link", by.site) +
        element("description", "Made-up news from " + by.title) + element("language", "en");
    for (const entry& e : entries) {
        out += "\n<item>" + element("title", e.title) + "<guid isPermaLink=\"false\">" + escaped(e.guid) + "</guid>" +
               element("link", link_of(by, e)) + element("dc:date", date_of(e, started)) +
               element("description", e.html);
        if (!e.source.empty())
            out += "<source url=\"https://meridian.demo.example/rss\">" + escaped(e.source) + "</source>";
        out += "</item>";
    }
    return out + "\n</channel></rss>\n";
}

std::string rdf(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        "<channel rdf:about=\"" +
        escaped(by.site) + "\">" + element("title", by.title) + element("link", by.site) +
        element("description", "Made-up news from " + by.title) + element("dc:language", "en") + "</channel>";
    for (const entry& e : entries) {
        out += "\n<item rdf:about=\"" + escaped(e.guid) + "\">" + element("title", e.title) +
               element("link", link_of(by, e)) + element("dc:date", date_of(e, started)) +
               element("description", e.html) + "</item>";
    }
    return out + "\n</rdf:RDF>\n";
}

std::string atom(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">" +
        element("title", by.title) + element("id", by.site) +
        element("updated", entries.empty() ? to_rfc3339(timestamp{started}) : date_of(entries.front(), started)) +
        "<author>" + element("name", by.title) + "</author>";
    for (const entry& e : entries) {
        out += "\n<entry>" + element("title", e.title) + element("id", e.guid) + "<link rel=\"alternate\" href=\"" +
               escaped(link_of(by, e)) + "\"/>" + element("updated", date_of(e, started)) + "<content type=\"html\">" +
               escaped(e.html) + "</content></entry>";
    }
    return out + "\n</feed>\n";
}

std::string json(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started) {
    boost::json::array items;
    for (const entry& e : entries) {
        items.push_back({{"id", e.guid},
                         {"url", link_of(by, e)},
                         {"title", e.title},
                         {"content_html", e.html},
                         {"date_published", date_of(e, started)}});
    }
    return boost::json::serialize(boost::json::object{{"version", "https://jsonfeed.org/version/1.1"},
                                                      {"title", by.title},
                                                      {"home_page_url", by.site},
                                                      {"language", "en"},
                                                      {"items", std::move(items)}});
}

}  // namespace

std::string render(const outlet& by, const std::vector<entry>& entries, std::chrono::sys_seconds started) {
    if (by.format == "atom") return atom(by, entries, started);
    if (by.format == "rdf") return rdf(by, entries, started);
    if (by.format == "json") return json(by, entries, started);
    return rss(by, entries, started);
}

std::string content_type(const outlet& by) {
    if (by.format == "atom") return "application/atom+xml; charset=utf-8";
    if (by.format == "rdf") return "application/rdf+xml; charset=utf-8";
    if (by.format == "json") return "application/feed+json";
    return "application/rss+xml; charset=utf-8";
}

}  // namespace feedwatch::demo
