#include "app/run/pipeline.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "app/run/credentials.hpp"
#include "app/versions.hpp"
#include "io/http/exchange.hpp"
#include "io/http/robots.hpp"
#include "processors/dedup/dedup.hpp"
#include "processors/match/match.hpp"
#include "producers/poll/poller.hpp"
#include "sinks/alerts/alerts.hpp"
#include "sinks/storage/storage.hpp"

namespace feedwatch::app {

// Destroyed in reverse order: the runner first, then what it runs, then what that waits for.
struct pipeline::part {
    std::string name;
    bool is_source = false;  // brings records in from outside
    kafka::event_waker wakes;
    std::unique_ptr<http::exchange> http;
    std::unique_ptr<step> runs;
    std::unique_ptr<sink> stores;
    std::unique_ptr<kafka::runner> by;
};

namespace {

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

kafka::runner_options options_for(const config& values) {
    kafka::runner_options o;
    o.instance = values.instance;
    o.batch_records_max = values.batch_records_max;
    o.batch_interval_max = values.batch_interval_max;
    // Sources stop before the rest, so each gets less than half of the whole; the remainder is for leaving.
    o.shutdown_timeout = values.shutdown_timeout * 2 / 5;
    o.snapshots = values.state_dir + "/snapshots";
    o.snapshot_interval = values.dedup.snapshot_interval;
    return o;
}

http::client_options client_for(const config& values, std::uint32_t connections, std::uint32_t per_host) {
    http::client_options o;
    o.network = values.network;
    o.connections_max = connections;
    o.per_host_max = per_host;
    o.user_agent = user_agent(values.network);
    return o;
}

}  // namespace

std::string user_agent(const network_config& network) {
    if (!network.user_agent.empty()) return network.user_agent;
    return "feedwatch/" + version() + (network.contact.empty() ? "" : " (+" + network.contact + ")");
}

pipeline::pipeline() = default;
pipeline::~pipeline() = default;

result<std::unique_ptr<pipeline>> pipeline::make(role as, const config& values, const environment& surroundings,
                                                 const rules_source& rules, kafka::cluster& on, meter& counts,
                                                 push::inbox* from_hubs) {
    std::unique_ptr<pipeline> made(new pipeline);
    const auto add_step = [&](std::unique_ptr<part> p) {
        p->name = p->runs->name();
        p->by =
            kafka::make_step_runner(*p->runs, p->wakes, on, values.kafka, options_for(values), counts, system_clock());
        made->parts_.push_back(std::move(p));
    };

    if (as == role::all || as == role::poll) {
        auto p = std::make_unique<part>();
        p->is_source = true;
        p->http =
            http::make_exchange(client_for(values, values.fetch.in_flight_max, values.fetch.per_host_max), p->wakes);
        poller_options o;
        o.limits = values.fetch;
        o.items_per_feed_max = values.feeds.items_per_feed_max;
        o.window = values.feeds.window;
        o.seed = random_seed();
        o.articles.limits = values.fetch;
        if (const auto own = http::product_token(values.network.user_agent); !own.empty()) o.articles.product = own;
        o.authorize = [surroundings](std::string_view reference) {
            return resolve_credentials(reference, surroundings);
        };
        o.read_secret = [surroundings](std::string_view reference) { return resolve_secret(reference, surroundings); };
        if (from_hubs != nullptr) o.push.emplace(poller_push{*from_hubs, p->wakes, values.push.lease});
        p->runs = std::make_unique<poller>(std::move(o), *p->http, counts);
        add_step(std::move(p));
    }
    if (as == role::all || as == role::process) {
        auto d = std::make_unique<part>();
        d->runs = std::make_unique<dedup::dedup>(values.dedup, counts);
        add_step(std::move(d));
        auto m = std::make_unique<part>();
        m->runs = std::make_unique<match_step>(rules, counts);
        add_step(std::move(m));
    }
    if (as != role::all && as != role::sink) return made;

    const std::vector<std::string> names = storage::sink_names(values.storage);
    for (std::size_t i = 0; i < values.storage.size(); ++i) {
        auto p = std::make_unique<part>();
        p->name = names[i];
        p->stores = storage::make_storage_sink(values.storage[i], names[i], counts);
        p->by = kafka::make_sink_runner(*p->stores, on, values.kafka, options_for(values), counts, system_clock());
        made->parts_.push_back(std::move(p));
    }
    if (!values.alerts.channels.empty()) {
        auto p = std::make_unique<part>();
        std::uint32_t connections = 0;
        for (const channel_config& c : values.alerts.channels) connections += c.in_flight_max;
        p->http = http::make_exchange(client_for(values, connections, connections), p->wakes);
        auto alerting =
            alerts::make_alerts({values.alerts, values.kafka.topic_prefix, random_seed()}, *p->http, counts);
        if (!alerting) return alerting.error();
        p->runs = std::move(*alerting);
        add_step(std::move(p));
    }
    return made;
}

void pipeline::start() {
    // Consumers before producers: what the poller finds first is handled at once.
    std::for_each(parts_.rbegin(), parts_.rend(), [](const auto& p) { p->by->start(); });
}

void pipeline::stop() {
    for (const bool sources : {true, false}) {
        for (const auto& p : parts_) {
            if (p->is_source == sources) p->by->request_stop();
        }
        for (const auto& p : parts_) {
            if (p->is_source == sources) p->by->join();
        }
    }
}

std::vector<std::string> pipeline::not_ready() const {
    std::vector<std::string> reasons;
    for (const auto& p : parts_) {
        if (!p->by->ready()) reasons.push_back(p->name + ": not assigned and restored yet");
    }
    return reasons;
}

std::optional<error> pipeline::failure() const {
    for (const auto& p : parts_) {
        if (auto failed = p->by->failure()) {
            return error(failed->code, p->name + ": " + failed->detail);
        }
    }
    return std::nullopt;
}

}  // namespace feedwatch::app
