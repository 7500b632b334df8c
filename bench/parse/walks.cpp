// Bare walks of other libraries over the same documents, which count items and touch every byte of text, no more:
//   bench_parse_walks expat|libxml2|pugixml|libxml2-html SECONDS BYTES FOLDER...
#include <expat.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include <cstring>
#include <pugixml.hpp>

#include "bench/parse/documents.hpp"

namespace {

using feedwatch::bench::document;

struct tally {
    std::size_t items = 0;
    std::size_t text = 0;
};

bool is_item(const char* name) {
    const std::size_t n = std::strlen(name);  // with or without a namespace before it
    return (n >= 4 && std::strcmp(name + n - 4, "item") == 0) || (n >= 5 && std::strcmp(name + n - 5, "entry") == 0);
}

std::size_t walk_expat(const document& d) {
    tally t;
    XML_Parser p = XML_ParserCreateNS(nullptr, '|');
    XML_SetUserData(p, &t);
    XML_SetElementHandler(
        p,
        [](void* u, const XML_Char* name, const XML_Char**) { static_cast<tally*>(u)->items += is_item(name) ? 1 : 0; },
        [](void*, const XML_Char*) {});
    XML_SetCharacterDataHandler(
        p, [](void* u, const XML_Char*, int n) { static_cast<tally*>(u)->text += static_cast<std::size_t>(n); });
    const auto ok = XML_Parse(p, d.bytes.data(), static_cast<int>(d.bytes.size()), 1);
    XML_ParserFree(p);
    return ok == XML_STATUS_OK && t.text > 0 ? t.items : 0;
}

std::size_t walk_libxml2(const document& d) {
    tally t;
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = [](void* u, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**, int,
                            int, const xmlChar**) {
        static_cast<tally*>(u)->items += is_item(reinterpret_cast<const char*>(name)) ? 1 : 0;
    };
    sax.characters = sax.cdataBlock = [](void* u, const xmlChar*, int n) {
        static_cast<tally*>(u)->text += static_cast<std::size_t>(n);
    };
    xmlSAXUserParseMemory(&sax, &t, d.bytes.data(), static_cast<int>(d.bytes.size()));
    return t.text > 0 ? t.items : 0;
}

void walk(const pugi::xml_node& node, tally& t) {
    for (const pugi::xml_node child : node.children()) {
        if (child.type() == pugi::node_element) {
            t.items += is_item(child.name()) ? 1 : 0;
            walk(child, t);
        } else {
            t.text += std::strlen(child.value());
        }
    }
}

std::size_t walk_pugixml(const document& d) {
    std::string copy = d.bytes;
    pugi::xml_document tree;
    if (!tree.load_buffer_inplace(copy.data(), copy.size())) return 0;
    tally t;
    walk(tree, t);
    return t.text > 0 ? t.items : 0;
}

// Text of a body, as a SAX user would gather it.
std::size_t html_text_libxml2(const document& d) {
    std::string text;
    xmlSAXHandler sax{};
    sax.characters = sax.cdataBlock = [](void* u, const xmlChar* s, int n) {
        static_cast<std::string*>(u)->append(reinterpret_cast<const char*>(s), static_cast<std::size_t>(n));
    };
    htmlParserCtxtPtr parser = htmlCreatePushParserCtxt(&sax, &text, d.bytes.data(), static_cast<int>(d.bytes.size()),
                                                        nullptr, XML_CHAR_ENCODING_UTF8);
    htmlParseChunk(parser, nullptr, 0, 1);
    htmlFreeParserCtxt(parser);
    return text.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 2;
    const std::string mode = argv[1];
    const auto documents =
        feedwatch::bench::read_documents({argv + 4, argv + argc}, static_cast<std::size_t>(std::atoll(argv[3])));
    const double seconds = std::atof(argv[2]);
    if (mode == "expat") return feedwatch::bench::measure(documents, seconds, walk_expat);
    if (mode == "libxml2") return feedwatch::bench::measure(documents, seconds, walk_libxml2);
    if (mode == "pugixml") return feedwatch::bench::measure(documents, seconds, walk_pugixml);
    if (mode == "libxml2-html") return feedwatch::bench::measure(documents, seconds, html_text_libxml2);
    return 2;
}
