#include "producers/poll/subscriptions.hpp"

#include <utility>

#include "core/hash.hpp"
#include "core/url/url.hpp"

namespace feedwatch {
namespace {

result<std::map<std::string, feed>> by_id(std::vector<feed> wanted) {
    std::map<std::string, feed> out;
    for (feed& f : wanted) {
        if (f.url.empty()) return error(errc::invalid_config, "a feed has no URL");
        if (f.id.empty()) f.id = feed_id(hash128_hex(f.url));
        const auto [at, fresh] = out.try_emplace(f.id.str(), f);
        if (fresh || at->second == f) continue;
        const std::string both = redacted_url(at->second.url) + "' and '" + redacted_url(f.url) + "'";
        return error(errc::invalid_config, "'" + both + " share the id '" + f.id.str() + "'");
    }
    return out;
}

output_record to_record(std::string key, std::optional<std::string> value) {
    output_record out;
    out.to = topic::feeds;
    out.key = std::move(key);
    out.value = std::move(value);
    return out;
}

}  // namespace

result<subscription_changes> plan_subscriptions(std::vector<feed> wanted,
                                                const std::map<std::string, std::string>& present) {
    auto feeds = by_id(std::move(wanted));
    if (!feeds) return feeds.error();
    subscription_changes out;
    for (const auto& [id, f] : *feeds) {
        const auto before = present.find(id);
        if (before != present.end()) {
            const auto read = feed_from_json(before->second);
            if (read && *read == f) {
                ++out.unchanged;
                continue;
            }
        }
        ++(before == present.end() ? out.added : out.changed);
        out.records.push_back(to_record(id, to_json(f)));
    }
    for (const auto& [id, value] : present) {
        if (feeds->contains(id)) continue;
        ++out.removed;
        out.records.push_back(to_record(id, std::nullopt));
    }
    return out;
}

}  // namespace feedwatch
