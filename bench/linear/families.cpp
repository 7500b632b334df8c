// Time per byte of hostile documents, by family and size:  bench_linear [BYTES_MAX]
// One JSON object a line: {"family", "bytes", "seconds"}. CPU time; small inputs are repeated until it can be measured.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "bench/parse/documents.hpp"
#include "core/heap.hpp"
#include "core/url/url.hpp"
#include "producers/extract/page.hpp"
#include "producers/extract/sanitise.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/date.hpp"
#include "producers/parse/opml.hpp"
#include "producers/parse/parse.hpp"

namespace {

using text = std::string;

text repeated(const text& piece, std::size_t bytes) {
    text out;
    out.reserve(bytes + piece.size());
    while (out.size() < bytes) out += piece;
    return out;
}

text in_item(const text& inside) {
    return "<rss version=\"2.0\"><channel><title>t</title><item><title>i</title><guid>1</guid><description>" + inside +
           "</description></item></channel></rss>";
}

// The bytes, handed over in one of the ways that documents come in.
// No parser: what the machine's memory takes for bytes that no cache holds.
void as_copy(const text& document) {
    const text copy = document;
    asm volatile("" : : "r"(copy.data()) : "memory");
}
void as_feed(const text& document) {
    static_cast<void>(feedwatch::parse_feed(document, {.url = "https://host.example/feed", .content_type = {}}));
}
void as_html(const text& document) {
    static_cast<void>(feedwatch::sanitise_html(document, "https://host.example/"));
    static_cast<void>(feedwatch::html_to_text(document));
    static_cast<void>(feedwatch::title_text(document));
}
void as_page(const text& document) {
    static_cast<void>(feedwatch::extract_page(document, "https://host.example/"));
}
void as_opml(const text& document) {
    static_cast<void>(feedwatch::parse_opml(document));
}
void as_date(const text& document) {
    static_cast<void>(feedwatch::parse_feed_date(document));
}
void as_url(const text& document) {
    static_cast<void>(feedwatch::canonical_url("https://host.example/" + document));
    static_cast<void>(feedwatch::resolve_url("https://host.example/a/b", document));
}

struct family {
    const char* name;
    std::function<text(std::size_t)> make;
    void (*read)(const text&);
};

family of(const char* name, const char* piece, void (*read)(const text&), const char* before = "",
          const char* after = "") {
    return {name, [=](std::size_t bytes) { return before + repeated(piece, bytes) + after; }, read};
}
family in_description(const char* name, const char* piece) {
    return {name, [=](std::size_t bytes) { return in_item(repeated(piece, bytes)); }, as_feed};
}

std::vector<family> families() {
    const char* const rss = "<rss><channel><item><title>t";
    return {
        of("memory: a copy", "a", as_copy),
        of("feed: items", "<item><title>a b c</title><guid>1</guid></item>", as_feed, "<rss><channel>"),
        of("feed: elements never closed", "<a>", as_feed, rss),
        of("feed: elements closed in the wrong order", "<a><b></a></b>", as_feed, rss),
        of("feed: end tags of nothing", "</x>", as_feed, rss),
        of("feed: items inside items", "<item>", as_feed, "<rss><channel>"),
        of("feed: attributes in one element", " a=\"b\"", as_feed, "<rss><channel><item><title", ">"),
        of("feed: quotes never closed", "<a b=\"", as_feed, rss),
        of("feed: names without end", "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", as_feed, rss),
        of("feed: namespaces declared", "<a xmlns:b=\"c\">", as_feed, rss),
        of("feed: namespaces in one element", " xmlns:b=\"c\"", as_feed, "<rss", "><channel><item/>"),
        of("feed: comments never closed", "<!-- ", as_feed, rss),
        of("feed: declarations never closed", "<!DOCTYPE a [", as_feed, rss),
        of("feed: instructions never closed", "<?a ", as_feed, rss),
        of("feed: CDATA never closed", "<![CDATA[", as_feed, rss),
        of("feed: CDATA sections", "<![CDATA[a]]>", as_feed, rss),
        of("feed: ends of CDATA", "]]>", as_feed, rss),
        of("feed: brackets", "]", as_feed, "<rss><channel><item><title><![CDATA["),
        of("feed: bare ampersands", "&", as_feed, rss),
        of("feed: references", "&lt;&#x41;&eacute;&nope;", as_feed, rss),
        of("feed: escaped markup", "&lt;p class=&quot;a&quot;&gt;word&lt;/p&gt;", as_feed, rss),
        of("feed: opening angles", "<", as_feed, rss),
        of("feed: line breaks", "\r\n", as_feed, rss),
        of("feed: titles", "<title>a</title>", as_feed, "<rss><channel><item>"),
        of("feed: categories", "<category>abc</category>", as_feed, "<rss><channel><item>"),
        of("feed: authors", "<author>a@b.example (c)</author>", as_feed, "<rss><channel><item>"),
        of("feed: contents", "<content:encoded>a</content:encoded>", as_feed, "<rss><channel><item>"),
        of("feed: XHTML", "<div>a", as_feed, "<feed><entry><content type=\"xhtml\">"),
        of("feed: junk before", "junk ", as_feed, "", "<rss><channel><item><title>t</title></item></channel></rss>"),
        of("feed: nothing but words", "word ", as_feed),
        of("feed: bytes that are no UTF-8", "\xE9t\xE9 ", as_feed, rss),
        of("feed: broken UTF-8 among good", "\xC3\xA9 \xE9 ", as_feed, rss),
        of("feed: control characters", "\xC2\x92 \x01", as_feed, rss),
        of("JSON: nested arrays", "[", as_feed, "{\"items\":"),
        of("JSON: items", "{\"id\":1,\"content_text\":\"a\"},", as_feed, "{\"items\":[", "{\"id\":2}]}"),
        of("JSON: commas and quotes", ",\"", as_feed, "{\"items\":["),
        of("JSON: keys", "\"title\":\"x\",", as_feed, "{\"items\":[{", "\"id\":1}]}"),
        in_description("description: tags", "&lt;b&gt;"),
        in_description("description: paragraphs", "&lt;p&gt;word 1&lt;/p&gt;"),
        in_description("description: escaped twice", "&amp;amp;"),
        of("HTML: elements never closed", "<b>", as_html),
        of("HTML: nested blocks", "<div><p>", as_html),
        of("HTML: end tags of nothing", "</b>", as_html),
        of("HTML: closed in the wrong order", "<b><i></b></i>", as_html),
        of("HTML: scripts never closed", "<script >", as_html),
        of("HTML: frames never closed", "<iframe><svg><textarea><title>", as_html),
        of("HTML: scripts", "<script>a</script>", as_html),
        of("HTML: comments never closed", "<!--", as_html),
        of("HTML: quotes never closed", "<a href=\"", as_html),
        of("HTML: blanks before quotes", "=    \"", as_html, "<a ", ">"),
        of("HTML: attributes", " title=\"x\"", as_html, "<a", ">"),
        of("HTML: opening angles", "<", as_html),
        of("HTML: ampersands", "&am", as_html),
        of("HTML: blanks", " \t\n", as_html),
        of("HTML: line breaks", "<br>", as_html),
        of("HTML: links", "<a href=\"/x?a=b\">c</a> ", as_html),
        of("HTML: soft hyphens", "a\xC2\xAD", as_html),
        of("page: nested blocks", "<div>", as_page),
        of("page: paragraphs", "<p>Some words, and more of them.</p>", as_page),
        of("page: formatting never closed", "<b><p>", as_page),
        of("page: tables", "<table><tr><td>", as_page),
        of("page: links", "<a href=x>y</a> ", as_page),
        of("page: teasers",
           "<div><h3><a href=/x>A headline of some length</a></h3><p>Rain fell, it was said.</p></div>", as_page),
        of("page: headings that lead away", "<h3>Related</h3><h4>Comments</h4>Words, and more of them. ", as_page),
        of("OPML: outlines", "<outline xmlUrl=\"https://a.example/f\"/>", as_opml, "<opml><body>"),
        of("OPML: nested outlines", "<outline text=\"a\">", as_opml, "<opml><body>"),
        of("date: digits", "1", as_date),
        of("date: words", "Mon, ", as_date),
        of("date: colons", "12:", as_date),
        of("URL: dot segments", "../a/", as_url),
        of("URL: escapes", "%41%", as_url),
        of("URL: parameters", "utm_a=b&c=d&", as_url, "?"),
        of("URL: slashes", "/", as_url),
        of("URL: AMP", "amp/", as_url),
        of("URL: labels", "a.", as_url, "https://"),
    };
}

double seconds_for(const family& f, const text& document) {
    std::size_t runs = 0;
    const double start = feedwatch::bench::cpu_seconds();
    double now = start;
    do {
        f.read(document);
        ++runs;
        now = feedwatch::bench::cpu_seconds();
    } while (now - start < 0.05);
    return (now - start) / static_cast<double>(runs);
}

}  // namespace

int main(int argc, char** argv) {
    feedwatch::keep_freed_memory();
    const std::size_t most = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 50'000'000;
    for (const family& f : families()) {
        for (const std::size_t bytes : {10'000U, 100'000U, 1'000'000U, 10'000'000U, 50'000'000U}) {
            if (bytes > most) break;
            const text document = f.make(bytes);
            std::printf("{\"family\": \"%s\", \"bytes\": %zu, \"seconds\": %.9f}\n", f.name, document.size(),
                        seconds_for(f, document));
            std::fflush(stdout);
        }
    }
    return 0;
}
