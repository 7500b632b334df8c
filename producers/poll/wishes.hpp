// What a feed and its server say about when to ask again, as a checkpoint keeps it. Pure.
#pragma once

#include <optional>

#include "core/record/poll.hpp"
#include "io/http/client.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch::polling {

// A 304 and an unchanged document ask for what the last one asked for.
void keep_wishes(poll& next, const feed_document& said);
void forget_wishes(poll& next);

// The least time until the next poll: the longer of the answer's freshness and the kept ttl. nullopt: nobody says.
[[nodiscard]] std::optional<duration> least_wait(const http::response& r, const poll& next);

// `due`, past what is skipped.
[[nodiscard]] timestamp wished_due(timestamp due, const poll& next);

}  // namespace feedwatch::polling
