#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include "app/commands.hpp"
#include "app/config/setup.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "app/run/broker_watch.hpp"
#include "app/run/changed_files.hpp"
#include "app/run/feed_spool.hpp"
#include "app/run/pipeline.hpp"
#include "app/run/readiness.hpp"
#include "app/run/show.hpp"
#include "app/run/signals.hpp"
#include "app/run/subscriptions.hpp"
#include "app/versions.hpp"
#include "core/ascii.hpp"
#include "core/url/url.hpp"
#include "io/http/server.hpp"
#include "io/log/log.hpp"
#include "io/metrics/metrics.hpp"
#include "producers/push/inbox.hpp"

namespace feedwatch::app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view name_of(role as) {
    switch (as) {
        case role::all:
            return "run";
        case role::poll:
            return "poll";
        case role::process:
            return "process";
        case role::sink:
            return "sink";
    }
    return "run";
}

labels version_labels() {
    labels all{{"version", version()}};
    for (const auto& [library, number] : library_versions()) {
        std::string label;
        for (const char c : library) {
            label += c == '-' ? '_' : ascii_lower(c);
        }
        all.emplace_back(label, number);
    }
    return all;
}

// One process: made, run until it is told to stop or fails, taken down.
class service {
  public:
    service(const run_options& options, setup from, signals& told, metrics::registry& counts)
        : options_(options),
          setup_(std::move(from)),
          told_(told),
          counts_(counts),
          rules_(setup_.rules),
          reload_successful_(counts.get_gauge("feedwatch_config_last_reload_successful",
                                              "Whether the last attempt to read the configuration succeeded.")),
          reload_time_(counts.get_gauge("feedwatch_config_last_reload_success_timestamp_seconds",
                                        "When the configuration was last read successfully.")) {}

    int run() {
        if (!start_http()) return exit_failed;
        mark_reloaded();
        if (!connect()) return stopping_ ? exit_ok : exit_failed;
        auto made =
            pipeline::make(options_.as, setup_.values, surroundings_, rules_, *cluster_, counts_, from_hubs_.get());
        if (!made) {
            log::error("cannot start", {{"error", made.error()}});
            return exit_usage;
        }
        pipeline_ = std::move(*made);
        if (options_.show && !start_showing()) return exit_failed;
        pipeline_->start();
        const int code = watch();
        return take_down() ? code : exit_failed;
    }

  private:
    bool start_http() {
        const std::string& listen = setup_.values.http.listen;
        if (listen.empty()) return true;
        http::route_table routes;
        routes["/metrics"] = [this](const http::served_request&) {
            return http::served_reply{200, metrics::content_type, counts_.text()};
        };
        routes["/healthz"] = [](const http::served_request&) {
            return http::served_reply{200, "text/plain; charset=utf-8", "ok\n"};
        };
        routes["/readyz"] = [this](const http::served_request&) { return readiness_.answer(); };
        http::server_options options;
        options.listen = listen;
        auto started = http::start_server(std::move(options), std::move(routes), counts_, receivers());
        if (!started) {
            log::error("cannot serve http; http.listen says where", {{"error", started.error()}});
            return false;
        }
        http_ = std::move(*started);
        log::info("listening", {{"http", "http://" + http_->address()},
                                {"metrics", "http://" + http_->address() + "/metrics"},
                                {"command", name_of(options_.as)},
                                {"version", version()}});
        return true;
    }

    // Hubs are answered 503 until the poller runs.
    http::receiver_table receivers() {
        const config& c = setup_.values;
        const bool polls = options_.as == role::all || options_.as == role::poll;
        if (!polls || !c.push.enabled()) return {};
        push::inbox_limits limits;
        limits.body_bytes_max = std::min(limits.bytes_max, c.fetch.body_bytes_max);
        push::keys own(c.push.key, c.push.public_url);
        // With or without the URL's own path: a proxy in front may take it off.
        const std::string path = own.base().substr(origin_of(own.base()).size());
        from_hubs_ = std::make_unique<push::inbox>(std::move(own), limits, counts_);
        return {{std::string(push::callback_prefix), from_hubs_.get()},
                {path + std::string(push::callback_prefix.substr(1)), from_hubs_.get()}};
    }

