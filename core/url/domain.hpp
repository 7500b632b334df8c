// The registrable domain of a bare host, by the Public Suffix List. Private to core/url.
#pragma once

#include <string>

namespace feedwatch::url {

// `host` as parts::host. The host itself where it has none: addresses, public suffixes, single labels.
[[nodiscard]] std::string registrable_domain_of_host(const std::string& host);

}  // namespace feedwatch::url
