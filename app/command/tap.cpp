#include <unistd.h>

#include "app/command/records.hpp"
#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"

namespace feedwatch::app {
namespace {

result<> follow(kafka::reader& from, const tap_options& options, const std::string& prefix, line_writer& out) {
    for (std::uint64_t count = 0; options.limit == 0 || count < options.limit;) {
        // Records that are there already come without a pause; before a wait, what was written goes out.
        auto next = from.next(std::chrono::milliseconds(0));
        if (next && !*next) {
            if (!out.flush()) return {};
            next = from.next(std::chrono::milliseconds(500));
        }
        if (!next) return next.error();
        if (!*next) continue;
        if (!out.write(record_to_json(**next, prefix))) return {};
        ++count;
    }
    return {};
}

}  // namespace

int tap(const tap_options& options) {
    const auto loaded = load_config(options.config, process_environment());
    if (!loaded) {
        complain_lines("tap", loaded.error().detail);
        return exit_usage;
    }
    const config& c = loaded->values;
    kafka::reader_options wanted;
    wanted.start = options.from == "beginning" ? kafka::read_from::beginning : kafka::read_from::end;
    for (const std::string& name : options.topics) {
        const auto t = topic_for(name, c.kafka.topic_prefix);
        if (!t) {
            complain("tap", t.error().detail);
            return exit_usage;
        }
        wanted.topics.push_back(*t);
    }
    const auto reader = kafka::open_reader(c.kafka, c.state_dir, std::move(wanted), std::chrono::seconds(15));
    line_writer out(STDOUT_FILENO);
    const result<> done = reader ? follow(**reader, options, c.kafka.topic_prefix, out) : result<>(reader.error());
    (void)out.flush();
    if (!done) complain("tap", done.error().message());
    if (out.failure()) complain("tap", out.failure()->message());
    return done && !out.failure() ? exit_ok : exit_failed;
}

}  // namespace feedwatch::app
