#include "app/run/credentials.hpp"

#include <algorithm>

#include "app/config/credentials.hpp"
#include "app/filter/lines.hpp"

namespace feedwatch::app {
namespace {

using kind = credentials_reference::kind;
using source = credentials_reference::source;

constexpr std::size_t secret_bytes_max = 64U << 10U;

result<std::string> value_of(const credentials_reference& from, const environment& surroundings) {
    if (from.from == source::variable) {
        auto value = surroundings(from.name);
        if (!value || value->empty()) return error(errc::not_found, "env:" + from.name + " is not set");
        return std::move(*value);
    }
    auto content = read_input(from.name, secret_bytes_max);
    if (!content) return content;
    while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
    if (content->empty()) return error(errc::invalid_config, "file:" + from.name + " is empty");
    return content;
}

bool is_one_line(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

}  // namespace

result<credentials> resolve_credentials(std::string_view reference, const environment& surroundings) {
    const auto where = parse_credentials(reference);
    if (!where) return error(where.error().code, "credentials: " + where.error().detail);
    auto value = value_of(*where, surroundings);
    if (!value) return value.error();
    const std::string origin = (where->from == source::file ? "file:" : "env:") + where->name;
    if (!is_one_line(*value))
        return error(errc::invalid_config, origin + " has a line break or another control character in it");
    const bool has_colon = value->find(':') != std::string::npos;
    if (where->sent_as == kind::basic && !has_colon)
        return error(errc::invalid_config, origin + " is not user:password");
    credentials made;
    if (where->sent_as == kind::header) {
        made.header = where->header;
        made.value = secret(std::move(*value));
    } else if (where->sent_as == kind::basic || (where->sent_as == kind::either && has_colon)) {
        made.basic = secret(std::move(*value));
    } else {
        made.header = "Authorization";
        made.value = secret("Bearer " + *value);
    }
    return made;
}

result<secret> resolve_secret(std::string_view reference, const environment& surroundings) {
    const auto where = parse_secret_reference(reference);
    if (!where) return where.error();
    auto value = value_of(*where, surroundings);
    if (!value) return value.error();
    return secret(std::move(*value));
}

}  // namespace feedwatch::app
