#include "app/commands.hpp"
#include "app/filter/lines.hpp"
#include "core/url/url.hpp"

namespace feedwatch::app {

int canonical() {
    return filter_lines("canonical",
                        [](std::string_view url) -> result<std::optional<std::string>> { return canonical_url(url); });
}

}  // namespace feedwatch::app
