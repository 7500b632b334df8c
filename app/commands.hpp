// The subcommands: what the command line says, and the function that does it. Each returns an exit_code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace feedwatch::app {

struct parse_options {
    std::vector<std::string> files;  // "-": standard input
    bool warnings = false;           // text for people instead of records
    bool document = false;           // one object {"feed":…,"items":[…]} per input
    std::string url;
    std::string content_type;
};
int parse(const parse_options& options);

struct dedup_options {
    bool verdicts = false;
};
int dedup(const dedup_options& options);

struct match_options {
    std::string topics;
    bool all = false;  // unmatched records too
};
int match(const match_options& options);

struct extract_options {
    std::string file;
    std::string url;
};
int extract(const extract_options& options);

int canonical();

struct try_options {
    std::string what;  // URL, file or "-"
    std::string topics;
    std::uint32_t items = 10;        // shown; 0: all
    std::vector<std::string> allow;  // address blocks, as network.allow
};
int try_source(const try_options& options);

enum class role { all, poll, process, sink };
struct run_options {
    role as = role::all;
    std::string config;
    bool show = false;  // flagged items on stdout as they come
};
int run(const run_options& options);

struct check_options {
    std::string config;
    bool connect = false;
};
int check(const check_options& options);

struct tap_options {
    std::string config;
    std::vector<std::string> topics;
    std::string from = "end";
    std::uint64_t limit = 0;  // 0: none
};
int tap(const tap_options& options);

struct dead_options {
    enum class action { list, show, replay };
    action what = action::list;
    std::string config;
    std::vector<std::string> records;  // "partition:offset"; for replay none with `all`
    bool all = false;
    std::string stage;   // only those of this step
    std::string reason;  // only those with this reason
};
int dead(const dead_options& options);

struct stories_options {
    std::string config;
    std::string story;  // id of a story or of an item of it, or a URL
    bool json = false;
    // of forget
    bool dry_run = false;
    bool yes = false;
    std::string wait = "30s";  // for dedup to take the request; "0s": not at all
};
int stories(const stories_options& options);
int forget_story(const stories_options& options);

struct feeds_options {
    enum class action { add, remove, list, show, import, export_all, discover, poll_now, backfill, pause, resume };
    action what = action::list;
    std::string config;              // of discover it may be empty
    std::vector<std::string> feeds;  // ids, URLs or their beginnings; of add and discover one URL
    std::string file;                // of import: "-" is standard input
    std::string format = "opml";     // of export: or "yaml"
    bool json = false;               // of list, show and discover
    bool failing = false;            // of list: only what backs off or is gone
    std::string tag;                 // of list and export: only feeds with it
    // of add
    std::string id, title, publisher, language, first_fetch, credentials;
    std::vector<std::string> tags;  // of import too
    bool unseen = false;            // take the URL as it is, without asking it
    // of backfill
    std::uint32_t pages = 50;
    std::string since;  // a date, or RFC 3339
    bool stop = false;
    std::vector<std::string> allow;  // of discover: address blocks, as network.allow
};
int feeds(const feeds_options& options);

// Versions of feedwatch and of the libraries it runs with, one a line.
[[nodiscard]] std::string version_text();

}  // namespace feedwatch::app
