#include "core/record/feed.hpp"

#include <charconv>

#include "core/record/json.hpp"
#include "core/record/packed.hpp"

namespace feedwatch {
template <class I>
requires std::same_as<std::remove_const_t<I>, poll_interval>
static void describe(I& i, auto& visit) {
    visit("min", i.min);
    visit("start", i.start);
    visit("max", i.max);
}

template <class B>
requires std::same_as<std::remove_const_t<B>, backfill_request>
static void describe(B& b, auto& visit) {
    visit("asked", b.asked);
    visit("pages", b.pages);
    visit("since", b.since);
}

template <class R>
requires std::same_as<std::remove_const_t<R>, feed_requests>
static void describe(R& r, auto& visit) {
    visit("paused", r.paused);
    visit("poll", r.poll);
    visit("backfill", r.backfill);
}

// `first_fetch` is text in JSON: the writer and the reader see it as a string.
template <class F>
requires std::same_as<std::remove_const_t<F>, feed>
static void describe_all(F& f, auto& first_fetch, auto& visit) {
    visit("id", f.id);
    visit("url", f.url);
    visit("title", f.title);
    visit("publisher", f.publisher);
    visit("tags", f.tags);
    visit("interval", f.interval);
    visit("first_fetch", first_fetch);
    visit("language", f.language);
    visit("paused", f.paused);
    visit("full_text", f.full_text);
    visit("credentials", f.credentials);
    visit("client_certificate", f.client_certificate);
    visit("client_key", f.client_key);
    visit("client_key_passphrase", f.client_key_passphrase);
    visit("proxy", f.proxy);
    visit("proxy_credentials", f.proxy_credentials);
    visit("asked", f.asked);
}

template <class P>
requires std::same_as<std::remove_const_t<P>, first_fetch>
static void describe(P& p, auto& visit) {
    visit("kind", p.kind);
    visit("latest", p.latest);
}

struct feed_as_text {
    feedwatch::feed feed;
    std::string first_fetch = "baseline";
};

template <class F>
requires std::same_as<std::remove_const_t<F>, feed_as_text>
static void describe(F& f, auto& visit) {
    describe_all(f.feed, f.first_fetch, visit);
}

std::string to_string(const first_fetch& f) {
    switch (f.kind) {
        case first_fetch::policy::baseline:
            return "baseline";
        case first_fetch::policy::latest:
            return "latest " + std::to_string(f.latest);
        case first_fetch::policy::all:
            return "all";
    }
    return "baseline";
}

result<first_fetch> parse_first_fetch(std::string_view text) {
    constexpr std::string_view latest = "latest ";
    if (text == "baseline") return first_fetch{};
    if (text == "all") return first_fetch{first_fetch::policy::all, 0};
    if (text.starts_with(latest)) {
        const std::string_view digits =
            text.substr(text.find_first_not_of(' ', latest.size() - 1) == std::string_view::npos
                            ? text.size()
                            : text.find_first_not_of(' ', latest.size() - 1));
        std::uint32_t count = 0;
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (code == std::errc{} && end == digits.data() + digits.size())
            return first_fetch{first_fetch::policy::latest, count};
    }
    return error(errc::malformed,
                 "'" + std::string(text.substr(0, 40)) + "' is no first fetch; write baseline, all or latest 5");
}

std::string to_json(const feed& f) {
    return record::write_record(feed_as_text{f, to_string(f.first_fetch)}, 512 + f.url.size() + f.title.size());
}

result<feed> feed_from_json(std::string_view json) {
    auto read = record::read_record<feed_as_text>(json);
    if (!read) return read.error();
    const auto policy = parse_first_fetch(read->first_fetch);
    if (!policy) return error(errc::malformed, "first_fetch: " + policy.error().detail);
    read->feed.first_fetch = *policy;
    if (read->feed.id.empty()) return record::missing_field("id");
    if (read->feed.url.empty()) return record::missing_field("url");
    return std::move(read->feed);
}

void append_packed(const feed& f, std::string& out) {
    record::packer pack(out);
    describe_all(f, f.first_fetch, pack);
}

feed feed_from_packed(std::string_view& packed) {
    feed out;
    record::unpacker unpack(packed);
    describe_all(out, out.first_fetch, unpack);
    return out;
}

}  // namespace feedwatch
