#include "core/record/poll.hpp"

#include "core/record/json.hpp"
#include "core/record/packed.hpp"

namespace feedwatch {
template <class W>
requires std::same_as<std::remove_const_t<W>, window_entry>
static void describe(W& w, auto& visit) {
    visit("id", w.id);
    visit("content_hash", w.content_hash);
    visit("last_present", w.last_present);
    visit("alias", w.alias);
    visit("link", w.link);
    visit("title", w.title);
    visit("text", w.text);
    visit("retracted", w.retracted);
}

template <class E>
requires std::same_as<std::remove_const_t<E>, poll_event>
static void describe(E& e, auto& visit) {
    visit("kind", e.kind);
    visit("count", e.count);
    visit("detail", e.detail);
    visit("ids", e.ids);
    visit("signs", e.signs);
}

template <class L>
requires std::same_as<std::remove_const_t<L>, feed_look>
static void describe(L& l, auto& visit) {
    visit("served_by", l.served_by);
    visit("link", l.link);
    visit("items", l.items);
    visit("language", l.language);
    visit("title", l.title);
}

static bool read_name(std::string_view name, identity_rule& out) {
    for (const identity_rule r : {identity_rule::guid, identity_rule::link, identity_rule::title}) {
        if (name_of(r) != name) continue;
        out = r;
        return true;
    }
    return false;
}

template <class I>
requires std::same_as<std::remove_const_t<I>, feed_identity>
static void describe(I& i, auto& visit) {
    visit("rule", i.rule);
    visit("since", i.since);
    visit("reason", i.reason);
    visit("changes", i.changes);
    visit("urls", i.urls);
}

static bool read_name(std::string_view name, push_subscription::state& out) {
    using state = push_subscription::state;
    for (const state s : {state::wanted, state::requested, state::active, state::denied, state::silent}) {
        if (name_of(s) != name) continue;
        out = s;
        return true;
    }
    return false;
}

template <class S>
requires std::same_as<std::remove_const_t<S>, push_subscription>
static void describe(S& s, auto& visit) {
    visit("hub", s.hub);
    visit("topic", s.topic);
    visit("callback", s.callback);
    visit("number", s.number);
    visit("state", s.is);
    visit("next_step", s.next_step);
    visit("asked", s.asked);
    visit("active_since", s.active_since);
    visit("lease_until", s.lease_until);
    visit("last_delivery", s.last_delivery);
    visit("unheard_since", s.unheard_since);
    visit("deliveries", s.deliveries);
    visit("items", s.items);
    visit("failures", s.failures);
}

template <class B>
requires std::same_as<std::remove_const_t<B>, backfill_progress>
static void describe(B& b, auto& visit) {
    visit("asked", b.asked);
    visit("url", b.url);
    visit("state", b.state);
    visit("how", b.how);
    visit("next", b.next);
    visit("next_due", b.next_due);
    visit("pages", b.pages);
    visit("items", b.items);
    visit("failures", b.failures);
    visit("detail", b.detail);
    visit("seen", b.seen);
}

template <class P>
requires std::same_as<std::remove_const_t<P>, poll>
static void describe(P& p, auto& visit) {
    visit("feed", p.feed);
    visit("url", p.url);
    visit("at", p.at);
    visit("outcome", p.outcome);
    visit("detail", p.detail);
    visit("status", p.status);
    visit("etag", p.etag);
    visit("last_modified", p.last_modified);
    visit("body_hash", p.body_hash);
    visit("redirected_to", p.redirected_to);
    visit("redirected_since", p.redirected_since);
    visit("ttl", p.ttl);
    visit("skip_hours", p.skip_hours);
    visit("skip_days", p.skip_days);
    visit("next_due", p.next_due);
    visit("interval", p.interval);
    visit("gap", p.gap);
    visit("host_pace", p.host_pace);
    visit("failures", p.failures);
    visit("last_success", p.last_success);
    visit("items_new", p.items_new);
    visit("items_updated", p.items_updated);
    visit("items_known", p.items_known);
    visit("possibly_missed", p.possibly_missed);
    visit("window", p.window);
    visit("boilerplate", p.boilerplate);
    visit("warnings", p.warnings);
    visit("events", p.events);
    visit("look", p.look);
    visit("identity", p.identity);
    visit("backfill", p.backfill);
    visit("push", p.push);
}

std::string_view name_of(identity_rule r) noexcept {
    switch (r) {
        case identity_rule::guid:
            return "guid";
        case identity_rule::link:
            return "link";
        case identity_rule::title:
            return "title";
    }
    return "guid";
}

std::string_view name_of(push_subscription::state s) noexcept {
    using state = push_subscription::state;
    switch (s) {
        case state::wanted:
            return "wanted";
        case state::requested:
            return "requested";
        case state::active:
            return "active";
        case state::denied:
            return "denied";
        case state::silent:
            return "silent";
    }
    return "wanted";
}

std::string to_json(const poll& p) {
    return record::write_record(p, 1024 + 256 * p.window.size() + 40 * p.boilerplate.size());
}

result<poll> poll_from_json(std::string_view json) {
    auto read = record::read_record<poll>(json);
    if (read && read->feed.empty()) return record::missing_field("feed");
    return read;
}

void append_packed(const poll& p, std::string& out) {
    record::packer(out).put(p);
}

poll poll_from_packed(std::string_view& packed) {
    poll out;
    record::unpacker(packed).get(out);
    return out;
}

}  // namespace feedwatch
