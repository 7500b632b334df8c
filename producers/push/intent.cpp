#include "producers/push/intent.hpp"

#include <charconv>

#include "producers/push/form.hpp"

namespace feedwatch::push {

std::optional<intent> read_intent(std::string_view query) {
    const form fields = read_form(query);
    const auto value = [&](std::string_view name) {
        const std::string* found = find_field(fields, name);
        return found == nullptr ? std::string() : *found;
    };
    intent out;
    const std::string mode = value("hub.mode");
    if (mode == "subscribe") {
        out.is = intent::mode::subscribe;
    } else if (mode == "unsubscribe") {
        out.is = intent::mode::unsubscribe;
    } else if (mode == "denied") {
        out.is = intent::mode::denied;
    } else {
        return std::nullopt;
    }
    out.topic = value("hub.topic");
    out.challenge = value("hub.challenge");
    out.reason = value("hub.reason");
    if (out.topic.empty()) return std::nullopt;
    if (out.is != intent::mode::denied && (out.challenge.empty() || out.challenge.size() > challenge_bytes_max))
        return std::nullopt;
    if (const std::string lease = value("hub.lease_seconds"); !lease.empty() && out.is == intent::mode::subscribe) {
        std::uint32_t seconds = 0;
        const auto [end, failure] = std::from_chars(lease.data(), lease.data() + lease.size(), seconds);
        if (failure != std::errc{} || end != lease.data() + lease.size() || seconds == 0) return std::nullopt;
        out.lease = std::chrono::seconds{seconds};
    }
    return out;
}

}  // namespace feedwatch::push
