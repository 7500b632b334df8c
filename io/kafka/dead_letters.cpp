#include "io/kafka/dead_letters.hpp"

#include <iterator>

#include "core/record/dead.hpp"
#include "core/utf8.hpp"
#include "io/kafka/headers.hpp"
#include "io/kafka/properties.hpp"

namespace feedwatch::kafka {
namespace {

constexpr std::size_t detail_bytes_max = 4096;

void fit(output& out, std::size_t bytes_max) {
    if (out.record.key.size() > bytes_max / 2) out.record.key.resize(bytes_max / 2);
    const auto bytes = wire_bytes(out);
    if (bytes <= bytes_max || !out.record.value) return;
    const auto size = out.record.value->size();
    const auto excess = bytes - bytes_max + 64;  // the header below
    out.record.value->resize(size > excess ? size - excess : 0);
    out.record.headers.push_back({"feedwatch.dlq.truncated", std::to_string(size)});
}

void append(std::vector<header>& to, std::vector<header> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

output make_dead_letter(const backend& on, const stage& who, const record_view& source, const error& why,
                        std::uint32_t attempt) {
    output out;
    out.record.to = topic::dead;
    out.record.key = std::string{source.key};
    if (source.value) out.record.value = std::string{*source.value};
    for (const auto& each : source.headers)
        if (!each.name.starts_with("feedwatch.dlq.")) out.record.headers.push_back(each);
    append(out.record.headers, to_headers({.topic = on.topic_name(source.from),
                                           .partition = source.partition,
                                           .offset = source.offset,
                                           .stage = who.name,
                                           .reason = why.code.message(),
                                           .exception = std::string{truncate_utf8(why.detail, detail_bytes_max)},
                                           .attempt = attempt}));
    fit(out, record_bytes_max(on.config()));
    return out;
}

output make_dead_letter(const backend& on, const stage& who, output_record unwritable, const error& why) {
    const auto from = on.topic_name(unwritable.to);
    output out;
    out.record = std::move(unwritable);
    out.record.to = topic::dead;
    out.record.partition.reset();
    append(out.record.headers, to_headers({.topic = from,
                                           .partition = -1,
                                           .offset = -1,
                                           .stage = who.name,
                                           .reason = why.code.message(),
                                           .exception = std::string{truncate_utf8(why.detail, detail_bytes_max)}}));
    fit(out, record_bytes_max(on.config()));
    return out;
}

}  // namespace feedwatch::kafka
