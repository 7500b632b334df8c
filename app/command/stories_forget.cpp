#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <set>

#include "app/command/read_topic.hpp"
#include "app/command/stories_read.hpp"
#include "app/command/takedown.hpp"
#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "io/kafka/client.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

constexpr std::chrono::seconds patience{15};

int fail(const error& why) {
    complain_lines("stories", why.message());
    return exit_failed;
}

result<takedown> look_for(const config& c, const std::string& named) {
    takedown t;
    t.request = request_for(named);
    const auto found = search_stories(c, named);
    if (!found) return found.error();
    if (!found->ids.empty()) {
        const auto id = only_story(*found, named);
        if (!id) return id.error();
        std::size_t unreadable = 0;  // they go with the others
        auto s = read_story(c, *id, *found, texts::left_out, unreadable);
        if (!s) return s.error();
        t.request = {forget_request::by::story, id->str(), 0};
        t.found = std::move(*s);
    }
    takedown_counter counter(t);
    const auto look = [&](const kafka::read_record& r) { counter.look_at(r); };
    for (const topic each :
         {topic::fetched, topic::items, topic::duplicates, topic::flagged, topic::deliveries, topic::dead})
        if (const auto read = read_topic(c, each, look, progress::told); !read) return read.error();
    return t;
}

// False: the person at the terminal said no. Nobody is asked where there is none.
bool agreed(const stories_options& options) {
    if (options.yes || ::isatty(STDIN_FILENO) != 1) return true;
    std::fputs("Take it down? It cannot be brought back. [y/N] ", stderr);
    line_reader in(STDIN_FILENO, [] {});
    std::string_view answer;
    return in.next(answer) == line_reader::got::line && (answer == "y" || answer == "Y" || answer == "yes");
}

std::int32_t partitions_of_fetched(const broker_facts& b) {
    if (b.embedded) return 1;
    for (const kafka::topic_settings& s : b.topics)
        if (s.of == topic::fetched) return s.partitions;
    return 0;
}

result<broker_facts> ask_broker(const config& c, const kafka::cluster* on) {
    broker_facts b{.embedded = c.kafka.embedded(), .topics = {}, .now = system_clock().now()};
    if (on == nullptr) return b;
    auto topics = kafka::read_topic_settings(*on, patience);
    if (!topics) return topics.error();
    b.topics = std::move(*topics);
    return b;
}

// Reads what dedup writes from now on, until it says of every partition that it has taken the request.
result<bool> wait_for(kafka::reader& seen, const forget_request& r, std::int32_t partitions, duration wait) {
    std::set<std::int32_t> taken_by;
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
        const auto left = std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
        if (left <= duration::zero()) return false;
        const auto next = seen.next(left);
        if (!next) return next.error();
        if (*next && confirms(**next, r)) taken_by.insert((**next).partition);
        if (taken_by.size() == static_cast<std::size_t>(partitions)) return true;
    }
}

result<taken> ask(const config& c, kafka::cluster& on, const takedown& t, std::int32_t partitions, duration wait) {
    std::unique_ptr<kafka::reader> seen;
    const bool waits = wait > duration::zero() && !c.kafka.embedded();
    if (waits) {
        auto opened =
            kafka::open_reader(c.kafka, c.state_dir, {{topic::seen}, kafka::read_from::end, {}, true}, patience);
        if (!opened) return opened.error();
        seen = std::move(*opened);
    }
    const auto writer = kafka::open_writer(on);
    if (!writer) return writer.error();
    if (const auto written = (*writer)->write(records_of(t, partitions)); !written) return written.error();
    if (!waits) return taken::not_waited;
    const auto done = wait_for(*seen, t.request, partitions, wait);
    if (!done) return done.error();
    return *done ? taken::yes : taken::no;
}

std::string outcome(taken state, const broker_facts& b) {
    switch (state) {
        case taken::dry_run:
            return "nothing was asked for: this is a dry run";
        case taken::not_waited:
            return b.embedded ? "asked for; the next `feedwatch run` with this configuration does it"
                              : "asked for; dedup does it when it comes to it";
        case taken::yes:
            return "done in dedup; match, storage and alerts follow";
        case taken::no:
            return "asked for";
    }
    return "";
}

}  // namespace

int forget_story(const stories_options& options) {
    log::configure({.level = "error"}, null_meter());
    const auto loaded = load_config(options.config, process_environment());
    if (!loaded) {
        complain_lines("stories", loaded.error().detail);
        return exit_usage;
    }
    const auto wait = parse_duration(options.wait);
    if (!wait) {
        complain("stories", "--wait: " + wait.error().detail);
        return exit_usage;
    }
    const config& c = loaded->values;
    const bool needs_cluster = !c.kafka.embedded() || !options.dry_run;
    std::unique_ptr<kafka::cluster> on;
    if (needs_cluster) {
        auto opened = kafka::cluster::open(c.kafka, c.state_dir, null_meter(), patience);
        if (!opened) return fail(opened.error());
        on = std::move(*opened);
    }
    const auto b = ask_broker(c, on.get());
    if (!b) return fail(b.error());
    const auto t = look_for(c, options.story);
    if (!t) return fail(t.error());
    const std::int32_t partitions = partitions_of_fetched(*b);
    if (partitions == 0) return fail(error(errc::not_found, "there is no topic fetched: nothing was ever published"));

    line_writer out(STDOUT_FILENO);
    if (!options.json) (void)out.write(shown_takedown(*t, *b));
    (void)out.flush();
    result<taken> state = taken::dry_run;
    if (!options.dry_run) {
        if (!agreed(options)) return fail(error(errc::refused, "nothing was asked for"));
        state = ask(c, *on, *t, partitions, *wait);
        if (!state) return fail(state.error());
    }
    (void)out.write(options.json ? takedown_json(*t, *b, *state) : outcome(*state, *b));
    (void)out.flush();
    if (out.failure()) return fail(*out.failure());
    if (*state != taken::no) return exit_ok;
    complain("stories", "no dedup has taken the request within " + to_string(*wait) +
                            ": does `feedwatch process` (or `run`) run, and does it keep up? It is done when one comes "
                            "to it, unless `feedwatch dead list` shows that it was refused");
    return exit_failed;
}

}  // namespace feedwatch::app
