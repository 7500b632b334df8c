#include "core/record/seen.hpp"

#include "core/record/json.hpp"
#include "core/record/own_form.hpp"

namespace feedwatch {
template <class S>
requires std::same_as<std::remove_const_t<S>, seen>
static void describe(S& s, auto& visit) {
    visit("story", s.story);
    visit("item", s.item);
    visit("feed", s.feed);
    visit("publisher", s.publisher);
    visit("source", s.source);
    visit("revision", s.revision);
    visit("live", s.live);
    visit("url_hash", s.url_hash);
    visit("title_hash", s.title_hash);
    visit("text_hash", s.text_hash);
    visit("words", s.words);
    visit("fingerprint", s.fingerprint);
    visit("evidence", s.evidence);
    visit("shingles", s.shingles);
    visit("names", s.names);
    visit("numbers", s.numbers);
    visit("first_seen", s.first_seen);
    visit("last_seen", s.last_seen);
    visit("hashes", s.hashes);
}

std::string to_json(const seen& s) {
    const std::size_t numbers = s.fingerprint.size() * 2 + s.evidence.size() + s.names.size() + s.numbers.size();
    return record::write_record(s, 640 + numbers * 3);
}

result<seen> seen_from_json(std::string_view json) {
    result<seen> read{seen{}};
    if (!record::own_form_reader(json).read(*read)) read = record::read_record<seen>(json);
    if (!read) return read;
    if (read->item.empty()) return record::missing_field("item");
    if (read->story.empty()) return record::missing_field("story");
    return read;
}

}  // namespace feedwatch
