// The secrets that feeds name, read when they are needed: a changed file or variable counts from the next poll on.
#pragma once

#include <string_view>

#include "app/config/environment.hpp"
#include "core/error.hpp"
#include "producers/poll/poller.hpp"

namespace feedwatch::app {

// What `reference` (app/config/credentials.hpp) stands for. Errors name the file or variable, never what is in it; a
// secret of more than one line is refused, since it would end the header that it is sent in.
[[nodiscard]] result<credentials> resolve_credentials(std::string_view reference, const environment& surroundings);

// The same for a certificate, key, passphrase or a proxy's password: the text as it stands, without line breaks at its
// end.
[[nodiscard]] result<secret> resolve_secret(std::string_view reference, const environment& surroundings);

}  // namespace feedwatch::app
