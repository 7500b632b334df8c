#include "producers/parse/xml_space.hpp"

#include <array>
#include <string>

#include "core/ascii.hpp"

namespace feedwatch {
namespace {

struct named_space {
    std::string_view name;
    xml_space space;
};

// Beginnings, in lower case and without a final slash or "#": feeds vary in those.
constexpr std::array uris{
    named_space{"http://www.w3.org/2005/atom", xml_space::plain},
    named_space{"http://purl.org/atom/ns", xml_space::plain},
    named_space{"http://purl.org/rss/1.0/modules/content", xml_space::content},
    named_space{"http://purl.org/rss/1.0/modules/syndication", xml_space::syndication},
    named_space{"http://purl.org/rss/1.0/modules/", xml_space::other},
    named_space{"http://purl.org/rss/1.0", xml_space::plain},
    named_space{"http://my.netscape.com/rdf/simple/0.9", xml_space::plain},
    named_space{"http://my.netscape.com/publish/formats/rss", xml_space::plain},
    named_space{"http://backend.userland.com/rss", xml_space::plain},
    named_space{"http://blogs.law.harvard.edu/tech/rss", xml_space::plain},
    named_space{"http://cyber.law.harvard.edu/rss", xml_space::plain},
    named_space{"http://www.w3.org/1999/02/22-rdf-syntax-ns", xml_space::rdf},
    named_space{"http://purl.org/dc/elements/1.", xml_space::dc},
    named_space{"http://purl.org/dc/terms", xml_space::dcterms},
    named_space{"http://search.yahoo.com/mrss", xml_space::media},
    named_space{"https://search.yahoo.com/mrss", xml_space::media},
    named_space{"http://www.rssboard.org/media-rss", xml_space::media},
    named_space{"http://video.search.yahoo.com/mrss", xml_space::media},
    named_space{"http://www.itunes.com/dtds/podcast-1.0.dtd", xml_space::itunes},
    named_space{"http://rssnamespace.org/feedburner/ext/1.0", xml_space::feedburner},
    named_space{"http://www.pheedo.com/namespace/pheedo", xml_space::feedburner},
    named_space{"http://www.w3.org/1999/xhtml", xml_space::xhtml},
    named_space{"http://www.sitemaps.org/schemas/sitemap", xml_space::plain},
    named_space{"http://www.google.com/schemas/sitemap-news", xml_space::news},
    named_space{"https://www.google.com/schemas/sitemap-news", xml_space::news},
    named_space{"http://www.google.com/schemas/sitemap-image", xml_space::image},
    named_space{"https://www.google.com/schemas/sitemap-image", xml_space::image},
    named_space{"http://www.google.com/schemas/sitemap", xml_space::plain},
};

constexpr std::array prefixes{
    named_space{"atom", xml_space::plain},
    named_space{"atom10", xml_space::plain},
    named_space{"a10", xml_space::plain},
    named_space{"rss", xml_space::plain},
    named_space{"rdf", xml_space::rdf},
    named_space{"dc", xml_space::dc},
    named_space{"dcterms", xml_space::dcterms},
    named_space{"content", xml_space::content},
    named_space{"media", xml_space::media},
    named_space{"itunes", xml_space::itunes},
    named_space{"feedburner", xml_space::feedburner},
    named_space{"pheedo", xml_space::feedburner},
    named_space{"sy", xml_space::syndication},
    named_space{"news", xml_space::news},
    named_space{"image", xml_space::image},
    named_space{"xhtml", xml_space::xhtml},
    named_space{"xml", xml_space::xml},
};

}  // namespace

xml_space space_of_uri(std::string_view uri) {
    const std::string text = ascii_lower(uri.substr(0, 200));
    for (const named_space& known : uris)
        if (std::string_view(text).starts_with(known.name)) return known.space;
    return xml_space::other;
}

xml_space space_of_customary_prefix(std::string_view prefix) {
    const std::string text = ascii_lower(prefix.substr(0, 200));
    for (const named_space& known : prefixes)
        if (text == known.name) return known.space;
    return xml_space::other;
}

}  // namespace feedwatch
