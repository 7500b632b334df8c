#include "app/cli.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "io/log/escape.hpp"

namespace feedwatch::app {
namespace {

using action = std::function<int()>;

// Adds a subcommand whose options live in `Options` and whose work is `work`.
template <class Options>
CLI::App* add(CLI::App& to, action& chosen, const char* name, const char* summary, int (*work)(const Options&),
              const std::function<void(CLI::App&, Options&)>& describe) {
    CLI::App* const sub = to.add_subcommand(name, summary);
    auto options = std::make_shared<Options>();
    describe(*sub, *options);
    sub->callback([&chosen, options, work] { chosen = [options, work] { return work(*options); }; });
    return sub;
}

void add_config(CLI::App& to, std::string& config) {
    to.add_option("-c,--config", config, "The configuration (docs/configuration.md)")->type_name("FILE")->required();
}

void add_roles(CLI::App& app, action& chosen) {
    struct entry {
        const char* name;
        role as;
        const char* summary;
    };
    static constexpr entry entries[] = {
        {"run", role::all, "Poll, deduplicate, match, store and alert, all in one process"},
        {"poll", role::poll, "Only poll feeds and publish what they hold"},
        {"process", role::process, "Only deduplicate and match"},
        {"sink", role::sink, "Only store and alert"},
    };
    for (const entry& e : entries) {
        add<run_options>(app, chosen, e.name, e.summary, run, [&e](CLI::App& sub, run_options& o) {
            o.as = e.as;
            add_config(sub, o.config);
            if (e.as == role::all)
                sub.add_flag("--show", o.show, "Print flagged items to standard output as they come");
            sub.group("Services")
                ->footer(
                    "SIGTERM finishes what is in flight and leaves; a second one leaves at once. SIGHUP reads the\n"
                    "configuration's feeds and topics again.\n"
                    "\nExample:\n  feedwatch " +
                    std::string(e.name) + " --config feedwatch.yaml");
        });
    }
}

void add_filters(CLI::App& app, action& chosen) {
    add<parse_options>(
        app, chosen, "parse", "Feed documents to `fetched` records, one JSON object a line", parse,
        [](CLI::App& sub, parse_options& o) {
            sub.add_option("FILE", o.files, "Feed documents; - is standard input")->type_name("")->required();
            sub.add_flag("--document", o.document,
                         "One object {\"input\":…,\"feed\":…,\"items\":[…],…} per input instead");
            sub.add_flag("--warnings", o.warnings, "Say what was mended or not understood instead, for people to read")
                ->excludes("--document");
            sub.add_option("--url", o.url, "Read the input as if fetched from this URL")->type_name("URL");
            sub.add_option("--content-type", o.content_type, "Read the input as if it came with this HTTP Content-Type")
                ->type_name("TYPE");
            sub.group("Filters")->footer(
                "Examples:\n  feedwatch parse feed.xml\n"
                "  curl -s https://example.org/feed | feedwatch parse --url https://example.org/feed -");
        });
    add<dedup_options>(app, chosen, "dedup", "`fetched` records to `items` records: one per story or update", dedup,
                       [](CLI::App& sub, dedup_options& o) {
                           sub.add_flag(
                               "--verdicts", o.verdicts,
                               "Write {\"id\",\"verdict\",\"story\",\"how\",\"similarity\"} for each input line");
                           sub.group("Filters")->footer(
                               "Needs only id, title and text (or content_html) of a record.\n"
                               "\nExample:\n  feedwatch parse *.xml | feedwatch dedup --verdicts");
                       });
    add<match_options>(
        app, chosen, "match", "`items` records to `flagged` records, by the rules of a topics.yaml", match,
        [](CLI::App& sub, match_options& o) {
            sub.add_option("--topics", o.topics, "The rules (docs/topics.md)")->type_name("FILE")->required();
            sub.add_flag("--all", o.all, "Write records that match nothing too, with \"matches\": []");
            sub.group("Filters")->footer(
                "Example:\n  feedwatch parse *.xml | feedwatch dedup | feedwatch match --topics topics.yaml");
        });
    add<extract_options>(
        app, chosen, "extract", "The main text of an HTML page", extract, [](CLI::App& sub, extract_options& o) {
            sub.add_option("FILE", o.file, "An HTML page; - is standard input")->type_name("")->required();
            sub.add_option("--url", o.url, "Where the page is from")->type_name("URL");
            sub.group("Filters")->footer("Example:\n  curl -s https://example.org/story | feedwatch extract -");
        });
    CLI::App* const sub =
        app.add_subcommand("canonical", "URLs, one a line, to the form that all links to a page share");
    sub->callback([&chosen] { chosen = canonical; });
    sub->group("Filters")->footer("Example:\n  echo 'https://m.example.org/a?utm_source=x' | feedwatch canonical");
}

void add_tools(CLI::App& app, action& chosen) {
    add<try_options>(
        app, chosen, "try", "What a feed would give: parsed, deduplicated and matched, for a person to read",
        try_source, [](CLI::App& sub, try_options& o) {
            sub.add_option("WHAT", o.what, "URL of a feed, a file, or - for standard input")->type_name("")->required();
            sub.add_option("--topics", o.topics, "Show what these rules find")->type_name("FILE");
            sub.add_option("--items", o.items, "How many items to show; 0: all")->type_name("N")->capture_default_str();
            sub.add_option("--allow", o.allow, "Let a private address block through (as network.allow)")
                ->type_name("CIDR");
            sub.group("Tools")->footer(
                "Examples:\n  feedwatch try https://example.org/feed\n"
                "  feedwatch try feed.xml --topics topics.yaml\n"
                "  feedwatch try http://127.0.0.1:8000/feed --allow 127.0.0.0/8");
        });
    add<check_options>(
        app, chosen, "check", "Every mistake in the configuration, its feeds and its topics, with its line", check,
        [](CLI::App& sub, check_options& o) {
            add_config(sub, o.config);
            sub.add_flag("--connect", o.connect, "Also reach Kafka and the databases; nothing is written");
            sub.group("Tools")->footer("Example:\n  feedwatch check --config feedwatch.yaml --connect");
        });
    add<tap_options>(app, chosen, "tap", "Follow topics of the pipeline, one JSON object a record", tap,
                     [](CLI::App& sub, tap_options& o) {
                         add_config(sub, o.config);
                         sub.add_option("TOPIC", o.topics,
                                        "feeds, polls, fetched, seen, items, duplicates, flagged, deliveries, dead")
                             ->type_name("")
                             ->required();
                         sub.add_option("--from", o.from, "beginning, or end: what comes from now on")
                             ->type_name("WHERE")
                             ->check(CLI::IsMember({"beginning", "end"}))
                             ->capture_default_str();
                         sub.add_option("--limit", o.limit, "End after this many records")->type_name("N");
                         sub.group("Tools")->footer(
                             "Only committed records are shown. Each line is\n"
                             "{\"topic\",\"partition\",\"offset\",\"timestamp\",\"key\",\"headers\",\"value\"}.\n"
                             "\nExamples:\n  feedwatch tap flagged --config feedwatch.yaml\n"
                             "  feedwatch tap items --from beginning --limit 10 -c feedwatch.yaml | jq .value.title");
                     });
}

void add_dead(CLI::App& app, action& chosen) {
    CLI::App* const group = app.add_subcommand("dead", "Records that a step could not process: list, show, replay");
    group->require_subcommand(1)->group("Tools")->footer(
        "Examples:\n  feedwatch dead list --config feedwatch.yaml\n"
        "  feedwatch dead replay 0:17 --config feedwatch.yaml\n"
        "\n`feedwatch dead COMMAND --help` says more.");
    struct entry {
        const char* name;
        dead_options::action what;
        const char* summary;
    };
    static constexpr entry entries[] = {
        {"list", dead_options::action::list, "One line each: where it is, its step, reason and origin"},
        {"show", dead_options::action::show, "Whole records: headers and bytes"},
        {"replay", dead_options::action::replay, "Write records to the topic they came from again"},
    };
    for (const entry& e : entries) {
        add<dead_options>(*group, chosen, e.name, e.summary, dead, [&e](CLI::App& sub, dead_options& o) {
            o.what = e.what;
            const bool lists = e.what == dead_options::action::list;
            add_config(sub, o.config);
            sub.add_option("--stage", o.stage, "Only those of this step or sink")->type_name("NAME");
            sub.add_option("--reason", o.reason, "Only those with this reason")->type_name("REASON");
            sub.group("Commands")
                ->footer("Example:\n  feedwatch dead " + std::string(e.name) + (lists ? "" : " 0:17") +
                         " --config feedwatch.yaml");
            if (lists) return;
            CLI::Option* const which =
                sub.add_option("RECORD", o.records, "partition:offset in `dead`, as `dead list` prints it")
                    ->type_name("");
            sub.add_flag("--all", o.all, "Every one of them")->excludes(which);
        });
    }
}

void add_stories(CLI::App& app, action& chosen) {
    CLI::App* const group =
        app.add_subcommand("stories", "Stories: every copy of one, what differs; and taking one down");
    group->require_subcommand(1)->group("Tools")->footer(
        "Example:\n  feedwatch stories show https://example.org/article --config feedwatch.yaml\n"
        "\n`feedwatch stories COMMAND --help` says more.");
    add<stories_options>(
        *group, chosen, "show", "The items of a story, how they joined it, and the words that differ", stories,
        [](CLI::App& sub, stories_options& o) {
            add_config(sub, o.config);
            sub.add_option("STORY", o.story, "Id of the story or of an item of it, or an item's URL")
                ->type_name("")
                ->required();
            sub.add_flag("--json", o.json, "One JSON object (docs/cli.md)");
            sub.group("Commands")
                ->footer(
                    "Examples:\n  feedwatch stories show https://example.org/article --config feedwatch.yaml\n"
                    "  feedwatch stories show 0f3c41d28a6b75e9 --json -c feedwatch.yaml | jq '.members[].publisher'");
        });
    add<stories_options>(
        *group, chosen, "forget", "Take a story down: out of the topics, the databases, and dedup's way back",
        forget_story, [](CLI::App& sub, stories_options& o) {
            add_config(sub, o.config);
            sub.add_option("STORY", o.story, "Id of the story or of an item of it, or an item's URL")
                ->type_name("")
                ->required();
            sub.add_flag("--dry-run", o.dry_run, "Only say what there is, and what would become of it");
            sub.add_flag("--yes", o.yes, "Do not ask at a terminal");
            sub.add_option("--wait", o.wait, "How long to wait until dedup has taken it; 0s: not at all")
                ->type_name("DURATION")
                ->capture_default_str();
            sub.add_flag("--json", o.json, "One JSON object (docs/cli.md)");
            sub.group("Commands")
                ->footer(
                    "Examples:\n  feedwatch stories forget https://example.org/article --dry-run --config "
                    "feedwatch.yaml\n"
                    "  feedwatch stories forget 0f3c41d28a6b75e9 --yes --config feedwatch.yaml");
        });
}

using feeds_action = feeds_options::action;

void describe_feeds(CLI::App& sub, feeds_options& o) {
    const bool asks = o.what == feeds_action::remove || o.what == feeds_action::show ||
                      o.what == feeds_action::poll_now || o.what == feeds_action::backfill ||
                      o.what == feeds_action::pause || o.what == feeds_action::resume;
    if (asks)
        sub.add_option("FEED", o.feeds, "Id or URL, or the beginning of one, as `feeds list` shows them")
            ->type_name("")
            ->required();
    const bool looks_for = o.what == feeds_action::add || o.what == feeds_action::discover;
    if (looks_for)
        sub.add_option("URL", o.feeds, "A feed, or a page that has one")->type_name("")->required()->expected(1);
    if (o.what == feeds_action::list || o.what == feeds_action::show || o.what == feeds_action::discover)
        sub.add_flag("--json", o.json, "One JSON object a line (docs/cli.md)");
    if (o.what == feeds_action::list || o.what == feeds_action::export_all)
        sub.add_option("--tag", o.tag, "Only feeds with this tag")->type_name("TAG");
    if (o.what == feeds_action::add || o.what == feeds_action::import)
        sub.add_option("--tag", o.tags, "A tag of the feed; may be given more than once")
            ->type_name("TAG")
            ->allow_extra_args(false);
}

void describe_one_of_feeds(CLI::App& sub, feeds_options& o) {
    switch (o.what) {
        case feeds_action::list:
            sub.add_flag("--failing", o.failing, "Only feeds that back off or are gone");
            return;
        case feeds_action::import:
            sub.add_option("FILE", o.file, "OPML or feeds.yaml; - is standard input")->type_name("")->required();
            return;
        case feeds_action::export_all:
            sub.add_option("--format", o.format, "opml, or yaml: a feeds file, with everything that OPML cannot say")
                ->type_name("FORMAT")
                ->check(CLI::IsMember({"opml", "yaml"}))
                ->capture_default_str();
            return;
        case feeds_action::add:
            sub.add_option("--id", o.id, "Default: made from the URL")->type_name("ID");
            sub.add_option("--title", o.title, "Default: what the feed says")->type_name("TEXT");
            sub.add_option("--publisher", o.publisher, "Default: the URL's registrable domain")->type_name("NAME");
            sub.add_option("--language", o.language, "Overrides what the feed says")->type_name("TAG");
            sub.add_option("--first-fetch", o.first_fetch, "baseline, all, or 'latest N'")->type_name("POLICY");
            sub.add_option("--credentials", o.credentials,
                           "Where a secret stands (docs/configuration.md), never the secret")
                ->type_name("REFERENCE");
            sub.add_flag("--unseen", o.unseen, "Take the URL as it is, without asking it first");
            return;
        case feeds_action::backfill:
            sub.add_option("--pages", o.pages, "At most so many pages")
                ->type_name("N")
                ->check(CLI::Range(1, 1000))
                ->capture_default_str();
            sub.add_option("--since", o.since, "Nothing that was published before")->type_name("DATE");
            sub.add_flag("--stop", o.stop, "End the one that runs");
            return;
        case feeds_action::discover:
            sub.add_option("--allow", o.allow, "Let a private address block through (as network.allow)")
                ->type_name("CIDR")
                ->allow_extra_args(false);
            return;
        default:
            return;
    }
}

void add_feeds(CLI::App& app, action& chosen) {
    CLI::App* const group =
        app.add_subcommand("feeds", "The subscriptions: add, remove, list, import, pause, backfill ...");
    group->require_subcommand(1)->group("Tools")->footer(
        "Examples:\n  feedwatch feeds list --config feedwatch.yaml\n"
        "  feedwatch feeds add https://example.org/ --config feedwatch.yaml\n"
        "\n`feedwatch feeds COMMAND --help` says more.");
    struct entry {
        const char* name;
        feeds_action what;
        const char* summary;
        const char* example;
    };
    static constexpr entry entries[] = {
        {"list", feeds_action::list, "A table: health, next poll, items a day, last error", "--failing"},
        {"show", feeds_action::show, "All that is known of a feed", "https://example.org/feed"},
        {"add", feeds_action::add, "Subscribe to a feed, or to the feed of a page", "https://example.org/ --tag news"},
        {"remove", feeds_action::remove, "Unsubscribe", "https://example.org/feed"},
        {"import", feeds_action::import, "Subscribe to all that a list holds", "subscriptions.opml"},
        {"export", feeds_action::export_all, "All subscriptions as OPML or as a feeds file", "--format yaml"},
        {"discover", feeds_action::discover, "The feeds of a page; nothing is changed", "https://example.org/"},
        {"poll-now", feeds_action::poll_now, "Poll a feed at once", "https://example.org/feed"},
        {"backfill", feeds_action::backfill, "Read older items than the feed holds, without alerts",
         "https://example.org/feed --since 2026-01-01"},
        {"pause", feeds_action::pause, "Do not poll a feed until it is resumed", "https://example.org/feed"},
        {"resume", feeds_action::resume, "Poll it again", "https://example.org/feed"},
    };
    for (const entry& e : entries) {
        add<feeds_options>(*group, chosen, e.name, e.summary, feeds, [&e](CLI::App& sub, feeds_options& o) {
            o.what = e.what;
            describe_feeds(sub, o);
            describe_one_of_feeds(sub, o);
            if (e.what == feeds_action::discover) {
                sub.add_option("-c,--config", o.config, "Ask as the poller of this configuration does")
                    ->type_name("FILE");
            } else {
                add_config(sub, o.config);
            }
            sub.group("Commands")
                ->footer("Example:\n  feedwatch feeds " + std::string(e.name) + " " + e.example +
                         (e.what == feeds_action::discover ? "" : " --config feedwatch.yaml"));
        });
    }
}

// What went wrong, for people. CLI11 misses what is required before it sees what it does not know, which says more.
std::string complaint(const CLI::App& about, const CLI::Error& e) {
    const bool needs_command = about.get_require_subcommand_min() > 0 && about.get_subcommands().empty();
    if (e.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError)) return e.what();
    for (const CLI::App* at = &about; at != nullptr; at = at->get_parent()) {
        const std::vector<std::string> unknown = at->remaining();
        if (unknown.empty()) continue;
        const std::string first = "'" + log::printable(unknown.front()) + "'";
        if (needs_command && !unknown.front().starts_with('-')) return "there is no command " + first;
        return (needs_command ? "a command is required; " : std::string(e.what()) + "; ") + first + " was not expected";
    }
    return needs_command ? "a command is required" : e.what();
}

void describe(CLI::App& app) {
    app.name("feedwatch");
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app.description("Watches RSS, Atom and JSON feeds: copies of a story joined, topics flagged, over Kafka.");
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text, "The versions of feedwatch and of the libraries it runs with");
    app.footer(
        "First steps:\n"
        "  feedwatch try https://example.org/feed          what one feed would give\n"
        "  feedwatch check --config feedwatch.yaml         every mistake at once\n"
        "  feedwatch run --config feedwatch.yaml --show    everything in one process\n"
        "\nExit codes: 0 fine, 1 something failed (stderr says what), 2 wrong command line or configuration.\n"
        "`feedwatch COMMAND --help` says more.");
    app.failure_message([](const CLI::App* at, const CLI::Error& e) {
        while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
        std::string command = at->get_name();
        for (const CLI::App* up = at->get_parent(); up != nullptr; up = up->get_parent()) {
            command = up->get_name() + ' ' + command;
        }
        return command + ": " + complaint(*at, e) + "\nTry `" + command + " --help`.\n";
    });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app;
    action chosen;
    describe(app);
    add_roles(app, chosen);
    add_filters(app, chosen);
    add_tools(app, chosen);
    add_dead(app, chosen);
    add_stories(app, chosen);
    add_feeds(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == exit_ok ? exit_ok : exit_usage;
    }
    try {
        return chosen();
    } catch (const std::exception& e) {  // what cannot start
        complain(app.get_subcommands().front()->get_name(), e.what());
        return exit_failed;
    }
}

}  // namespace feedwatch::app
