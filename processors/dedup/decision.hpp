// What dedup says of one item.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/named.hpp"
#include "core/record/duplicate.hpp"
#include "core/record/item.hpp"

namespace feedwatch::dedup {

struct decision {
    enum class kind { new_story, update, duplicate, forgotten };
    kind what = kind::new_story;
    story_id story{};
    std::uint32_t revision = 1;          // of the story; of a new story or an update
    std::optional<change> changed = {};  // of an update
    // Of a duplicate:
    item_id of{};
    likeness how = likeness::same_id;
    double similarity = 1;
    double lag_seconds = 0;

    friend bool operator==(const decision&, const decision&) = default;
};

[[nodiscard]] std::string_view name_of(decision::kind k) noexcept;  // "new", "update", "duplicate", "forgotten"

}  // namespace feedwatch::dedup
