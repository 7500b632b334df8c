#include "producers/push/metrics.hpp"

#include <string>

namespace feedwatch::push {
namespace {

template <std::size_t N>
void make(std::array<counter*, N>& to, meter& counts, const std::string& name, const std::string& help,
          const std::string& label, const std::array<const char*, N>& values) {
    for (std::size_t i = 0; i < N; ++i) to[i] = &counts.get_counter(name, help, {{label, values[i]}});
}

}  // namespace

metrics::metrics(meter& counts) {
    make<7>(deliveries_, counts, "feedwatch_push_deliveries_total", "Deliveries of hubs by what became of them.",
            "outcome", {"accepted", "forged", "unknown", "ended", "not_a_feed", "too_large", "not_ready"});
    make<3>(intents_, counts, "feedwatch_push_verifications_total",
            "Questions of hubs whether it was us, and refusals.", "outcome", {"confirmed", "refused", "denied"});
    make<3>(requests_, counts, "feedwatch_push_hub_requests_total", "Requests to hubs by their answer.", "outcome",
            {"accepted", "refused", "failed"});
    make<3>(items_, counts, "feedwatch_push_items_total", "Items in accepted deliveries, by what they were.", "kind",
            {"new", "updated", "seen"});
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
        const auto is = static_cast<push_subscription::state>(i);
        subscriptions_[i] =
            &counts.get_gauge("feedwatch_push_subscriptions", "Subscriptions of this process, by state.",
                              {{"state", std::string(name_of(is))}});
    }
}

void metrics::count_items(std::size_t fresh, std::size_t updated, std::size_t seen) {
    items_[0]->add(static_cast<double>(fresh));
    items_[1]->add(static_cast<double>(updated));
    items_[2]->add(static_cast<double>(seen));
}

void metrics::set_subscriptions(push_subscription::state is, std::size_t number) {
    subscriptions_[static_cast<std::size_t>(is)]->set(static_cast<double>(number));
}

}  // namespace feedwatch::push
