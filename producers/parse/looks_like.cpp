#include "producers/parse/looks_like.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace feedwatch {
namespace {

struct sign {
    std::string_view start;
    std::string_view what;
};
using namespace std::string_view_literals;
constexpr std::array magic_numbers{
    sign{"\x89PNG"sv, "a PNG image"},
    sign{"\xFF\xD8\xFF"sv, "a JPEG image"},
    sign{"GIF8"sv, "a GIF image"},
    sign{"%PDF"sv, "a PDF document"},
    sign{"PK\x03\x04"sv, "a ZIP archive"},
    sign{"\x1F\x8B"sv, "gzip data"},
    sign{"RIFF"sv, "a RIFF file"},
    sign{"\x7F"
         "ELF"sv,
         "a program"},
    sign{"ID3"sv, "an MP3 file"},
};

}  // namespace

std::string looks_like(std::string_view bytes) {
    for (const sign& s : magic_numbers)
        if (bytes.starts_with(s.start)) return "not a feed: looks like " + std::string(s.what);
    const std::string start = ascii_lower(bytes.substr(0, 4096));
    if (start.find_first_not_of(" \t\r\n") == std::string::npos) return "not a feed: empty";
    for (const std::string_view html : {"<!doctype html", "<html", "<head", "<body"})
        if (start.find(html) != std::string::npos) return "not a feed: looks like an HTML page";
    if (start.find("<opml") != std::string::npos) return "not a feed: looks like an OPML list";
    if (start.find("<urlset") != std::string::npos || start.find("<sitemapindex") != std::string::npos)
        return "not a feed: looks like a sitemap without news";
    const char first = start[start.find_first_not_of(" \t\r\n")];
    if (first == '{' || first == '[') return "not a feed: looks like JSON of another kind";
    if (start.find('<') != std::string::npos) return "not a feed: looks like XML or HTML of another kind";
    return "not a feed: looks like plain text";
}

}  // namespace feedwatch
