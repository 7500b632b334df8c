#include <unistd.h>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/documents.hpp"
#include "app/filter/lines.hpp"
#include "io/log/escape.hpp"
#include "producers/parse/repairs.hpp"

namespace feedwatch::app {
namespace {

// What is missing from the output must be said, though it fails nothing.
void tell_losses(const std::string& input, const parsed_feed& document) {
    if (document.truncated) complain("parse", input + ": the document ends early; the complete items are there");
    if (document.items_dropped > 0) {
        complain("parse",
                 input + ": " + std::to_string(document.items_dropped) + " items past the limit were left out");
    }
}

// For people: what was mended or not understood, each with where it stands as far as that is known.
std::string explained(const std::string& input, std::string_view bytes, const parse_options& options,
                      const parsed_feed& document) {
    std::vector<std::string> remarks = document.warnings;
    if (document.truncated) remarks.emplace_back("the document ends early: the complete items are there");
    for (std::string& r : explain_repairs(bytes, {options.url, options.content_type})) remarks.push_back(std::move(r));
    for (std::size_t n = 0; n < document.items.size(); ++n) {
        const item& i = document.items[n];
        for (const std::string& w : i.warnings)
            remarks.push_back("item " + std::to_string(n + 1) + (i.title.empty() ? "" : ", \"" + i.title + "\"") +
                              ": " + w);
    }
    std::string out =
        (input == "-" ? "standard input" : log::printable(input)) + ": " + std::to_string(document.items.size()) +
        (document.items.size() == 1 ? " item, " : " items, ") +
        (remarks.empty() ? "nothing had to be mended"
                         : std::to_string(remarks.size()) + (remarks.size() == 1 ? " remark" : " remarks"));
    for (const std::string& r : remarks) out += "\n  " + log::printable(r);
    return out;
}

result<> parse_one(const std::string& input, const parse_options& options, line_writer& out) {
    const auto bytes = read_input(input);
    if (!bytes) return bytes.error();
    auto document = parse_feed(*bytes, {options.url, options.content_type});
    if (!document) return error(document.error().code, input + ": " + document.error().detail);
    complete_items(*document, options.url, input, system_clock().now());
    if (options.warnings) {
        (void)out.write(explained(input, *bytes, options, *document));
        return {};
    }
    tell_losses(input, *document);
    if (options.document) {
        (void)out.write(document_to_json(*document, input));
    } else {
        for (const item& i : document->items) {
            if (!out.write(to_json(i))) break;
        }
    }
    return {};
}

}  // namespace

int parse(const parse_options& options) {
    line_writer out(STDOUT_FILENO);
    int code = exit_ok;
    for (const std::string& input : options.files) {
        const result<> done = parse_one(input, options, out);
        if (!done) {
            complain("parse", done.error().message());
            code = exit_failed;
        }
        if (!out.flush()) break;
    }
    if (out.failure()) {
        complain("parse", out.failure()->message());
        return exit_failed;
    }
    return code;
}

}  // namespace feedwatch::app
