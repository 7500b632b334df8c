#include <unistd.h>

#include <algorithm>

#include "app/command/records.hpp"
#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "core/record/dead.hpp"
#include "io/log/escape.hpp"

namespace feedwatch::app {
namespace {

using kafka::read_record;

constexpr std::chrono::seconds patience{15};

struct letter {
    read_record record;
    dead_letter about;
};

std::string place(const read_record& r) {
    return std::to_string(r.partition) + ":" + std::to_string(r.offset);
}

bool is_place(std::string_view text) {
    const auto colon = text.find(':');
    const auto is_number = [](std::string_view digits) {
        return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return colon != std::string_view::npos && is_number(text.substr(0, colon)) && is_number(text.substr(colon + 1));
}

bool is_wanted(const letter& l, const dead_options& options) {
    if (!options.stage.empty() && l.about.stage != options.stage) return false;
    if (!options.reason.empty() && l.about.reason != options.reason) return false;
    if (options.records.empty()) return options.what == dead_options::action::list || options.all;
    return std::find(options.records.begin(), options.records.end(), place(l.record)) != options.records.end();
}

result<std::vector<letter>> read_letters(const config& c, const dead_options& options) {
    auto reader =
        kafka::open_reader(c.kafka, c.state_dir, {{topic::dead}, kafka::read_from::beginning, {}, false}, patience);
    if (!reader) {
        if (reader.error().code == errc::not_found) return std::vector<letter>{};
        return reader.error();
    }
    std::vector<letter> all;
    while (!(*reader)->at_end()) {
        auto next = (*reader)->next(patience);
        if (!next) return next.error();
        if (!*next) {
            if ((*reader)->at_end()) break;
            return error(errc::timeout, "topic dead could not be read to its end in time");
        }
        auto about = dead_letter_from_headers((**next).headers);
        letter l{std::move(**next), about ? std::move(*about) : dead_letter{}};
        if (is_wanted(l, options)) all.push_back(std::move(l));
    }
    return all;
}

std::string listed(const letter& l) {
    return place(l.record) + "  " + to_rfc3339(l.record.written) + "  " + log::printable(l.about.stage) + "  " +
           log::printable(l.about.reason) + "  " + log::printable(l.about.topic) + "/" +
           std::to_string(l.about.partition) + "/" + std::to_string(l.about.offset) + "  " +
           log::printable(l.about.exception);
}

// The same key and bytes, to where they came from. The step that refused it reads it again, and so does everybody else
// who reads that topic: they know repeats by their ids.
result<std::size_t> replay(const config& c, const std::vector<letter>& letters) {
    std::vector<output_record> again;
    for (const letter& l : letters) {
        const auto to = topic_for(l.about.topic, c.kafka.topic_prefix);
        if (!to) return error(errc::not_found, place(l.record) + ": " + to.error().detail);
        again.push_back({*to, l.record.key, l.record.value, std::nullopt, {{"feedwatch.replay", place(l.record)}}});
    }
    if (again.empty()) return again.size();
    const auto cluster = kafka::cluster::open(c.kafka, c.state_dir, null_meter(), patience);
    if (!cluster) return cluster.error();
    const auto writer = kafka::open_writer(**cluster);
    if (!writer) return writer.error();
    if (const auto written = (*writer)->write(again); !written) return written.error();
    return again.size();
}

int fail(const error& why) {
    complain("dead", why.message());
    return exit_failed;
}

}  // namespace

int dead(const dead_options& options) {
    const auto loaded = load_config(options.config, process_environment());
    if (!loaded) {
        complain_lines("dead", loaded.error().detail);
        return exit_usage;
    }
    if (options.what != dead_options::action::list && options.records.empty() && !options.all) {
        complain("dead", "name records as partition:offset (see `feedwatch dead list`), or give --all");
        return exit_usage;
    }
    for (const std::string& name : options.records) {
        if (is_place(name)) continue;
        complain("dead", "'" + name + "' is not partition:offset (see `feedwatch dead list`)");
        return exit_usage;
    }
    const auto letters = read_letters(loaded->values, options);
    if (!letters) return fail(letters.error());
    if (letters->size() < options.records.size()) {
        return fail(error(errc::not_found, "some of these records are not in topic dead; see `feedwatch dead list`"));
    }
    line_writer out(STDOUT_FILENO);
    if (options.what == dead_options::action::replay) {
        const auto count = replay(loaded->values, *letters);
        if (!count) return fail(count.error());
        (void)out.write(std::to_string(*count) + (*count == 1 ? " record written to the topic it came from"
                                                              : " records written to the topics they came from"));
        return exit_ok;
    }
    for (const letter& l : *letters) {
        const bool list = options.what == dead_options::action::list;
        if (!out.write(list ? listed(l) : record_to_json(l.record, loaded->values.kafka.topic_prefix))) break;
    }
    (void)out.flush();
    return out.failure() ? fail(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
