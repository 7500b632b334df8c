#include "app/config/config.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "core/publisher/families.hpp"

namespace feedwatch::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

environment with(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

class configuration : public testing::Test {
  protected:
    configuration()
        : folder_(std::filesystem::temp_directory_path() / ("feedwatch-config-" + std::to_string(getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~configuration() override { std::filesystem::remove_all(folder_); }

    result<loaded_config> parse(std::string text, std::map<std::string, std::string> variables = {}) const {
        variables.emplace("HOSTNAME", "box");
        return parse_config(std::move(text), (folder_ / "feedwatch.yaml").string(), with(std::move(variables)));
    }
    config good(std::string text, std::map<std::string, std::string> variables = {}) const {
        const auto parsed = parse(std::move(text), std::move(variables));
        EXPECT_TRUE(parsed) << parsed.error().detail;
        return parsed ? parsed->values : config{};
    }
    std::string bad(std::string text, std::map<std::string, std::string> variables = {}) const {
        const auto parsed = parse(std::move(text), std::move(variables));
        EXPECT_FALSE(parsed);
        if (parsed) return "";
        EXPECT_EQ(parsed.error().code, errc::invalid_config);
        return parsed.error().detail;
    }
    std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) const {
        const auto path = (folder_ / name).string();
        std::ofstream(path) << content;
        chmod(path.c_str(), mode);
        return path;
    }
    std::filesystem::path folder_;
};

TEST_F(configuration, an_empty_file_gives_the_defaults) {
    const config c = good("");
    EXPECT_TRUE(c.kafka.embedded());
    EXPECT_EQ(c.kafka.topic_prefix, "feedwatch.");
    EXPECT_EQ(c.kafka.partitions, 6);
    EXPECT_EQ(c.http.listen, "127.0.0.1:9464");
    EXPECT_EQ(c.instance, "box");
    ASSERT_EQ(c.storage.size(), 1U);
    EXPECT_EQ(std::get<sqlite_config>(c.storage[0]).path, "feedwatch.db");
    EXPECT_EQ(c.feeds.interval, poll_interval{});
}
TEST_F(configuration, every_key_of_the_design_is_read) {
    write("pg", "s3cret\n");
    write("hook", "whsec_AAAA\n");
    const config c = good(R"(
kafka: { brokers: 'a:9092,b:9092', topic_prefix: x., partitions: 3, replication_factor: 2, client: { linger.ms: 5 } }
state_dir: /var/lib/feedwatch
feeds:
  files: [feeds.yaml, /etc/list.opml]
  defaults: { interval: { min: 1m, start: 15m, max: 6h }, first_fetch: latest 5 }
topics: { files: [topics.yaml] }
storage:
  - sqlite: { path: ./a.db }
  - postgres: { dsn: 'host=db dbname=feedwatch', password_file: pg }
alerts:
  channels:
    - { name: ops, type: generic, url: 'https://alerts.example/hook', secret_file: hook, timeout: 3s, attempts_max: 4 }
instance: ${HOSTNAME}
http: { listen: '[::1]:0' }
network: { allow: ['127.0.0.0/8'], contact: 'mailto:x@example.org' }
dedup: { window: 7d }
fetch: { body_bytes_max: 1000000, per_host_max: 1 }
log: { level: debug, format: json }
shutdown_timeout: 5s
batch_records_max: 10
batch_interval_max: 50ms
)");
    EXPECT_EQ(c.kafka.brokers, "a:9092,b:9092");
    EXPECT_EQ(c.kafka.client.at("linger.ms"), "5");
    EXPECT_THAT(c.feeds.files, ElementsAre((folder_ / "feeds.yaml").string(), "/etc/list.opml"));
    EXPECT_EQ(c.feeds.first_fetch, (first_fetch{first_fetch::policy::latest, 5}));
    EXPECT_EQ(std::get<postgres_config>(c.storage.at(1)).password.reveal(), "s3cret");
    ASSERT_EQ(c.alerts.channels.size(), 1U);
    EXPECT_EQ(c.alerts.channels[0].secrets.at(0).reveal(), "whsec_AAAA");
    EXPECT_EQ(c.alerts.channels[0].timeout, 3s);
    EXPECT_EQ(c.instance, "box");
    EXPECT_EQ(c.dedup.window, 7 * 24h);
    EXPECT_EQ(c.log.format, "json");
    EXPECT_EQ(c.batch_interval_max, 50ms);
}
TEST_F(configuration, families_of_publishers_are_added_to_those_that_are_shipped) {
    const config c = good(
        "publishers:\n  families:\n    Valley: [valley.example, The Echo]\n    Gannett: [local.example]\n"
        "    Reach: []\n");
    EXPECT_EQ(c.dedup.families->family_of("www.valley.example"), "Valley");
    EXPECT_EQ(c.dedup.families->family_of("local.example"), c.dedup.families->family_of("usatoday.com"));
    EXPECT_EQ(c.dedup.families->family_of("mirror.co.uk"), "mirror.co.uk");
    EXPECT_EQ(c.dedup.families->family_of("bbc.co.uk"), "BBC");
    EXPECT_EQ(good("").dedup.families->family_of("mirror.co.uk"), "Reach");
}
TEST_F(configuration, families_that_cannot_be_are_told) {
    const std::string told =
        bad("publishers:\n"
            "  familys: {}\n"
            "  families:\n"
            "    A: [one.example]\n"
            "    B: [www.one.example, '']\n"
            "    C: []\n"
            "    D: two.example\n");
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:2:3: publishers: unknown key familys; did you mean families?"));
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:5:9: publishers.families.B[0]: is in the family A already"));
    EXPECT_THAT(told, HasSubstr("publishers.families.B[1]"));
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:6:8: publishers.families.C: must not be empty"));
    EXPECT_THAT(told, HasSubstr("publishers.families.D: expected a list"));
    EXPECT_THAT(told, Not(HasSubstr("publishers.families.D: must not be empty")));
}
TEST_F(configuration, all_mistakes_come_at_once_with_line_column_and_path) {
    const std::string told =
        bad("kafka:\n"
            "  brokres: x\n"
            "  partitions: many\n"
            "storage:\n"
            "  - postgres: { password: x }\n"
            "http: { listen: 9464 }\n");
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:2:3: kafka: unknown key brokres; did you mean brokers?"));
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:3:15: kafka.partitions: expected a whole number, found many"));
    EXPECT_THAT(told, HasSubstr("storage[0].postgres.dsn: must be given"));
    EXPECT_THAT(told, HasSubstr("feedwatch.yaml:6:17: http.listen: not an address to listen on"));
}
TEST_F(configuration, a_broken_file_gives_one_error_and_no_noise) {
    const std::string told = bad("kafka: { brokers: [\n");
    EXPECT_THAT(told, HasSubstr("not YAML"));
    EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 0) << told;
}
TEST_F(configuration, a_missing_file_is_named) {
    const auto loaded = load_config((folder_ / "nothing.yaml").string(), with({}));
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().detail, HasSubstr("nothing.yaml"));
    EXPECT_THAT(loaded.error().detail, HasSubstr("cannot be read"));
}
TEST_F(configuration, variables_are_replaced_and_missing_ones_are_mistakes) {
    EXPECT_EQ(good("state_dir: '${DIR}/s'", {{"DIR", "/x"}}).state_dir, "/x/s");
    EXPECT_THAT(bad("state_dir: ${NOT_SET}"), HasSubstr("NOT_SET is not set"));
}
TEST_F(configuration, the_environment_overrides_the_instance) {
    EXPECT_EQ(good("instance: a").instance, "a");
    EXPECT_EQ(good("instance: a", {{"FEEDWATCH_INSTANCE", "pod-3"}}).instance, "pod-3");
    EXPECT_THAT(bad("instance: 'a b'"), HasSubstr("instance: must be"));
}
TEST_F(configuration, an_unreadable_or_empty_secret_file_is_named) {
    EXPECT_THAT(bad("storage: [{ postgres: { dsn: x, password_file: none } }]"),
                testing::AllOf(HasSubstr("storage[0].postgres.password_file"),
                               HasSubstr("/none cannot be read: No such file")));
    write("empty", "\n");
    EXPECT_THAT(bad("storage: [{ postgres: { dsn: x, password_file: empty } }]"), HasSubstr("is empty"));
    EXPECT_THAT(bad("storage: [{ postgres: { dsn: x, password_file: . } }]"), HasSubstr("is a folder"));
}
TEST_F(configuration, a_secret_given_twice_is_a_mistake) {
    write("pg", "x");
    EXPECT_THAT(bad("storage: [{ postgres: { dsn: x, password: y, password_file: pg } }]"), HasSubstr("not both"));
}
TEST_F(configuration, a_secret_file_that_everybody_reads_is_a_warning) {
    write("pg", "x", 0644);
    const auto loud = parse("storage: [{ postgres: { dsn: x, password_file: pg } }]");
    ASSERT_TRUE(loud);
    EXPECT_THAT(loud->warnings, ElementsAre(HasSubstr("chmod 600")));
    write("pg", "x", 0600);
    const auto quiet = parse("storage: [{ postgres: { dsn: x, password_file: pg } }]");
    ASSERT_TRUE(quiet);
    EXPECT_THAT(quiet->warnings, IsEmpty());
}
TEST_F(configuration, client_properties_may_be_secret_files) {
    write("sasl", "kafka-secret\n");
    const config c = good("kafka: { client: { sasl.password_file: sasl } }");
    EXPECT_EQ(c.kafka.client.at("sasl.password"), "kafka-secret");
}
TEST_F(configuration, no_message_shows_a_secret) {
    const std::string told = bad(R"(
alerts:
  channels:
    - { name: a, url: 'MARKER-url', secret: [MARKER-list] }
    - { name: a, url: 'https://x/MARKER', secret: MARKER-one, secret_file: MARKER-no-file }
storage: [{ postgres: { password: MARKER-pg, dsm: MARKER-dsn } }]
nonsense: 1
)");
    EXPECT_THAT(told, HasSubstr("alerts.channels[0].url: not an http or https URL"));
    for (const char* marker : {"MARKER-url", "MARKER-list", "MARKER-one", "MARKER-pg", "MARKER-dsn"}) {
        EXPECT_THAT(told, Not(HasSubstr(marker)));
    }
}
TEST_F(configuration, a_channel_needs_a_name_a_url_and_a_secret) {
    const std::string told = bad("alerts: { channels: [{ type: slak }] }");
    EXPECT_THAT(told, HasSubstr("alerts.channels[0].name: must be given"));
    EXPECT_THAT(told, HasSubstr("alerts.channels[0].url: must be given"));
    EXPECT_THAT(told, HasSubstr("alerts.channels[0].secret: must be given"));
    EXPECT_THAT(told, HasSubstr("expected one of generic"));
}
TEST_F(configuration, two_channels_of_one_name_are_a_mistake) {
    EXPECT_THAT(
        bad("alerts: { channels: [{name: a, url: 'http://x', secret: y}, {name: a, url: 'http://x', secret: y}] }"),
        HasSubstr("a second channel with the name a"));
}
TEST_F(configuration, two_secrets_serve_a_rotation_in_order) {
    const config c = good("alerts: { channels: [{ name: a, url: 'http://x', secrets: [new, old] }] }");
    ASSERT_EQ(c.alerts.channels.at(0).secrets.size(), 2U);
    EXPECT_EQ(c.alerts.channels[0].secrets[0].reveal(), "new");
}
TEST_F(configuration, no_storage_at_all_is_an_empty_list) {
    EXPECT_THAT(good("storage: []").storage, IsEmpty());
}
TEST_F(configuration, a_store_is_one_kind_and_a_file_is_used_once) {
    EXPECT_THAT(bad("storage: [{ mysql: {} }]"), HasSubstr("unknown key mysql"));
    EXPECT_THAT(bad("storage: [{ sqlite: {path: a} }, { sqlite: {path: a} }]"), HasSubstr("the same file twice"));
}
TEST_F(configuration, intervals_must_be_ordered_and_leave_room_for_one_another) {
    EXPECT_THAT(bad("feeds: { defaults: { interval: { min: 1h, max: 1m } } }"), HasSubstr("min <= start <= max"));
    EXPECT_EQ(good("feeds: { defaults: { interval: { max: 30s } } }").feeds.interval, (poll_interval{30s, 30s, 30s}));
    EXPECT_EQ(good("feeds: { defaults: { interval: { min: 1s } } }").feeds.interval, (poll_interval{1s, 15min, 6h}));
    EXPECT_EQ(good("feeds: { defaults: { interval: { min: 12h } } }").feeds.interval, (poll_interval{12h, 12h, 12h}));
}
TEST_F(configuration, a_block_that_is_no_cidr_is_a_mistake) {
    EXPECT_THAT(bad("network: { allow: ['127.0.0.0/99'] }"), HasSubstr("network.allow"));
}
TEST_F(configuration, limits_are_checked) {
    EXPECT_THAT(bad("kafka: { partitions: 0 }"), HasSubstr("must be from 1 to 10000"));
    EXPECT_THAT(bad("kafka: { replication_factor: 0 }"), HasSubstr("replication_factor"));
    EXPECT_THAT(bad("kafka: { topic_prefix: 'a b' }"), HasSubstr("topic_prefix"));
    EXPECT_THAT(bad("shutdown_timeout: 10ms"), HasSubstr("must be at least 1s"));
    EXPECT_THAT(bad("log: { level: inof }"), HasSubstr("did you mean info?"));
}

TEST_F(configuration, authorities_come_from_a_pem_file_beside_the_configuration) {
    const std::string path = write("ca.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 0644);
    EXPECT_EQ(good("network: { ca_file: ca.pem }").network.ca_file, path);
    EXPECT_EQ(good("").network.ca_file, "");
}
TEST_F(configuration, authorities_that_cannot_be_read_or_are_none_are_a_mistake) {
    EXPECT_THAT(
        bad("network: { ca_file: missing.pem }"),
        testing::AllOf(HasSubstr("feedwatch.yaml:1:"), HasSubstr("network.ca_file: "), HasSubstr("missing.pem")));
    write("key.pem", "-----BEGIN PRIVATE KEY-----\n");
    EXPECT_THAT(bad("network: { ca_file: key.pem }"), HasSubstr("key.pem holds no certificate in PEM"));
}

TEST_F(configuration, push_takes_a_public_url_and_a_secret) {
    EXPECT_FALSE(good("").push.enabled());
    write("key", "0123456789012345678901234\n");
    const auto parsed = parse("push: { public_url: 'https://feedwatch.example/push', secret_file: key, lease: 3d }");
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_TRUE(parsed->values.push.enabled());
    EXPECT_EQ(parsed->values.push.public_url, "https://feedwatch.example/push");
    EXPECT_EQ(parsed->values.push.key.reveal(), "0123456789012345678901234");
    EXPECT_EQ(parsed->values.push.lease, std::chrono::days{3});
    EXPECT_THAT(parsed->warnings, IsEmpty());
    EXPECT_THAT(parse("push: { public_url: 'http://x.example', secret: 0123456789012345678901234 }")->warnings,
                testing::Contains(HasSubstr("not https")));
}
TEST_F(configuration, push_that_cannot_work_is_refused) {
    const std::string with_key = ", secret: 0123456789012345678901234 }";
    EXPECT_THAT(bad("push: { public_url: 'https://x.example' }"), HasSubstr("push.public_url: needs push.secret"));
    EXPECT_THAT(bad("push: { public_url: 'https://x.example', secret: tooshort }"),
                testing::AllOf(HasSubstr("push.public_url: push.secret has 8 bytes"), Not(HasSubstr("tooshort"))));
    for (const char* url :
         {"ftp://x.example", "x.example", "https://user:pw@x.example", "https://x.example/?a", "https://x.example/#a"})
        EXPECT_THAT(bad("push: { public_url: '" + std::string(url) + "'" + with_key),
                    HasSubstr("push.public_url: must be"))
            << url;
    EXPECT_THAT(bad("http: { listen: '' }\npush: { public_url: 'https://x.example'" + with_key),
                HasSubstr("push.public_url: hubs deliver to http.listen"));
    EXPECT_THAT(bad("push: { public_url: 'https://x.example', lease: 10ms" + with_key),
                HasSubstr("push.lease: must be at least 1s"));
    EXPECT_THAT(bad("push: { publicurl: 'https://x.example' }"), HasSubstr("public_url"));
}

}  // namespace
}  // namespace feedwatch::app
