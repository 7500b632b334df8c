#include "sinks/alerts/channel.hpp"

#include <algorithm>

#include "sinks/alerts/retry.hpp"

namespace feedwatch::alerts {
namespace {

// A receiver's answer is not read; this much of it may come.
constexpr std::size_t answer_bytes_max = 1U << 20U;
constexpr duration overload_pause = std::chrono::seconds{5};

bool is_plain(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > ' ' && c < 0x7f && c != '|'; });
}

bool is_url(std::string_view url) {
    const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
    return has_scheme && std::none_of(url.begin(), url.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

bool is_overload(std::uint32_t status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

result<channel> channel::make(const channel_config& config) {
    const auto wrong = [&](const std::string& what) {
        return error(errc::invalid_config, "alerts channel \"" + config.name + "\": " + what);
    };
    if (!is_plain(config.name)) return wrong("a name has letters, digits and signs, but no spaces and no '|'");
    if (config.type != "generic")
        return wrong("type \"" + config.type + "\" is unknown; \"generic\" is a Standard Webhooks receiver");
    if (!is_url(config.url)) return wrong("its url is not an http or https URL");
    if (config.attempts_max == 0 || config.in_flight_max == 0 || config.queue_max == 0)
        return wrong("attempts_max, in_flight_max and queue_max are at least 1");
    if (config.timeout <= duration::zero()) return wrong("its timeout is not positive");
    if (config.secrets.empty()) return wrong("it needs a secret to sign with");
    std::vector<signing_key> keys;
    for (const secret& s : config.secrets) {
        auto key = signing_key::parse(s);
        if (!key) return wrong(key.error().detail);
        keys.push_back(std::move(*key));
    }
    return channel(config, std::move(keys));
}

http::request channel::request(const std::string& webhook_id, const std::string& body, timestamp now) const {
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    http::request r;
    r.method = "POST";
    r.url = config_.url;
    r.headers = {{"content-type", "application/json"},
                 {"webhook-id", webhook_id},
                 {"webhook-timestamp", std::to_string(seconds)},
                 {"webhook-signature", signatures(keys_, webhook_id, seconds, body)}};
    r.body = body;
    r.follow_redirects = false;
    r.body_bytes_max = answer_bytes_max;
    r.total_timeout = config_.timeout;
    r.connect_timeout = std::min(config_.timeout, r.connect_timeout);
    return r;
}

attempt judge(const result<http::response>& answer, timestamp now) {
    attempt a;
    if (!answer) {
        a.reason = answer.error().code.message();  // not the detail: it may name the URL
        return a;
    }
    a.elapsed = answer->elapsed;
    a.reason = "http " + std::to_string(answer->status);
    if (answer->status >= 200 && answer->status < 300) a.what = attempt::outcome::delivered;
    if (answer->status == 410) a.what = attempt::outcome::gone;
    if (!is_overload(answer->status)) return a;
    const std::string* asked = answer->header("retry-after");
    if (asked != nullptr) a.hold_off = retry_after(*asked, now);
    if (!a.hold_off) a.hold_off = overload_pause;
    return a;
}

}  // namespace feedwatch::alerts
