// The registrable domain of a bare host, by the Public Suffix List. Private to core/url.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch::url {

// `host` as parts::host. The host itself where it has none: addresses, public suffixes, single labels.
[[nodiscard]] std::string registrable_domain_of_host(const std::string& host);

// What stands before a registrable domain's public suffix, where that is one that registries give names under ("google"
// of "google.co.uk"; nothing of "google.github.io", which anybody may have); else empty.
[[nodiscard]] std::string_view name_in_registry(std::string_view domain);

}  // namespace feedwatch::url
