#include "core/record/delivery.hpp"

#include "core/record/json.hpp"

namespace feedwatch {
static bool read_name(std::string_view name, delivery::state& out) {
    for (const auto s : {delivery::state::pending, delivery::state::delivered, delivery::state::dead}) {
        if (name_of(s) != name) continue;
        out = s;
        return true;
    }
    return false;
}

template <class D>
requires std::same_as<std::remove_const_t<D>, delivery>
static void describe(D& d, auto& visit) {
    visit("channel", d.channel);
    visit("webhook_id", d.webhook_id);
    visit("topic", d.topic);
    visit("story", d.story);
    visit("status", d.status);
    visit("attempts", d.attempts);
    visit("next_attempt", d.next_attempt);
    visit("changed", d.changed);
    visit("last_error", d.last_error);
    visit("body", d.body);
}

std::string_view name_of(delivery::state s) noexcept {
    switch (s) {
        case delivery::state::pending:
            return "pending";
        case delivery::state::delivered:
            return "delivered";
        case delivery::state::dead:
            return "dead";
    }
    return "pending";
}

std::string to_json(const delivery& d) {
    return record::write_record(d, 512 + d.body.size() * 9 / 8);
}

result<delivery> delivery_from_json(std::string_view json) {
    auto read = record::read_record<delivery>(json);
    if (!read) return read;
    if (read->channel.empty()) return record::missing_field("channel");
    if (read->webhook_id.empty()) return record::missing_field("webhook_id");
    return read;
}

}  // namespace feedwatch
