#include <set>

#include "sinks/alerts/alert_step.hpp"

namespace feedwatch::alerts {
namespace {

result<std::vector<channel>> channels_of(const alerts_config& config) {
    std::vector<channel> channels;
    std::set<std::string> names;
    for (const channel_config& c : config.channels) {
        if (!names.insert(c.name).second)
            return error(errc::invalid_config, "alerts channel \"" + c.name + "\": two channels have this name");
        auto made = channel::make(c);
        if (!made) return made.error();
        channels.push_back(std::move(*made));
    }
    return channels;
}

}  // namespace

result<std::unique_ptr<step>> make_alerts(alerts_options options, http::exchange& through, meter& counts) {
    auto channels = channels_of(options.config);
    if (!channels) return channels.error();
    return std::unique_ptr<step>(
        std::make_unique<alert_step>(std::move(options), std::move(*channels), through, counts));
}

result<> check_channels(const alerts_config& config) {
    const auto channels = channels_of(config);
    if (!channels) return channels.error();
    return {};
}

}  // namespace feedwatch::alerts
