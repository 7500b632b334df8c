#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "processors/match/filter.hpp"

namespace feedwatch::app {

int match(const match_options& options) {
    const auto rules = load_rules({options.topics});
    if (!rules) {
        complain_lines("match", rules.error().detail);
        return exit_usage;
    }
    match_filter inner(*rules, options.all ? match_filter::output::all : match_filter::output::matched);
    return filter_lines("match", [&inner](std::string_view line) { return inner.process(line); });
}

}  // namespace feedwatch::app