    // Until a broker answers: starting before Kafka is normal. False: told to stop, or it can never work.
    bool connect() {
        const config& c = setup_.values;
        return again_until_it_works("cannot reach kafka",
                                    [&]() -> result<> {
                                        auto opened = kafka::cluster::open(c.kafka, c.state_dir, counts_, 5s);
                                        if (!opened) return opened.error();
                                        cluster_ = std::move(*opened);
                                        return {};
                                    }) &&
               again_until_it_works("cannot create topics", [&] { return cluster_->create_missing_topics(); }) &&
               again_until_it_works("cannot apply the feeds files", [&] { return apply_feeds(setup_); });
    }

    template <class Attempt>
    bool again_until_it_works(std::string_view failing, Attempt attempt) {
        for (;;) {
            const result<> done = attempt();
            if (done) return true;
            readiness_.set({std::string(failing) + ": " + done.error().message()});
            if (!is_retryable(done.error())) {
                log::error(failing, {{"error", done.error()}});
                return false;
            }
            log::warning(failing, {{"error", done.error()}, {"brokers", setup_.values.kafka.brokers}});
            if (told_.wait(1s) == asked::stop) {
                stopping_ = true;
                return false;
            }
        }
    }

    result<> apply_feeds(const setup& from) {
        if (from.values.feeds.files.empty()) return {};
        const auto changes = apply_subscriptions(*cluster_, from.values.kafka, from.values.state_dir, from.feeds);
        if (!changes) return changes.error();
        log::info("feeds applied", {{"feeds", from.feeds.size()},
                                    {"added", changes->added},
                                    {"changed", changes->changed},
                                    {"removed", changes->removed}});
        return {};
    }

    bool start_showing() {
        auto started = start_show(setup_.values.kafka, setup_.values.state_dir);
        if (!started) {
            log::error("cannot show flagged items", {{"error", started.error()}});
            return false;
        }
        show_ = std::move(*started);
        return true;
    }

    // Until told to stop or a runner gives up.
    int watch() {
        topics_files_.emplace(setup_.values.topics.files);
        brokers_.emplace(*cluster_);
        feed_spool spool(setup_.values.state_dir);
        auto next_look = std::chrono::steady_clock::now() + 1s;
        bool was_ready = false;
        for (;;) {
            const auto told = told_.wait(100ms);
            if (told == asked::stop) return exit_ok;
            if (told == asked::reload) reload();
            if (const auto failed = pipeline_->failure()) {
                log::error("a step has given up", {{"error", *failed}});
                return exit_failed;
            }
            auto reasons = pipeline_->not_ready();
            if (!brokers_->answers()) reasons.push_back("kafka: no broker answers at " + setup_.values.kafka.brokers);
            if (reasons.empty() && !was_ready) log::info("ready");
            was_ready = reasons.empty();
            readiness_.set(std::move(reasons));
            // Others cannot write to topics inside of this process: what commands want comes as files.
            if (setup_.values.kafka.embedded())
                spool.look([this](const auto& changes) { return change_feeds(changes); });
            if (std::chrono::steady_clock::now() >= next_look) {
                next_look = std::chrono::steady_clock::now() + 1s;
                if (topics_files_->look()) reload_topics();
            }
        }
    }

    result<> change_feeds(const std::vector<feed_change>& changes) {
        auto known = read_known_feeds(setup_.values.kafka, setup_.values.state_dir);
        if (!known) return known.error();
        change_planner plan(std::move(*known));
        for (const feed_change& c : changes)
            if (const auto fine = plan.apply(c); !fine) return fine.error();
        const auto writer = kafka::open_writer(*cluster_);
        if (!writer) return writer.error();
        const auto written = (*writer)->write(plan.take());
        if (written) log::info("feeds changed by command", {{"changes", changes.size()}});
        return written;
    }

