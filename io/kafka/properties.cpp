#include "io/kafka/properties.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "io/kafka/runner.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

struct owned_property {
    std::string_view name;
    std::string_view why;
};

constexpr std::string_view use_brokers = "set kafka.brokers instead";
constexpr std::string_view exactly_once = "exactly-once processing depends on it";
constexpr std::string_view by_stage = "each stage has its own";

constexpr std::array owned{
    owned_property{"bootstrap.servers", use_brokers},
    owned_property{"metadata.broker.list", use_brokers},
    owned_property{"test.mock.num.brokers", "set kafka.brokers to 'embedded' instead"},
    owned_property{"enable.auto.commit", exactly_once},
    owned_property{"enable.auto.offset.store", exactly_once},
    owned_property{"auto.commit.enable", exactly_once},
    owned_property{"isolation.level", exactly_once},
    owned_property{"enable.idempotence", exactly_once},
    owned_property{"acks", exactly_once},
    owned_property{"request.required.acks", exactly_once},
    owned_property{"enable.gapless.guarantee", exactly_once},
    owned_property{"transactional.id", "it is made from `instance`"},
    owned_property{"group.id", by_stage},
    owned_property{"group.instance.id", by_stage},
    owned_property{"partition.assignment.strategy", "all members of a group must agree on it"},
    owned_property{"partitioner", "records of one key must meet in one partition, whoever wrote them"},
    owned_property{"enable.partition.eof", "the runner depends on it"},
    owned_property{"max.in.flight", "the order of records depends on it"},
    owned_property{"max.in.flight.requests.per.connection", "the order of records depends on it"},
};

// librdkafka's table: "name | C/P/* | range | default | importance | description".
std::map<std::string, property_scope> read_property_table() {
    char* text = nullptr;
    std::size_t size = 0;
    FILE* memory = open_memstream(&text, &size);
    if (memory == nullptr) std::abort();  // out of memory
    rd_kafka_conf_properties_show(memory);
    std::fclose(memory);
    std::istringstream lines{std::string(text, size)};
    std::free(text);
    std::map<std::string, property_scope> table;
    for (std::string line; std::getline(lines, line);) {
        const auto bar = line.find('|');
        if (bar == std::string::npos || bar + 2 >= line.size()) continue;
        const auto name = line.substr(0, line.find_first_of(" |"));
        const char who = line[line.find_first_not_of(' ', bar + 1)];
        if (name.empty() || (who != 'C' && who != 'P' && who != '*')) continue;
        auto scope = who == 'C'   ? property_scope::consumer
                     : who == 'P' ? property_scope::producer
                                  : property_scope::both;
        const auto [known, inserted] = table.try_emplace(name, scope);
        if (!inserted && known->second != scope) known->second = property_scope::both;
    }
    return table;
}

result<> check_name(const std::string& name) {
    for (const auto& mine : owned)
        if (mine.name == name)
            return error{errc::invalid_config, "kafka.client." + name + " cannot be set: " + std::string{mine.why}};
    if (scope_of(name) == property_scope::unknown)
        return error{errc::invalid_config,
                     "kafka.client." + name + ": librdkafka " + library_version() + " has no such property"};
    return {};
}

result<> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
    std::array<char, 512> why{};
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return {};
    return error{errc::invalid_config, "kafka.client." + name + ": " + why.data()};
}

result<> check_sasl(const kafka_config& config, int library_version) {
    constexpr int scram_works_since = 0x020601;  // 2.6.1 (confluentinc/librdkafka#4895)
    for (const char* name : {"sasl.mechanism", "sasl.mechanisms"}) {
        const auto it = config.client.find(name);
        if (it == config.client.end() || !it->second.starts_with("SCRAM")) continue;
        if (library_version >> 8 >= scram_works_since) continue;
        return error{errc::invalid_config,
                     "kafka.client." + std::string{name} + ": " + it->second + " does not work with librdkafka " +
                         kafka::library_version() +
                         " (before 2.6.1 it sends a nonce that brokers since CVE-2024-56128 refuse as invalid "
                         "credentials); use PLAIN over TLS, client certificates (security.protocol: ssl) or a newer "
                         "librdkafka"};
    }
    return {};
}

result<> check_embedded(const kafka_config& config) {
    const auto it = config.client.find("security.protocol");
    if (!config.embedded() || it == config.client.end() || it->second == "plaintext" || it->second == "PLAINTEXT")
        return {};
    return error{errc::invalid_config, "kafka.client.security.protocol: the embedded broker speaks only plaintext"};
}

void forward_log(const rd_kafka_t* client, int level, const char* facility, const char* message) {
    const log::fields said{{"client", rd_kafka_name(client)}, {"facility", facility}, {"said", message}};
    constexpr int syslog_error = 3;
    if (level <= syslog_error)
        log::warning("librdkafka reports", said);
    else
        log::debug("librdkafka says", said);
}

