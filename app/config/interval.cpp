#include "app/config/interval.hpp"

#include <algorithm>

namespace feedwatch::app {

void read_interval(const yaml::field& from, poll_interval& to) {
    if (!from.present()) return;
    const auto min = from["min"].duration();
    const auto start = from["start"].duration();
    const auto max = from["max"].duration();
    from.finish();
    for (const auto& [name, value] : {std::pair("min", min), std::pair("start", start), std::pair("max", max)}) {
        if (value && *value <= duration::zero()) return from[name].fail("must be longer than nothing");
    }
    poll_interval made{min.value_or(to.min), start.value_or(to.start), max.value_or(to.max)};
    if (!max) made.max = std::max({made.max, min.value_or(duration::zero()), start.value_or(duration::zero())});
    if (!min) made.min = std::min({made.min, made.max, start.value_or(made.max)});
    if (!start) made.start = std::clamp(made.start, std::min(made.min, made.max), made.max);
    if (made.min > made.start || made.start > made.max) {
        return from.fail("must be min <= start <= max, found min " + to_string(made.min) + ", start " +
                         to_string(made.start) + ", max " + to_string(made.max));
    }
    to = made;
}

void read_first_fetch(const yaml::field& from, first_fetch& to) {
    if (!from.present()) return;
    if (from.is() == yaml::kind::mapping) {
        const auto latest = from["latest"].integer(1, 1000000);
        from.finish();
        if (latest) to = {first_fetch::policy::latest, static_cast<std::uint32_t>(*latest)};
        return;
    }
    const auto text = from.string();
    if (!text) return;
    const auto parsed = parse_first_fetch(*text);
    if (!parsed) return from.fail("expected baseline, all or 'latest N', found " + *text);
    to = *parsed;
}

}  // namespace feedwatch::app
