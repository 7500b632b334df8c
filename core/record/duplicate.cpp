#include "core/record/duplicate.hpp"

#include <array>

#include "core/record/json.hpp"

namespace feedwatch {
namespace {

constexpr std::array all_likenesses{likeness::same_id, likeness::same_url, likeness::same_text, likeness::near,
                                    likeness::excerpt};

}  // namespace

static bool read_name(std::string_view name, likeness& out) {
    const auto named = likeness_named(name);
    if (named) out = *named;
    return named.has_value();
}

template <class D>
requires std::same_as<std::remove_const_t<D>, duplicate>
static void describe(D& d, auto& visit) {
    visit("id", d.id);
    visit("feed", d.feed);
    visit("publisher", d.publisher);
    visit("url", d.url);
    visit("title", d.title);
    visit("origin_url", d.origin_url);
    visit("origin_publisher", d.origin_publisher);
    visit("observed", d.observed);
    visit("story", d.story);
    visit("of", d.of);
    visit("how", d.how);
    visit("similarity", d.similarity);
    visit("lag_seconds", d.lag_seconds);
}

std::string_view name_of(likeness l) noexcept {
    switch (l) {
        case likeness::same_id:
            return "same-id";
        case likeness::same_url:
            return "same-url";
        case likeness::same_text:
            return "same-text";
        case likeness::near:
            return "near";
        case likeness::excerpt:
            return "excerpt";
    }
    return "same-id";
}

std::optional<likeness> likeness_named(std::string_view name) noexcept {
    for (const likeness l : all_likenesses)
        if (name_of(l) == name) return l;
    return std::nullopt;
}

std::string to_json(const duplicate& d) {
    return record::write_record(d, 512 + d.url.size() + d.title.size());
}

result<duplicate> duplicate_from_json(std::string_view json) {
    auto read = record::read_record<duplicate>(json);
    if (!read) return read;
    if (read->id.empty()) return record::missing_field("id");
    if (read->story.empty()) return record::missing_field("story");
    return read;
}

}  // namespace feedwatch
