#include "io/kafka/backend.hpp"
#include "io/kafka/sink_runner.hpp"
#include "io/kafka/step_runner.hpp"

namespace feedwatch::kafka {

std::optional<topic> backend::topic_of(std::string_view full_name) const {
    if (!full_name.starts_with(config_.topic_prefix)) return std::nullopt;
    return topic_named(full_name.substr(config_.topic_prefix.size()));
}

backend& backend_of(cluster& c) {
    return dynamic_cast<backend&>(c);
}

result<std::unique_ptr<cluster>> cluster::open(const kafka_config& config, const std::string& state_dir, meter& counts,
                                               duration patience) {
    if (auto ok = check_properties(config); !ok) return ok.error();
    if (config.embedded()) return open_embedded_cluster(config, state_dir, counts);
    return open_real_cluster(config, patience);
}

std::unique_ptr<runner> make_step_runner(step& what, event_waker& wakes, cluster& on, kafka_config /*config*/,
                                         runner_options options, meter& counts, const clock& time) {
    return std::make_unique<step_runner>(what, wakes, backend_of(on), std::move(options), counts, time);
}

std::unique_ptr<runner> make_sink_runner(sink& what, cluster& on, kafka_config /*config*/, runner_options options,
                                         meter& counts, const clock& time) {
    return std::make_unique<sink_runner>(what, backend_of(on), std::move(options), counts, time);
}

}  // namespace feedwatch::kafka
