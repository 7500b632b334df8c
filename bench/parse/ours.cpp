// feedwatch's own parsers, for bench/run parse:  bench_parse MODE SECONDS BYTES FOLDER...
//   records   documents to records: fields, dates, URLs, encodings; HTML as written
//   whole     as the poller does it: HTML sanitised, main text, language
//   text      HTML bodies to text
#include <cstring>

#include "bench/parse/documents.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/parse.hpp"

namespace {

using feedwatch::bench::document;

std::size_t parse(const document& d, feedwatch::html_handling html) {
    feedwatch::parse_limits limits;
    limits.html = html;
    const auto parsed =
        feedwatch::parse_feed(d.bytes, {.url = "https://www.outlet.example/feed", .content_type = {}}, limits);
    return parsed ? parsed->items.size() : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 2;
    const std::string mode = argv[1];
    const auto documents =
        feedwatch::bench::read_documents({argv + 4, argv + argc}, static_cast<std::size_t>(std::atoll(argv[3])));
    const double seconds = std::atof(argv[2]);
    using feedwatch::html_handling;
    if (mode == "records")
        return feedwatch::bench::measure(documents, seconds,
                                         [](const document& d) { return parse(d, html_handling::as_written); });
    if (mode == "whole")
        return feedwatch::bench::measure(documents, seconds,
                                         [](const document& d) { return parse(d, html_handling::sanitised); });
    if (mode == "text")
        return feedwatch::bench::measure(documents, seconds, [](const document& d) {
            return feedwatch::html_to_text(d.bytes).empty() ? std::size_t{0} : std::size_t{1};
        });
    return 2;
}