    // SIGHUP: all or nothing. Feeds and topics are taken over; the rest of the configuration needs a restart.
    void reload() {
        auto fresh = load_setup(options_.config, options_.as, surroundings_);
        if (!fresh) return refuse(fresh.error());
        // What is running goes on with what it was started with.
        setup next{setup_.values, std::move(fresh->feeds), std::move(fresh->rules), std::move(fresh->warnings)};
        next.values.feeds = fresh->values.feeds;
        next.values.topics = fresh->values.topics;
        // The feeds first: that takes a broker, while the rules have been compiled already.
        if (const auto applied = apply_feeds(next); !applied) return refuse(applied.error());
        if (const auto taken = rules_.reload(next.values.topics.files); !taken) return refuse(taken.error());
        setup_ = std::move(next);
        topics_files_.emplace(setup_.values.topics.files);
        mark_reloaded();
        log::info("configuration read again",
                  {{"feeds", setup_.feeds.size()}, {"topics", setup_.rules->rules().size()}});
    }

    void reload_topics() {
        const auto taken = rules_.reload(setup_.values.topics.files);
        if (!taken) return refuse(taken.error());
        mark_reloaded();
        log::info("topics read again", {{"topics", (*taken)->rules().size()}});
    }

    void refuse(const error& why) {
        reload_successful_.set(0);
        log::error("configuration refused; the old one stays", {{"error", why}});
    }

    void mark_reloaded() {
        reload_successful_.set(1);
        reload_time_.set(static_cast<double>(system_clock().now().time_since_epoch().count()) / 1000.0);
    }

    // In order and in time. A second signal, or the deadline, ends the process at once: what was not committed is done
    // again by whoever comes next.
    bool take_down() {
        readiness_.set({"stopping"});
        log::info("stopping");
        std::atomic<bool> done = false;
        std::thread stopper([&] {
            pipeline_->stop();
            brokers_.reset();
            done = true;
        });
        const auto deadline = std::chrono::steady_clock::now() + setup_.values.shutdown_timeout;
        while (!done) {
            const bool again = told_.wait(20ms) == asked::stop;
            if (!again && std::chrono::steady_clock::now() < deadline) continue;
            log::error(again ? "told to stop a second time: leaving at once" : "not stopped in time: leaving at once");
            std::_Exit(exit_failed);
        }
        stopper.join();
        const auto failed = pipeline_->failure();
        show_.reset();
        pipeline_.reset();
        cluster_.reset();
        http_.reset();
        log::info("stopped");
        return !failed;
    }

    const run_options& options_;
    const environment surroundings_ = process_environment();
    setup setup_;
    signals& told_;
    metrics::registry& counts_;
    rules_source rules_;
    readiness readiness_;
    gauge& reload_successful_;
    gauge& reload_time_;
    bool stopping_ = false;
    std::optional<changed_files> topics_files_;
    std::unique_ptr<push::inbox> from_hubs_;
    std::unique_ptr<http::server> http_;
    std::unique_ptr<kafka::cluster> cluster_;
    std::optional<broker_watch> brokers_;
    std::unique_ptr<pipeline> pipeline_;
    std::unique_ptr<show> show_;
};

}  // namespace

int run(const run_options& options) {
    signals told;  // before any thread
    auto from = load_setup(options.config, options.as, process_environment());
    if (!from) {
        complain_lines(name_of(options.as), from.error().detail);
        return exit_usage;
    }
    if (options.as != role::all && from->values.kafka.embedded()) {
        complain(name_of(options.as), options.config +
                                          ": kafka.brokers: the embedded broker lives in one process, and a role alone "
                                          "shares topics with others; name a broker (host:9092), or use feedwatch run");
        return exit_usage;
    }
    metrics::registry counts;
    metrics::add_process_metrics(counts);
    metrics::add_build_info(counts, version_labels());
    log::configure(from->values.log, counts);
    for (const std::string& warning : from->warnings) log::warning("configuration", {{"warning", warning}});
    std::error_code failed;
    std::filesystem::create_directories(from->values.state_dir, failed);
    int code = exit_failed;
    if (failed) {
        log::error("cannot make state_dir", {{"state_dir", from->values.state_dir}, {"error", failed.message()}});
    } else {
        code = service(options, std::move(*from), told, counts).run();
    }
    log::configure({}, null_meter());  // the registry goes before the last line could
    return code;
}

}  // namespace feedwatch::app
