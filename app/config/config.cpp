#include "app/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include "app/config/interval.hpp"
#include "app/config/secrets.hpp"
#include "app/filter/lines.hpp"
#include "core/publisher/families.hpp"
#include "core/url/url.hpp"
#include "io/http/client.hpp"
#include "io/http/proxy.hpp"
#include "io/http/server.hpp"
#include "io/yaml/yaml.hpp"

namespace feedwatch::app {
namespace {

using yaml::field;
using namespace std::chrono_literals;

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

bool is_name(std::string_view text) {
    return text.find_first_not_of(name_characters) == std::string_view::npos;
}

// The getters leave the default where the key is not there or is wrong; the latter is told already.
void read(const field& from, std::string& to) {
    if (auto v = from.string()) to = std::move(*v);
}
template <class Number>
void read_number(const field& from, Number& to, std::int64_t min,
                 std::int64_t max = std::numeric_limits<std::int32_t>::max()) {
    if (const auto v = from.integer(min, max)) to = static_cast<Number>(*v);
}
void read_duration(const field& from, duration& to, duration min) {
    const auto v = from.duration();
    if (!v) return;
    if (*v < min) return from.fail("must be at least " + to_string(min) + ", found " + to_string(*v));
    to = *v;
}

class reader {
  public:
    reader(std::filesystem::path folder, const environment& surroundings, loaded_config& into)
        : folder_(std::move(folder)), surroundings_(surroundings), into_(into), secrets_{folder_, into.warnings} {}

    void read_all(const field& root) {
        config& c = into_.values;
        kafka(root["kafka"], c.kafka);
        read(root["state_dir"], c.state_dir);
        if (c.state_dir.empty()) root["state_dir"].fail("must not be empty");
        feeds(root["feeds"], c.feeds);
        const field topics = root["topics"];
        files(topics["files"], c.topics.files);
        topics.finish();
        dedup(root["dedup"], c.dedup);
        publishers(root["publishers"], c.dedup.families);
        fetch(root["fetch"], c.fetch);
        storage(root["storage"], c.storage);
        alerts(root["alerts"], c.alerts);
        instance(root["instance"], c.instance);
        http(root["http"], c.http);
        push(root["push"], c);
        network(root["network"], c.network);
        log(root["log"], c.log);
        read_duration(root["shutdown_timeout"], c.shutdown_timeout, 1s);
        read_number(root["batch_records_max"], c.batch_records_max, 1, 1000000);
        read_duration(root["batch_interval_max"], c.batch_interval_max, 1ms);
        root.finish();
    }

  private:
    void files(const field& from, std::vector<std::string>& to) {
        const auto names = from.strings();
        if (!names) return;
        for (const std::string& name : *names) to.push_back((folder_ / name).lexically_normal().string());
    }

    void kafka(const field& from, kafka_config& to) {
        if (const auto v = from["brokers"]; v.present()) {
            if (auto text = v.required_string()) to.brokers = std::move(*text);
        }
        read(from["topic_prefix"], to.topic_prefix);
        // Kafka's own rule for topic names, with room for the longest of ours.
        if (!is_name(to.topic_prefix) || to.topic_prefix.size() > 200) {
            from["topic_prefix"].fail("may hold letters, digits, '.', '_' and '-' only, 200 at most");
        }
        read_number(from["partitions"], to.partitions, 1, 10000);
        read_number(from["replication_factor"], to.replication_factor, -1, 1000);
        if (to.replication_factor == 0)
            from["replication_factor"].fail("must be 1 or more, or -1 for the broker's default");
        constexpr std::string_view file_ending = "_file";  // librdkafka's names have no underscore
        for (const auto& [name, value] : from["client"].entries()) {
            if (name.ends_with(file_ending)) {
                if (const auto s = read_secret_file(value, secrets_)) {
                    to.client[name.substr(0, name.size() - file_ending.size())] = s->reveal();
                }
            } else if (auto text = value.string()) {
                to.client[name] = std::move(*text);
            }
        }
        from.finish();
    }

    void feeds(const field& from, feeds_config& to) {
        to.files_given = from["files"].present();
        files(from["files"], to.files);
        const field defaults = from["defaults"];
        read_interval(defaults["interval"], to.interval);
        read_first_fetch(defaults["first_fetch"], to.first_fetch);
        defaults.finish();
        read_number(from["items_per_feed_max"], to.items_per_feed_max, 1, 1000000);
        read_duration(from["window"], to.window, 1min);
        from.finish();
    }

    void dedup(const field& from, dedup_config& to) {
        read_duration(from["window"], to.window, 1min);
        read_number(from["index_bytes_max"], to.index_bytes_max, 1 << 20, std::int64_t{1} << 46);
        read_duration(from["snapshot_interval"], to.snapshot_interval, 0s);
        from.finish();
    }

