#include <unistd.h>

#include <boost/json/parse.hpp>

#include "app/command/fetcher.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/documents.hpp"
#include "app/filter/lines.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "io/http/exchange.hpp"
#include "io/log/escape.hpp"
#include "processors/dedup/filter.hpp"
#include "processors/match/matcher.hpp"
#include "producers/poll/fetch_request.hpp"

namespace feedwatch::app {
namespace {

struct source {
    std::string bytes;
    parse_hints hints;
    std::string how;  // for people: status, size, time
};

bool is_url(const std::string& what) {
    return what.starts_with("http://") || what.starts_with("https://");
}

result<source> fetch(const try_options& options) {
    network_config network;
    network.allow = options.allow;
    auto answer = fetcher(network, {}).get(options.what, accept_feeds);
    if (!answer) return answer.error();
    http::response& r = *answer;
    if (r.status != 200) return error(errc::refused, "the server answered " + std::to_string(r.status));
    const std::string* const type = r.header("content-type");
    source s{std::move(r.body), {r.url, type == nullptr ? "" : *type}, ""};
    s.how = "200, " + std::to_string(s.bytes.size()) + " bytes in " +
            to_string(std::chrono::duration_cast<duration>(r.elapsed));
    if (!r.redirects.empty())
        s.how += ", " + std::to_string(r.redirects.size()) + (r.redirects.size() == 1 ? " redirect" : " redirects") +
                 " to " + redacted_url(r.url);
    return s;
}

result<source> read(const try_options& options) {
    if (is_url(options.what)) {
        auto fetched = fetch(options);
        if (fetched) return fetched;
        const error& why = fetched.error();
        const bool guarded = why.code == make_error_code(http::errc::address_refused);
        return error(why.code, options.what + ": " + why.detail + (guarded ? ", here --allow BLOCK" : ""));
    }
    if (options.what.find("://") != std::string::npos)
        return error(errc::unsupported, options.what + ": only http and https URLs, and files");
    auto bytes = read_input(options.what);
    if (!bytes) return bytes.error();
    return source{std::move(*bytes), {}, ""};
}

// "copy of item 3 (near, 0.93)", "update", "" for a story of its own.
class copies {
  public:
    result<std::string> of(const item& i, std::size_t number) {
        numbers_.emplace(i.id.str(), number);
        const auto verdict = inner_.process(to_json(i));
        if (!verdict) return verdict.error();
        const auto said = boost::json::parse(**verdict);
        const std::string what(said.at("verdict").as_string());
        if (what == "new") return std::string();
        if (what != "duplicate") return what;
        const auto story = numbers_.find(std::string(said.at("story").as_string()));
        return "copy of item " + (story == numbers_.end() ? "?" : std::to_string(story->second)) + " (" +
               std::string(said.at("how").as_string()) + ")";
    }

  private:
    feedwatch::dedup::filter inner_{{}, feedwatch::dedup::filter::output::verdicts};
    std::map<std::string, std::size_t> numbers_;
};

std::string heading(const try_options& options, const source& from, const parsed_feed& document) {
    std::string out = (options.what == "-" ? "standard input" : log::printable(options.what)) +
                      (from.how.empty() ? "" : "  (" + from.how + ")") + "\n";
    const auto line = [&out](const char* name, const std::string& value) {
        if (!value.empty()) out += "  " + std::string(name) + log::printable(value) + "\n";
    };
    line("title     ", document.feed.title);
    line("site      ", document.feed.link);
    line("language  ", document.feed.language);
    line("items     ",
         std::to_string(document.items.size()) + (document.truncated ? " (the document ends early)" : ""));
    if (document.items_dropped > 0)
        line("left out  ", std::to_string(document.items_dropped) + " items past the limit");
    if (!document.boilerplate.empty()) {
        line("template  ", std::to_string(document.boilerplate.size()) + " repeated blocks removed from the texts");
    }
    for (const std::string& warning : document.warnings) line("warning   ", warning);
    return out;
}

std::string matched(const std::vector<topic_match>& matches) {
    std::string out;
    for (const topic_match& m : matches) {
        out += "    >> " + m.topic.str() + ":";
        for (const span& s : m.spans) out += " \"" + log::printable(s.text) + "\" (" + s.field + ")";
        out += '\n';
    }
    return out;
}

std::string shown(const item& i, std::size_t number, const std::string& copy, const std::vector<topic_match>& matches) {
    constexpr std::size_t text_bytes = 240;
    std::string out = "\n" + std::to_string(number) + ". " + log::printable(i.title.empty() ? "(untitled)" : i.title);
    out += (copy.empty() ? "" : "  [" + copy + "]") + "\n";
    std::string line;
    const auto add = [&line](const std::string& part) {
        if (!part.empty()) (line += line.empty() ? "    " : "  ") += part;
    };
    add(i.published ? to_rfc3339(*i.published) : i.published_raw);
    add(i.language);
    for (const person& p : i.authors) add(p.name);
    add(std::to_string(i.text.size()) + " bytes of text");
    out += log::printable(line) + "\n    " + log::printable(i.url) + "\n" + matched(matches);
    const std::string_view start = truncate_utf8(i.text, text_bytes);
    std::string flat(start);
    for (char& c : flat) c = c == '\n' ? ' ' : c;
    if (!flat.empty()) out += "    " + log::printable(flat) + (start.size() < i.text.size() ? " …" : "") + "\n";
    for (const std::string& warning : i.warnings) out += "    warning: " + log::printable(warning) + "\n";
    return out;
}

int fail(const error& why) {
    complain("try", why.message());
    return exit_failed;
}

}  // namespace

int try_source(const try_options& options) {
    const auto rules = load_rules(options.topics.empty() ? std::vector<std::string>{} : std::vector{options.topics});
    if (!rules) {
        complain_lines("try", rules.error().detail);
        return exit_usage;
    }
    if (const auto guard = http::address_guard::make(options.allow); !guard) {
        complain("try", "--allow: " + guard.error().detail);
        return exit_usage;
    }
    auto from = read(options);
    if (!from) return fail(from.error());
    auto document = parse_feed(from->bytes, from->hints);
    if (!document) return fail(error(document.error().code, options.what + ": " + document.error().detail));
    complete_items(*document, from->hints.url, options.what, system_clock().now());

    line_writer out(STDOUT_FILENO);
    std::string text = heading(options, *from, *document);
    copies seen;
    matcher matches;
    std::vector<topic_match> found;
    std::size_t flagged = 0;
    for (std::size_t n = 0; n < document->items.size(); ++n) {
        const item& i = document->items[n];
        const auto copy = seen.of(i, n + 1);
        if (!copy) return fail(copy.error());
        matches.match(**rules, {i.title, i.text, i.language}, found);
        flagged += found.empty() ? 0 : 1;
        const bool wanted = options.items == 0 || n < options.items || !found.empty();
        if (wanted) text += shown(i, n + 1, *copy, found);
    }
    if (options.items != 0 && document->items.size() > options.items) {
        text += "\n(the first " + std::to_string(options.items) + " and what was flagged; --items 0 shows all)\n";
    }
    if (!options.topics.empty())
        text += "\n" + std::to_string(flagged) + " of " + std::to_string(document->items.size()) + " items flagged\n";
    text.pop_back();
    (void)out.write(text);
    (void)out.flush();
    return out.failure() ? fail(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
