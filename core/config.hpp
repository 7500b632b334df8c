// What can be configured, as plain values with their defaults. app/config/ reads it from YAML; modules take the part
// they need. Secrets are held as `secret`, which no log, error or JSON of ours prints.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/record/feed.hpp"
#include "core/time.hpp"

namespace feedwatch {

class publisher_families;  // core/publisher/families.hpp

// A value that must not be shown. There is no operator<< on purpose.
class secret {
  public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  private:
    std::string value_;
};

struct kafka_config {
    std::string brokers = "embedded";  // or "host:9092,host:9092"
    std::string topic_prefix = "feedwatch.";
    std::int32_t partitions = 6;                // of topics that do not exist yet
    std::int32_t replication_factor = -1;       // of topics that do not exist yet; -1: the broker's default
    std::map<std::string, std::string> client;  // any librdkafka property; producer's and consumer's alike
    [[nodiscard]] bool embedded() const noexcept { return brokers == "embedded"; }
};

struct fetch_limits {
    std::size_t body_bytes_max = 16U << 20U;  // after decompression
    duration total_timeout = std::chrono::seconds{60};
    duration connect_timeout = std::chrono::seconds{15};
    std::uint32_t redirects_max = 5;
    std::uint32_t rate_min_bytes_per_second = 64;  // slower than this for `rate_window` is aborted
    duration rate_window = std::chrono::seconds{20};
    std::uint32_t in_flight_max = 256;
    std::uint32_t per_host_max = 2;
};

struct feeds_config {
    std::vector<std::string> files;  // feeds.yaml, *.opml; relative to the configuration file
    poll_interval interval;
    feedwatch::first_fetch first_fetch;
    std::uint32_t items_per_feed_max = 2000;
    duration window = std::chrono::days{30};  // how long an item that left the feed is remembered
    bool files_given = false;                 // also as an empty list: commands subscribe, or something else
};

struct topics_config {
    std::vector<std::string> files;
};

struct dedup_config {
    std::shared_ptr<const publisher_families> families;  // who counts as one publisher; null: those that are shipped
    duration window = std::chrono::days{30};
    std::size_t index_bytes_max = 1U << 30U;
    duration snapshot_interval = std::chrono::hours{1};  // zero: none are written
};

struct sqlite_config {
    std::string path = "feedwatch.db";
};
struct postgres_config {
    std::string dsn;
    secret password;
};
using storage_config = std::variant<sqlite_config, postgres_config>;

struct channel_config {
    std::string name;
    std::string type = "generic";  // a Standard Webhooks receiver
    std::string url;
    std::vector<secret> secrets;  // whsec_…; several while one is being rotated: the first signs first
    duration timeout = std::chrono::seconds{20};
    std::uint32_t attempts_max = 10;
    std::uint32_t queue_max = 10000;  // pending deliveries; past it the step waits
    std::uint32_t in_flight_max = 8;
};

struct alerts_config {
    std::vector<channel_config> channels;
};

struct http_config {
    std::string listen = "127.0.0.1:9464";  // host:port, port 0 picks a free one; empty: no server
};

// WebSub: feeds that name a hub are subscribed there.
struct push_config {
    std::string public_url;  // that hubs reach this process's HTTP port under; empty: feeds are polled only
    secret key;              // callbacks and the secrets that deliveries are signed with are derived from it
    duration lease = std::chrono::days{10};
    [[nodiscard]] bool enabled() const noexcept { return !public_url.empty(); }
};

struct network_config {
    std::vector<std::string> allow;  // CIDR blocks that the guard against private addresses lets through
    std::string proxy;  // http, https or socks5h://host:port, for feeds and webhooks; the environment's are ignored
    secret proxy_credentials;  // "user:password"
    std::string user_agent;    // default: feedwatch/VERSION (+contact)
    std::string contact;       // URL or mail address for publishers
    std::string ca_file;       // PEM file of authorities to trust besides the system's
};

struct log_config {
    std::string level = "info";   // debug, info, warning, error
    std::string format = "text";  // text, json
};

struct config {
    kafka_config kafka;
    std::string state_dir = "./state";
    feeds_config feeds;
    topics_config topics;
    dedup_config dedup;
    fetch_limits fetch;
    std::vector<storage_config> storage;
    alerts_config alerts;
    std::string instance;  // stable for a process; transactional ids are made from it
    http_config http;
    push_config push;
    network_config network;
    log_config log;
    duration shutdown_timeout = std::chrono::seconds{25};
    std::uint32_t batch_records_max = 4000;
    duration batch_interval_max = std::chrono::milliseconds{200};  // under load; at once when there is nothing to read
};

}  // namespace feedwatch
