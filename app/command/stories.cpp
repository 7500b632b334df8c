#include <unistd.h>

#include "app/command/stories_read.hpp"
#include "app/command/story_table.hpp"
#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

int fail(const error& why) {
    complain_lines("stories", why.message());
    return exit_failed;
}

}  // namespace

int stories(const stories_options& options) {
    log::configure({.level = "error"}, null_meter());
    const auto loaded = load_config(options.config, process_environment());
    if (!loaded) {
        complain_lines("stories", loaded.error().detail);
        return exit_usage;
    }
    const config& c = loaded->values;
    const auto named = search_stories(c, options.story);
    if (!named) return fail(named.error());
    const auto id = only_story(*named, options.story);
    if (!id) return fail(id.error());
    std::size_t unreadable = 0;
    const auto found = read_story(c, *id, *named, texts::compared, unreadable);
    if (!found) return fail(found.error());
    if (unreadable > 0)
        complain("stories", std::to_string(unreadable) + " records of the story cannot be read and are left out");
    line_writer out(STDOUT_FILENO);
    std::string text = options.json ? story_json(*found) : shown_story(*found);
    if (!options.json) text.pop_back();
    (void)out.write(text);
    (void)out.flush();
    return out.failure() ? fail(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
