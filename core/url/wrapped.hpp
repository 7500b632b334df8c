// URLs of redirectors, aggregators, mail filters and AMP caches that carry the URL they lead to. Private to core/url.
#pragma once

#include <optional>

#include "core/url/parts.hpp"
#include "core/url/site.hpp"

namespace feedwatch::url {

// Whether wrapped_in() knows something of the site.
[[nodiscard]] bool wraps(const site& of);

// The URL inside, offline: what would have to be asked for (t.co, bit.ly, feedproxy, today's Google News) stays as it
// is. `of`: the site of the URL's host. Never longer than the URL itself.
[[nodiscard]] std::optional<parts> wrapped_in(const parts& p, const site& of);

}  // namespace feedwatch::url
