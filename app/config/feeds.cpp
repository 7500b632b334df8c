#include "app/config/feeds.hpp"

#include <filesystem>
#include <map>

#include "app/config/credentials.hpp"
#include "app/config/interval.hpp"
#include "app/filter/lines.hpp"
#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "io/http/proxy.hpp"
#include "io/yaml/yaml.hpp"
#include "producers/parse/opml.hpp"

namespace feedwatch::app {
namespace {

using yaml::field;

struct reading {
    const feeds_config& defaults;
    loaded_feeds into;
    std::map<std::string, std::string> seen;  // id -> where
    std::vector<error> failures;
};

feed default_feed(const feeds_config& defaults) {
    feed f;
    f.interval = defaults.interval;
    f.first_fetch = defaults.first_fetch;
    return f;
}

// `name: file:/path or env:NAME`, or `name_file: path`.
void read_reference(const field& from, const std::string& name, const std::filesystem::path& folder,
                    result<credentials_reference> (*parse)(std::string_view), std::string& to) {
    const field file = from[name + "_file"];
    if (auto path = file.string()) to = "file:" + (folder / *path).lexically_normal().string();
    const field reference = from[name];
    const auto text = reference.string();
    if (!text) return;
    if (file.present()) return reference.fail("give " + name + " or " + name + "_file, not both");
    if (const auto fine = parse(*text); !fine) return reference.fail(fine.error().detail);
    to = *text;
}

void read_access(const field& from, const std::filesystem::path& folder, feed& f) {
    read_reference(from, "credentials", folder, &parse_credentials, f.credentials);
    read_reference(from, "client_certificate", folder, &parse_secret_reference, f.client_certificate);
    read_reference(from, "client_key", folder, &parse_secret_reference, f.client_key);
    read_reference(from, "client_key_passphrase", folder, &parse_secret_reference, f.client_key_passphrase);
    read_reference(from, "proxy_credentials", folder, &parse_secret_reference, f.proxy_credentials);
    if (f.client_certificate.empty() && !(f.client_key.empty() && f.client_key_passphrase.empty()))
        from["client_certificate"].fail("must be given where client_key or client_key_passphrase is");
    if (auto proxy = from["proxy"].string()) f.proxy = std::move(*proxy);
    if (f.proxy != "none") {
        const auto fine = http::read_proxy(f.proxy);
        if (!fine) from["proxy"].fail(fine.error().detail);
        if (fine && !fine->auth.empty())  // it goes into records, which must carry no secret
            from["proxy"].fail("carries a user or password; give proxy_credentials: 'file:/path' (or env:NAME)");
    }
    if (!f.proxy_credentials.empty() && (f.proxy.empty() || f.proxy == "none"))
        from["proxy_credentials"].fail("is for a proxy of the feed's own, which is not given");
}

feed read_feed(const field& from, const feeds_config& defaults, const std::filesystem::path& folder) {
    feed f = default_feed(defaults);
    const auto text = [&](const char* key, std::string& to) {
        if (auto v = from[key].string()) to = std::move(*v);
    };
    if (auto url = from["url"].required_string()) {
        f.url = std::move(*url);
        if (origin_of(f.url).empty()) from["url"].fail("not an http or https URL: " + redacted_url(f.url));
        if (carries_credentials(f.url)) {  // it goes into records, which must carry no secret
            from["url"].fail(
                "carries a user or password; put 'user:password' into a file and name it with "
                "credentials: 'file:/path' (or env:NAME)");
        }
    }
    std::string id;
    text("id", id);
    f.id = feed_id(id.empty() ? hash128_hex(f.url) : id);
    text("title", f.title);
    text("publisher", f.publisher);
    text("language", f.language);
    if (auto tags = from["tags"].strings()) f.tags = std::move(*tags);
    read_interval(from["interval"], f.interval);
    read_first_fetch(from["first_fetch"], f.first_fetch);
    if (const auto v = from["paused"].boolean()) f.paused = *v;
    if (const auto v = from["full_text"].boolean()) f.full_text = *v;
    read_access(from, folder, f);
    from.finish();
    return f;
}

void read_yaml(std::string text, const std::string& file, const environment& surroundings, reading& all) {
    yaml::problems found(file);
    const auto document = yaml::document::parse(std::move(text), found, {.variable = surroundings});
    const field root = document.root(found);
    if (found.empty()) {
        const auto folder = std::filesystem::path(file).parent_path();
        for (const field& one : root["feeds"].items()) {
            feed f = read_feed(one, all.defaults, folder);
            const std::string where = file + ":" + std::to_string(one.at().line);
            const auto [known, is_new] = all.seen.emplace(f.id.str(), where);
            if (!is_new && !f.url.empty()) {
                one.fail("the same " + std::string(one["id"].present() ? "id" : "url") + " as in " + known->second);
            } else {
                all.into.feeds.push_back(std::move(f));
            }
        }
        root.finish();
    }
    if (!found.empty()) all.failures.push_back(found.to_error());
}

// A list from elsewhere: what another file names already is told and left out; it is not ours to mend.
void read_opml_file(const std::string& text, const std::string& file, reading& all) {
    std::vector<std::string> left_out;
    auto list = parse_opml(text, &left_out);
    if (!list) {
        all.failures.emplace_back(list.error().code, file + ": " + list.error().detail);
        return;
    }
    for (const std::string& what : left_out) all.into.warnings.push_back(file + ": left out, " + what);
    for (feed& f : *list) {
        if (carries_credentials(f.url)) {
            all.into.warnings.push_back(
                file +
                ": left out, since its URL carries a user or password (subscribe to it in a feeds "
                "file with credentials): " +
                redacted_url(f.url));
            continue;
        }
        f.interval = all.defaults.interval;
        f.first_fetch = all.defaults.first_fetch;
        const auto [known, is_new] = all.seen.emplace(f.id.str(), file);
        if (is_new) {
            all.into.feeds.push_back(std::move(f));
        } else {
            all.into.warnings.push_back(file + ": " + redacted_url(f.url) + " is also in " + known->second);
        }
    }
}

}  // namespace

result<loaded_feeds> load_feeds(const feeds_config& config, const environment& surroundings) {
    reading all{config, {}, {}, {}};
    for (const std::string& file : config.files) {
        auto text = read_input(file, 64U << 20U);
        if (!text) {
            all.failures.emplace_back(errc::invalid_config, text.error().detail);
        } else if (const auto first = text->find_first_not_of(" \t\r\n\xEF\xBB\xBF");
                   first != std::string::npos && (*text)[first] == '<') {
            read_opml_file(*text, file, all);
        } else {
            read_yaml(std::move(*text), file, surroundings, all);
        }
    }
    all.into.where = std::move(all.seen);
    if (all.failures.empty()) return std::move(all.into);
    std::string details;
    for (const error& e : all.failures) (details += details.empty() ? "" : "\n") += e.detail;
    return error(errc::invalid_config, details);
}

}  // namespace feedwatch::app
