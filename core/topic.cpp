#include "core/topic.hpp"

namespace feedwatch {
namespace {

using namespace std::chrono_literals;
constexpr duration day = 24h;

constexpr std::array<topic_traits, all_topics.size()> table{{
    {"feeds", true, duration::zero(), partitioning::configured},
    {"polls", true, duration::zero(), partitioning::configured},
    {"fetched", false, 7 * day, partitioning::single},
    {"seen", true, duration::zero(), partitioning::single},
    {"items", false, 30 * day, partitioning::configured},
    {"duplicates", false, 30 * day, partitioning::configured},
    {"flagged", false, 30 * day, partitioning::configured},
    {"deliveries", true, duration::zero(), partitioning::configured},
    {"dead", false, 30 * day, partitioning::configured},
}};

}  // namespace

const topic_traits& traits_of(topic t) noexcept {
    return table[static_cast<std::size_t>(t)];
}

std::string_view name_of(topic t) noexcept {
    return traits_of(t).name;
}

std::optional<topic> topic_named(std::string_view name) noexcept {
    for (const topic t : all_topics)
        if (name_of(t) == name) return t;
    return std::nullopt;
}

}  // namespace feedwatch