    void publishers(const field& from, std::shared_ptr<const publisher_families>& to) {
        auto families = std::make_shared<publisher_families>();
        for (const auto& [name, members] : from["families"].entries()) {
            if (name.empty()) members.fail("a family needs a name");
            const auto listed = members.items();
            const bool readable = !members.present() || members.is() == yaml::kind::sequence;
            if (readable && listed.empty() && !families->dissolve(name))
                members.fail("must not be empty, but for a family that feedwatch knows, to dissolve it");
            for (const field& member : listed) {
                const auto text = member.required_string();
                if (!text) continue;
                if (const auto other = families->add(name, *text))
                    member.fail("is in the family " + *other + " already");
            }
        }
        from.finish();
        to = std::move(families);
    }

    void fetch(const field& from, fetch_limits& to) {
        read_number(from["body_bytes_max"], to.body_bytes_max, 1024, std::int64_t{1} << 32);
        read_duration(from["total_timeout"], to.total_timeout, 10ms);
        read_duration(from["connect_timeout"], to.connect_timeout, 10ms);
        read_number(from["redirects_max"], to.redirects_max, 0, 50);
        read_number(from["rate_min_bytes_per_second"], to.rate_min_bytes_per_second, 0);
        read_duration(from["rate_window"], to.rate_window, 1s);
        read_number(from["in_flight_max"], to.in_flight_max, 1, 100000);
        read_number(from["per_host_max"], to.per_host_max, 1, 1000);
        from.finish();
    }

    // Nothing said: one SQLite file in the working directory. An empty list: no storage.
    void storage(const field& from, std::vector<storage_config>& to) {
        if (!from.present()) {
            to.emplace_back(sqlite_config{});
            return;
        }
        std::set<std::string> paths;
        for (const field& one : from.items()) {
            const field sqlite = one["sqlite"];
            const field postgres = one["postgres"];
            if (sqlite.present() == postgres.present()) {
                one.fail("give one of sqlite: { path: … } or postgres: { dsn: … }");
            } else if (sqlite.present()) {
                sqlite_config s;
                if (sqlite["path"].present()) read(sqlite["path"], s.path);
                if (!paths.insert(s.path).second) sqlite["path"].fail("the same file twice");
                sqlite.finish();
                to.emplace_back(std::move(s));
            } else {
                to.emplace_back(postgres_store(postgres));
            }
            one.finish();
        }
    }

    postgres_config postgres_store(const field& from) {
        postgres_config p;
        if (auto dsn = from["dsn"].required_string()) p.dsn = std::move(*dsn);
        if (auto s = read_secret(from, "password", secrets_)) p.password = std::move(*s);
        from.finish();
        return p;
    }

    void alerts(const field& from, alerts_config& to) {
        std::set<std::string> names;
        for (const field& one : from["channels"].items()) {
            to.channels.push_back(channel(one));
            const std::string& name = to.channels.back().name;
            if (!name.empty() && !names.insert(name).second) one["name"].fail("a second channel with the name " + name);
            one.finish();
        }
        from.finish();
    }

    channel_config channel(const field& from) {
        channel_config c;
        if (auto name = from["name"].required_string()) {
            c.name = std::move(*name);
            if (!is_name(c.name)) from["name"].fail("may hold letters, digits, '.', '_' and '-' only");
        }
        if (auto type = from["type"].one_of({"generic"})) c.type = std::move(*type);
        // The URL itself may be what is secret about a webhook: it is not shown, and may come from a file.
        if (auto url = read_secret(from, "url", secrets_)) {
            c.url = url->reveal();
            if (origin_of(c.url).empty()) from["url"].fail("not an http or https URL");
        } else if (!from["url"].present() && !from["url_file"].present()) {
            from["url"].fail("must be given (or url_file)");
        }
        channel_secrets(from, c.secrets);
        read_duration(from["timeout"], c.timeout, 100ms);
        read_number(from["attempts_max"], c.attempts_max, 1, 1000);
        read_number(from["queue_max"], c.queue_max, 1, 10000000);
        read_number(from["in_flight_max"], c.in_flight_max, 1, 1000);
        return c;
    }

    // `secret`, `secret_file`, and while one is being rotated lists of them; the first signs first.
    void channel_secrets(const field& from, std::vector<secret>& to) {
        if (auto s = read_secret(from, "secret", secrets_)) to.push_back(std::move(*s));
        for (const field& f : from["secrets"].items()) {
            if (auto text = f.required_string()) to.emplace_back(std::move(*text));
        }
        for (const field& f : from["secret_files"].items()) {
            if (auto s = read_secret_file(f, secrets_)) to.push_back(std::move(*s));
        }
        const bool given = from["secret"].present() || from["secret_file"].present() || from["secrets"].present() ||
                           from["secret_files"].present();
        if (!given) from["secret"].fail("must be given (or secret_file): webhooks are signed with it");
    }

