#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view text = fuzz::text(data, size);
    const std::string canonical = canonical_url(text);
    fuzz::require(canonical_url(canonical) == canonical, "canonical form is stable");
    if (const auto resolved = resolve_url("https://host.example/dir/page?q", text)) {
        fuzz::require(resolved->starts_with("http://") || resolved->starts_with("https://"),
                      "only web addresses result");
        fuzz::require(resolve_url("", *resolved) == *resolved, "resolved addresses are absolute");
        fuzz::require(is_valid_utf8(*resolved), "addresses are ASCII");
    }
    static_cast<void>(registrable_domain(text));
    static_cast<void>(origin_of(text));
    static_cast<void>(redacted_url(text));
    return 0;
}
