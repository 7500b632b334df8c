#include "app/commands.hpp"
#include "app/filter/lines.hpp"
#include "processors/dedup/filter.hpp"

namespace feedwatch::app {

int dedup(const dedup_options& options) {
    using feedwatch::dedup::filter;
    filter inner({}, options.verdicts ? filter::output::verdicts : filter::output::items);
    return filter_lines("dedup", [&inner](std::string_view line) { return inner.process(line); });
}

}  // namespace feedwatch::app