// What differs from librdkafka's defaults for everybody; kafka.client may say otherwise.
result<> set_defaults(rd_kafka_conf_t* conf, client_kind kind) {
    struct entry {
        const char* name;
        const char* value;
    };
    static constexpr std::array common{
        entry{"client.id", "feedwatch"},
        entry{"socket.nagle.disable", "true"},  // on until 2.10.0; costs 40 ms a transaction
        entry{"retry.backoff.ms", "10"},        // a transaction's floor: 62 ms instead of 100 ms
        entry{"log.connection.close", "false"},
        entry{"topic.metadata.refresh.interval.ms", "60000"},
    };
    static constexpr std::array consumer{
        entry{"auto.offset.reset", "error"},  // new groups begin at the start explicitly; never a silent jump
        entry{"fetch.wait.max.ms", "100"},
        // Before 2.2.0 (fetch.queue.backoff.ms) a full queue stops fetching for up to a second: with 16 MB a busy step
        // starves (7,700 items/s instead of 12,200).
        entry{"queued.max.messages.kbytes", "65536"},
        entry{"fetch.queue.backoff.ms", "10"},
    };
    static constexpr std::array producer{
        // Requests are filled; nothing waits for it, since every batch ends with a flush, which overrides it.
        entry{"linger.ms", "20"},
        entry{"compression.codec", "lz4"},
        entry{"queue.buffering.max.messages", "200000"},
    };
    for (const auto& [name, value] : common)
        if (auto ok = set(conf, name, value); !ok) return ok;
    if (kind == client_kind::consumer) {
        for (const auto& [name, value] : consumer)
            if (scope_of(name) != property_scope::unknown)
                if (auto ok = set(conf, name, value); !ok) return ok;
    } else {
        for (const auto& [name, value] : producer)
            if (auto ok = set(conf, name, value); !ok) return ok;
    }
    return {};
}

}  // namespace

property_scope scope_of(const std::string& name) {
    static const auto table = read_property_table();
    const auto it = table.find(name);
    return it == table.end() ? property_scope::unknown : it->second;
}

result<> check_properties(const kafka_config& config, int library_version) {
    const conf_ptr scratch{rd_kafka_conf_new()};
    for (const auto& [name, value] : config.client) {
        if (auto ok = check_name(name); !ok) return ok;
        if (auto ok = set(scratch.get(), name, value); !ok) return ok;
    }
    if (auto ok = check_embedded(config); !ok) return ok;
    return check_sasl(config, library_version);
}

result<> check_properties(const kafka_config& config) {
    return check_properties(config, rd_kafka_version());
}

std::string library_version() {
    return rd_kafka_version_str();
}

result<conf_ptr> make_conf(const kafka_config& config, const std::string& bootstrap, client_kind kind,
                           std::initializer_list<property> own) {
    if (auto ok = check_properties(config); !ok) return ok.error();
    conf_ptr conf{rd_kafka_conf_new()};
    rd_kafka_conf_set_log_cb(conf.get(), forward_log);
    if (auto ok = set_defaults(conf.get(), kind); !ok) return ok.error();
    // The in-memory cluster does not answer a waiting fetch before its time when records come.
    if (config.embedded() && kind == client_kind::consumer)
        if (auto ok = set(conf.get(), "fetch.wait.max.ms", "10"); !ok) return ok.error();
    const auto other = kind == client_kind::consumer ? property_scope::producer : property_scope::consumer;
    for (const auto& [name, value] : config.client) {
        if (scope_of(name) == other) continue;
        if (auto ok = set(conf.get(), name, value); !ok) return ok.error();
    }
    if (auto ok = set(conf.get(), "bootstrap.servers", bootstrap); !ok) return ok.error();
    for (const auto& [name, value] : own)
        if (auto ok = set(conf.get(), name, value); !ok) return ok.error();
    return conf;
}

result<client_ptr> make_client(conf_ptr conf, client_kind kind) {
    std::array<char, 512> why{};
    const auto type = kind == client_kind::consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
    client_ptr client{rd_kafka_new(type, conf.get(), why.data(), why.size())};
    if (!client) return error{errc::invalid_config, std::string{"kafka.client: "} + why.data()};
    (void)conf.release();  // the client owns it now
    return client;
}

std::size_t record_bytes_max(const kafka_config& config) {
    std::size_t bytes = 1'000'000;  // librdkafka's default
    if (const auto it = config.client.find("message.max.bytes"); it != config.client.end())
        std::from_chars(it->second.data(), it->second.data() + it->second.size(), bytes);
    constexpr std::size_t framing = 512;  // what the protocol adds to one record in a batch of its own
    return bytes > framing ? bytes - framing : bytes;
}

}  // namespace feedwatch::kafka
