#include "producers/poll/records.hpp"

#include <utility>

#include "producers/poll/content.hpp"

namespace feedwatch::polling {

output_record checkpoint_record(const feed_id& feed, std::int32_t partition, std::optional<std::string> value) {
    output_record out;
    out.to = topic::polls;
    out.key = feed.str();
    out.value = std::move(value);
    out.partition = partition;
    return out;
}

output_record item_record(item i) {
    output_record out;
    out.to = topic::fetched;
    out.key = i.feed.str();
    out.value = to_bounded_json(std::move(i));
    return out;
}

result<feed> feed_of(const record_view& record) {
    auto read = feed_from_json(*record.value);
    if (read && read->id.str() != record.key) return error(errc::malformed, "the record's key is not the feed's id");
    return read;
}

}  // namespace feedwatch::polling
