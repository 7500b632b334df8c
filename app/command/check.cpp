#include <unistd.h>

#include "app/commands.hpp"
#include "app/config/setup.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "io/kafka/runner.hpp"
#include "sinks/storage/storage.hpp"

namespace feedwatch::app {
namespace {

std::string count(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// Says one line for each peer; false if one does not answer as it must.
bool connect(const config& c, line_writer& out) {
    bool fine = true;
    const auto say = [&](const std::string& peer, const result<>& answer) {
        if (answer) {
            (void)out.write(peer + ": fine");
        } else {
            (void)out.flush();
            complain("check", peer + ": " + answer.error().message());
            fine = false;
        }
    };
    if (c.kafka.embedded()) {
        (void)out.write("kafka: embedded, nothing to reach");
    } else {
        const auto opened = kafka::cluster::open(c.kafka, c.state_dir, null_meter(), std::chrono::seconds(10));
        say("kafka " + c.kafka.brokers, opened ? result<>() : result<>(opened.error()));
    }
    const auto names = storage::sink_names(c.storage);
    for (std::size_t i = 0; i < c.storage.size(); ++i) say(names[i], storage::check_store(c.storage[i]));
    return fine;
}

}  // namespace

int check(const check_options& options) {
    const auto from = load_setup(options.config, role::process, process_environment());
    if (!from) {
        complain_lines("check", from.error().detail);
        return exit_usage;
    }
    line_writer out(STDOUT_FILENO);
    for (const std::string& warning : from->warnings) complain("check", "warning: " + warning);
    if (from->values.feeds.files.empty()) {
        complain("check", "warning: feeds.files is empty: `run` and `poll` will refuse to start");
    }
    if (from->values.network.contact.empty() && from->values.network.user_agent.empty() && !from->feeds.empty()) {
        complain(
            "check",
            "warning: network.contact is not set: publishers see no address to write to before they block a poller");
    }
    const bool fine = !options.connect || connect(from->values, out);
    if (!fine) return exit_failed;
    (void)out.write(options.config + ": fine; " + count(from->feeds.size(), "feed") + ", " +
                    count(from->rules->rules().size(), "topic") + ", " + count(from->values.storage.size(), "store") +
                    ", " + count(from->values.alerts.channels.size(), "channel"));
    return exit_ok;
}

}  // namespace feedwatch::app
