// What is known of a host, worked out once. Private to core/url.
#pragma once

#include <string>
#include <string_view>

#include "core/url/rules.hpp"

namespace feedwatch::url {

struct site {
    std::string host;  // as canonical URLs have it: without "www.", "m.", "amp.", under its main name
    std::string name;  // before the public suffix, as name_in_registry() has it
    sections rules;
    bool wraps = false;  // some of its URLs carry another
};

// Of a host in lower-case ASCII. The links of a feed are of one host, so the last answer is kept: the reference is good
// until the thread asks again.
[[nodiscard]] const site& site_of(std::string_view host);

}  // namespace feedwatch::url