    void instance(const field& from, std::string& to) {
        if (from.present()) read(from, to);
        if (!from.present()) to = surroundings_("HOSTNAME").value_or("feedwatch");
        if (const auto over = surroundings_("FEEDWATCH_INSTANCE"); over && !over->empty()) to = *over;
        if (to.empty() || !is_name(to) || to.size() > 200) {
            from.fail("must be 1 to 200 letters, digits, '.', '_' and '-' (FEEDWATCH_INSTANCE overrides it)");
        }
    }

    void http(const field& from, http_config& to) {
        read(from["listen"], to.listen);
        if (!to.listen.empty()) {
            const auto parsed = http::parse_listen(to.listen);
            if (!parsed) from["listen"].fail(parsed.error().detail);
        }
        from.finish();
    }

    void push(const field& from, config& c) {
        push_config& to = c.push;
        constexpr std::size_t key_bytes_min = 24;
        const field url = from["public_url"];
        read(url, to.public_url);
        auto key = read_secret(from, "secret", secrets_);
        read_duration(from["lease"], to.lease, 1s);
        from.finish();
        if (key) to.key = std::move(*key);
        if (!to.enabled()) return;
        if (origin_of(to.public_url).empty() || carries_credentials(to.public_url) ||
            to.public_url.find_first_of("?#") != std::string::npos)
            url.fail("must be an http or https URL without user, query and fragment");
        if (to.public_url.starts_with("http:"))
            into_.warnings.emplace_back("push.public_url is not https: what hubs deliver can be read on its way");
        if (c.http.listen.empty()) url.fail("hubs deliver to http.listen, which is empty");
        if (to.key.empty()) {
            if (!from["secret"].present() && !from["secret_file"].present())
                url.fail("needs push.secret or secret_file (openssl rand -base64 32)");
        } else if (to.key.reveal().size() < key_bytes_min) {
            url.fail("push.secret has " + std::to_string(to.key.reveal().size()) + " bytes; at least " +
                     std::to_string(key_bytes_min) + " are asked for (openssl rand -base64 32)");
        }
    }

    void network(const field& from, network_config& to) {
        if (auto blocks = from["allow"].strings()) to.allow = std::move(*blocks);
        const auto guard = http::address_guard::make(to.allow);
        if (!guard) from["allow"].fail(guard.error().detail);
        read(from["proxy"], to.proxy);
        if (const auto fine = http::read_proxy(to.proxy); !fine) from["proxy"].fail(fine.error().detail);
        if (auto s = read_secret(from, "proxy_credentials", secrets_)) to.proxy_credentials = std::move(*s);
        read(from["user_agent"], to.user_agent);
        read(from["contact"], to.contact);
        authorities(from["ca_file"], to.ca_file);
        for (const auto& [key, text] : {std::pair("user_agent", &to.user_agent), std::pair("contact", &to.contact)}) {
            const bool clean = std::none_of(text->begin(), text->end(),
                                            [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
            if (!clean) from[key].fail("must be one line");
        }
        from.finish();
    }

    // Only that it can be read and holds certificates: whether they are good ones is told by each connection.
    void authorities(const field& from, std::string& to) {
        const auto name = from.string();
        if (!name) return;
        to = (folder_ / *name).lexically_normal().string();
        const auto text = read_input(to, 16U << 20U);
        if (!text) return from.fail(text.error().detail);
        const bool holds_any = text->find("-----BEGIN CERTIFICATE-----") != std::string::npos ||
                               text->find("-----BEGIN TRUSTED CERTIFICATE-----") != std::string::npos;
        if (!holds_any) from.fail(to + " holds no certificate in PEM");
    }

    void log(const field& from, log_config& to) {
        if (auto level = from["level"].one_of({"debug", "info", "warning", "error"})) to.level = std::move(*level);
        if (auto format = from["format"].one_of({"text", "json"})) to.format = std::move(*format);
        from.finish();
    }

    std::filesystem::path folder_;
    const environment& surroundings_;
    loaded_config& into_;
    secret_source secrets_;
};

result<loaded_config> finish(const yaml::document& document, yaml::problems& found, const std::string& file,
                             const environment& surroundings) {
    loaded_config loaded;
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(file, ignored).parent_path();
    // A file that could not be parsed has told so; asking it for keys would only add noise.
    const bool parsed = found.empty() || document.root_value().is == yaml::kind::mapping;
    if (parsed) reader(folder, surroundings, loaded).read_all(document.root(found));
    if (!found.empty()) return found.to_error();
    return loaded;
}

}  // namespace

result<loaded_config> parse_config(std::string text, const std::string& file, const environment& surroundings) {
    yaml::problems found(file);
    const auto document = yaml::document::parse(std::move(text), found, {.variable = surroundings});
    return finish(document, found, file, surroundings);
}

result<loaded_config> load_config(const std::string& file, const environment& surroundings) {
    yaml::problems found(file);
    const auto document = yaml::load(file, found, {.variable = surroundings});
    return finish(document, found, file, surroundings);
}

}  // namespace feedwatch::app
