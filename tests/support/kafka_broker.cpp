#include "tests/support/kafka_broker.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>

namespace feedwatch::test {
namespace {

std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

const std::string script = std::string{FEEDWATCH_SOURCE_DIR} + "/deploy/kafka/local";

std::string output_of(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string text;
    std::array<char, 4096> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) text += part.data();
    if (pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + text);
    return text;
}

}  // namespace

kafka_broker& kafka_broker::shared() {
    static kafka_broker instance;
    return instance;
}

kafka_broker::kafka_broker() {
    if (const char* running = std::getenv("FEEDWATCH_TEST_KAFKA")) {
        bootstrap_ = running;
        return;
    }
    std::string made = (std::filesystem::temp_directory_path() / "feedwatch-kafka-XXXXXX").string();
    if (mkdtemp(made.data()) == nullptr) throw std::runtime_error("cannot make " + made);
    data_ = made;
    const auto where = " --data " + quoted(data_.string());
    const auto text = output_of(quoted(script) + " start --port 0" + where + " 2>&1");
    constexpr std::string_view label = "bootstrap ";
    const auto at = text.rfind(label);
    if (at == std::string::npos) throw std::runtime_error("deploy/kafka/local said: " + text);
    bootstrap_ = text.substr(at + label.size());
    bootstrap_.erase(bootstrap_.find_last_not_of('\n') + 1);
    // Also when this program is killed.
    const auto watch = "while kill -0 " + std::to_string(getpid()) + " 2>/dev/null; do sleep 1; done; " +
                       quoted(script) + " stop" + where + "; rm -rf " + quoted(data_.string());
    output_of("setsid sh -c " + quoted(watch) + " >/dev/null 2>&1 </dev/null &");
}

kafka_broker::~kafka_broker() = default;  // the watch above stops it

kafka_config kafka_broker::config(std::int32_t partitions) const {
    static std::atomic<int> tests = 0;
    static const auto run = std::random_device{}();
    kafka_config made;
    made.brokers = bootstrap_;
    made.topic_prefix = "test-" + std::to_string(run) + "-" + std::to_string(++tests) + ".";
    made.partitions = partitions;
    return made;
}

}  // namespace feedwatch::test
