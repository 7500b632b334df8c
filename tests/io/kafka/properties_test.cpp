#include "io/kafka/properties.hpp"

#include <gmock/gmock.h>

#include <array>

#include "io/kafka/runner.hpp"

namespace feedwatch::kafka {
namespace {

struct property_case {
    const char* name;
    const char* value;
    const char* refused_with;  // empty: accepted
};

class check_properties_of : public testing::TestWithParam<property_case> {};

TEST_P(check_properties_of, a_client_property) {
    constexpr int version_2_0_2 = 0x020002ff;
    const auto& [name, value, refused_with] = GetParam();
    kafka_config config;
    config.brokers = "localhost:9092";
    config.client[name] = value;
    const auto ok = check_properties(config, version_2_0_2);
    if (*refused_with == '\0') {
        EXPECT_TRUE(ok) << ok.error().message();
        return;
    }
    ASSERT_FALSE(ok);
    EXPECT_EQ(ok.error().code, errc::invalid_config);
    EXPECT_THAT(ok.error().detail, testing::AllOf(testing::HasSubstr(name), testing::HasSubstr(refused_with)));
}

INSTANTIATE_TEST_SUITE_P(
    table, check_properties_of,
    testing::Values(property_case{"linger.ms", "5", ""}, property_case{"fetch.min.bytes", "10", ""},
                    property_case{"security.protocol", "ssl", ""}, property_case{"auto.offset.reset", "earliest", ""},
                    property_case{"sasl.mechanisms", "PLAIN", ""},
                    property_case{"sasl.mechanisms", "SCRAM-SHA-256", "PLAIN over TLS"},
                    property_case{"sasl.mechanism", "SCRAM-SHA-512", "2.6.1"},
                    property_case{"fetch.mni.bytes", "10", "no such property"},
                    property_case{"linger.ms", "soon", "linger.ms"},
                    property_case{"enable.auto.commit", "true", "exactly-once"},
                    property_case{"isolation.level", "read_uncommitted", "exactly-once"},
                    property_case{"transactional.id", "x", "instance"}, property_case{"group.id", "x", "stage"},
                    property_case{"partitioner", "random", "key"},
                    property_case{"bootstrap.servers", "x", "kafka.brokers"}));

TEST(check_properties, scram_is_accepted_with_a_librdkafka_that_can_do_it) {
    kafka_config config;
    config.brokers = "localhost:9092";
    config.client["sasl.mechanisms"] = "SCRAM-SHA-256";
    EXPECT_TRUE(check_properties(config, 0x020601ff));
    EXPECT_FALSE(check_properties(config, 0x020600ff));
}

TEST(check_properties, the_embedded_broker_speaks_no_tls) {
    kafka_config config;
    config.client["security.protocol"] = "ssl";
    EXPECT_FALSE(check_properties(config));
}

TEST(make_conf, gives_each_client_what_it_knows_and_librdkafka_confirms_it) {
    kafka_config config;
    config.brokers = "localhost:9092";
    config.client = {{"linger.ms", "7"}, {"fetch.min.bytes", "9"}, {"client.id", "mine"}};
    auto value_of = [&](client_kind kind, const char* name) -> std::string {
        const auto conf = make_conf(config, config.brokers, kind, {});
        EXPECT_TRUE(conf);
        std::array<char, 100> text{};
        std::size_t size = text.size();
        rd_kafka_conf_get(conf.value().get(), name, text.data(), &size);
        return text.data();
    };
    EXPECT_EQ(value_of(client_kind::producer, "linger.ms"), "7");
    EXPECT_EQ(value_of(client_kind::consumer, "fetch.min.bytes"), "9");
    EXPECT_NE(value_of(client_kind::producer, "fetch.min.bytes"), "9");
    EXPECT_EQ(value_of(client_kind::consumer, "client.id"), "mine");
    EXPECT_EQ(value_of(client_kind::producer, "socket.nagle.disable"), "true");
}

}  // namespace
}  // namespace feedwatch::kafka
