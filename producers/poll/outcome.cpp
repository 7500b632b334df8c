#include "producers/poll/outcome.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/parse/parse.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/poll/look.hpp"
#include "producers/poll/numbering.hpp"
#include "producers/poll/wishes.hpp"
#include "producers/schedule/hints.hpp"
#include "producers/schedule/interval.hpp"

namespace feedwatch::polling {
namespace {

constexpr std::size_t validator_bytes_max = 1024;  // no server needs a longer ETag; it is sent back on every poll
constexpr std::size_t warnings_max = 20;
constexpr std::size_t warning_bytes_max = 300;
constexpr std::size_t detail_bytes_max = 2000;  // room for the hops of a redirect that is refused
constexpr std::size_t boilerplate_max = 512;
constexpr std::size_t event_ids_max = 50;  // docs/schemas/polls.schema.json says it too
constexpr std::size_t event_detail_bytes_max = 2000;

std::string validator(const http::response& r, std::string_view name) {
    std::string value = header_of(r, name);
    return value.size() <= validator_bytes_max && is_valid_utf8(value) ? value : std::string{};
}

void warn(poll& next, std::string_view text) {
    if (next.warnings.size() < warnings_max)
        next.warnings.emplace_back(truncate_utf8(to_valid_utf8(text), warning_bytes_max));
}

poll_event event(const char* kind, std::size_t count, std::string_view detail, std::vector<std::string> ids = {}) {
    ids.resize(std::min(ids.size(), event_ids_max));
    return {kind,
            static_cast<std::uint32_t>(count),
            std::string(truncate_utf8(to_valid_utf8(detail), event_detail_bytes_max)),
            std::move(ids),
            {}};
}

bool has(const poll& p, std::string_view kind) {
    return std::any_of(p.events.begin(), p.events.end(), [&](const poll_event& e) { return e.kind == kind; });
}

std::vector<std::string> ids_at(const std::vector<std::size_t>& positions, const std::vector<window_entry>& window) {
    std::vector<std::string> out;
    for (const std::size_t at : positions) {
        if (out.size() == event_ids_max) break;
        out.push_back(window[at].id);
    }
    return out;
}

// Where the unbroken run of permanent redirects at the beginning leads.
std::string permanent_target(const http::response& r) {
    std::string out;
    for (const http::hop& h : r.redirects) {
        if (h.status != 301 && h.status != 308) break;
        out = h.to;
    }
    return out;
}

schedule::lesson taught_by(http::errc code) {
    const bool host = code == http::errc::timeout || code == http::errc::connect || code == http::errc::reset;
    return host ? schedule::lesson::trouble : schedule::lesson::none;
}

class concluding {
  public:
    concluding(const feed& of, const poll& before, const answer& got, const outcome_options& options)
        : of_(of), before_(before), got_(got), options_(options) {
        poll& next = out_.next;
        next = before;
        next.feed = of.id;
        next.url = got.url;
        next.at = got.at;
        next.detail.clear();
        next.status = 0;
        next.items_new = next.items_updated = next.items_known = 0;
        next.possibly_missed = false;
        next.warnings.clear();
        next.events.clear();
        if (before.url != got.url) {
            next.look = {};
            next.etag = next.last_modified = next.body_hash = next.redirected_to = {};
            next.redirected_since.reset();
            forget_wishes(next);
        }
    }

    conclusion run() {
        if (!got_.outcome) {
            const error& why = got_.outcome.error();
            const bool transport = why.code.category() == http::category();
            if (transport) out_.taught = taught_by(static_cast<http::errc>(why.code.value()));
            return fail(transport ? http::name_of(static_cast<http::errc>(why.code.value())) : outcomes::credentials,
                        why.detail);
        }
        const http::response& r = *got_.outcome;
        out_.next.status = r.status;
        out_.body_bytes = r.body.size();
        // A 304 to a request without validators would end a first fetch that has seen nothing, and go on for ever
        // where the server's idea of what we have is wrong.
        if (r.status == 304 && before_.last_success && got_.conditional) return unchanged(r);
        if (r.status != 200 && r.status != 203) return fail_status(r);
        const std::string body_hash = hash128_hex(r.body);
        if (out_.next.last_success && body_hash == out_.next.body_hash) {
            keep_validators(r, body_hash);
            return unchanged(r);
        }
        return read(r, body_hash);
    }

  private:
    void keep_validators(const http::response& r, const std::string& body_hash) {
        out_.next.etag = validator(r, "etag");
        out_.next.last_modified = validator(r, "last-modified");
        out_.next.body_hash = body_hash;
    }

    // Good answers alone say that a redirect holds, or is over.
    void note_redirect(const http::response& r) {
        poll& next = out_.next;
        std::string target = permanent_target(r);
        if (target.empty() && got_.moved) target = next.redirected_to;
        if (target.empty()) {
            next.redirected_since.reset();
        } else if (target != next.redirected_to || !next.redirected_since) {
            next.redirected_since = got_.at;
        }
        next.redirected_to = std::move(target);
    }

    void note_redirect_of_failure(const http::response& r) {
        std::string target = permanent_target(r);
        if (target.empty() || target == out_.next.redirected_to) return;
        out_.next.redirected_to = std::move(target);
        out_.next.redirected_since.reset();
    }

    [[nodiscard]] schedule::yield yield_of(std::uint32_t items, std::uint32_t fresh) const {
        const bool first = !before_.last_success;
        if (before_.push) fresh = std::min(items, fresh + before_.push->items);  // a poll would have found them
        return {items, items - fresh, first, first ? duration::zero() : got_.at - *before_.last_success};
    }

    void learn_gap(const parsed_feed* parsed, const schedule::yield& seen) {
        if (!seen.first) {
            out_.next.gap = schedule::learned_gap(before_.gap, seen);
            return;
        }
        std::vector<timestamp> dates;
        for (const item& i : parsed->items) {
            if (i.published) dates.push_back(*i.published);
        }
        out_.next.gap = schedule::gap_of_dates(dates, got_.at).value_or(duration::zero());
    }

    void succeed(const http::response& r, const parsed_feed* parsed, const schedule::yield& seen) {
        note_redirect(r);
        poll& next = out_.next;
        out_.taught = schedule::lesson::good;
        learn_gap(parsed, seen);
        next.failures = 0;
        next.last_success = got_.at;
        next.interval = schedule::next_interval(before_.interval, next.gap, seen, of_.interval);
        const duration wait = schedule::within_hint(next.interval, least_wait(r, next), next.gap, seen, of_.interval);
        next.next_due = wished_due(got_.at + schedule::with_jitter(wait, seed()), next);
    }

    [[nodiscard]] std::uint64_t seed() const {
        return hash64(of_.id.str(), options_.seed ^ static_cast<std::uint64_t>(got_.at.time_since_epoch().count()));
    }

    conclusion unchanged(const http::response& r) {
        poll& next = out_.next;
        next.outcome = outcomes::not_modified;
        next.items_known = present_in_last(before_.window);
        next.window = refreshed(before_.window, got_.at, options_.window);
        succeed(r, nullptr, yield_of(next.items_known, 0));
        return std::move(out_);
    }

    conclusion fail(std::string_view outcome, std::string_view detail,
                    std::optional<duration> retry_after = std::nullopt) {
        poll& next = out_.next;
        out_.failed = true;
        next.outcome = outcome;
        next.detail = truncate_utf8(to_valid_utf8(detail), detail_bytes_max);
        next.failures = before_.failures + 1;
        if (next.interval <= duration::zero()) next.interval = of_.interval.start;
        const schedule::failure f{next.failures, outcome == outcomes::gone, next.status == 429};
        const duration wait = schedule::failure_wait(next.interval, f, retry_after, of_.interval, seed());
        next.next_due = wished_due(got_.at + wait, next);
        return std::move(out_);
    }

    // A feed that may be read and then is forbidden: some hosts say 403 where others say 429.
    [[nodiscard]] schedule::lesson taught_by_status(std::uint32_t status, bool asks_for_pause) const {
        using schedule::lesson;
        if (status == 429 || (status == 503 && asks_for_pause)) return lesson::busy;
        if (status == 503 || (status == 403 && before_.outcome != outcomes::http_status && before_.last_success))
            return lesson::trouble;
        return lesson::none;
    }

    conclusion fail_status(const http::response& r) {
        note_redirect_of_failure(r);
        const auto wait = schedule::retry_after(header_of(r, "retry-after"), got_.at);
        if (wait && (r.status == 429 || r.status == 503)) out_.host_pause = std::min(*wait, schedule::host_hold_max);
        out_.taught = taught_by_status(r.status, wait.has_value());
        return fail(r.status == 410 ? outcomes::gone : outcomes::http_status,
                    "status " + std::to_string(r.status) + (r.status == 304 ? " without having been asked for" : ""),
                    wait);
    }

    conclusion read(const http::response& r, const std::string& body_hash) {
        parse_limits limits;
        limits.items_max = std::min(options_.items_max, options_.window.entries_max);
        auto parsed = parse_feed(r.body, {r.url, header_of(r, "content-type")}, limits, before_.boilerplate);
        if (!parsed) {
            note_redirect_of_failure(r);
            suspect_page(r, parsed.error().detail);
            return fail(outcomes::not_a_feed, parsed.error().detail);
        }
        poll& next = out_.next;
        next.outcome = outcomes::ok;
        for (const std::string& w : parsed->warnings) warn(next, w);
        if (parsed->truncated) {
            // Its validators would make the server say "not modified" when we ask for the rest.
            next.etag = next.last_modified = next.body_hash = {};
            warn(next, "the document ends early: the items before its end were read");
        } else {
            keep_validators(r, body_hash);
        }
        if (parsed->items_dropped > 0)
            warn(next, std::to_string(parsed->items_dropped) + " items past the limit of " +
                           std::to_string(limits.items_max));
        out_.rejected = parsed->items_dropped;
        out_.links = push::embedded_links{parsed->feed.hubs, parsed->feed.self};
        learn_boilerplate(parsed->boilerplate);
        if (!parsed->truncated) judge_look(*parsed, r.url);
        publish(*parsed);
        const auto total = static_cast<std::uint32_t>(parsed->items.size());
        keep_wishes(next, parsed->feed);
        succeed(r, &*parsed, yield_of(total, next.items_new));
        // A first document that was cut ends no first fetch: the rest of it, in the next, would all be live. Once only:
        // some feeds never close their root.
        if (parsed->truncated && (total == 0 || before_.window.empty())) next.last_success = before_.last_success;
        return std::move(out_);
    }

    void learn_boilerplate(const std::vector<std::string>& removed) {
        std::vector<std::string>& known = out_.next.boilerplate;
        for (const std::string& hash : removed) {
            if (std::find(known.begin(), known.end(), hash) == known.end()) known.push_back(hash);
        }
        if (known.size() > boilerplate_max) known.erase(known.begin(), known.end() - boilerplate_max);
    }

    void publish(parsed_feed& parsed) {
        poll& next = out_.next;
        const bool whole = !parsed.truncated && before_.url == got_.url;
        numbered n = number(parsed.items, of_, before_, got_.at, options_.window, whole);
        for (const std::string& w : n.ids.warnings) warn(next, w);
        out_.rejected += n.ids.left_out;
        for (item& i : parsed.items) complete(i, of_, got_.at);

        comparison& seen = n.seen;
        next.identity = std::move(n.identity);
        next.items_new = static_cast<std::uint32_t>(seen.fresh.size());
        next.items_updated = static_cast<std::uint32_t>(seen.updated.size());
        next.items_known = seen.known;
        next.possibly_missed =
            before_.last_success && !before_.window.empty() && !parsed.items.empty() && !seen.overlap;
        if (!before_.last_success) mark_first(parsed.items);
        quieten(parsed.items, n);
        tell(n);
        next.window = std::move(seen.window);

        std::vector<std::size_t> all = std::move(seen.fresh);
        all.insert(all.end(), seen.updated.begin(), seen.updated.end());
        std::sort(all.rbegin(), all.rend());  // documents have the newest first
        for (const std::size_t at : all) out_.items.push_back(std::move(parsed.items[at]));
    }

    // A site that changes its ids may change its templates too: what differs then raises no alerts. Where the ids
    // change at every poll, a difference is an update like any other.
    void quieten(std::vector<item>& items, const numbered& n) const {
        if (n.hidden) {
            for (const std::size_t at : n.seen.fresh) items[at].origin = origin::baseline;
        }
        if (has(before_, events::ids_changed)) return;
        for (const std::size_t at : n.seen.renamed) items[at].origin = origin::baseline;
    }

    void tell(const numbered& n) {
        poll& next = out_.next;
        const comparison& seen = n.seen;
        const auto add = [&](const char* kind, const std::vector<std::size_t>& of, std::string_view detail = {}) {
            if (!of.empty()) next.events.push_back(event(kind, of.size(), detail, ids_at(of, seen.window)));
        };
        if (next.possibly_missed)
            next.events.push_back(
                event(events::possibly_missed, seen.fresh.size(),
                      "no item of the document before is left; " + std::to_string(seen.fresh.size()) + " are new"));
        if (!n.ours)
            add(events::ids_changed, seen.renamed,
                std::to_string(seen.renamed.size()) +
                    " items have other ids than before, and go on under the old ones; " +
                    std::to_string(seen.fresh.size()) + " are new");
        if (n.downgrade) next.events.push_back(downgrade_event(n));
        if (!seen.retracted.empty())
            next.events.push_back(
                event(events::retracted, seen.retracted.size(), "gone while older items remain", seen.retracted));
        add(events::reappeared, seen.reappeared);
        add(events::corrected, seen.updated);
    }

    [[nodiscard]] poll_event downgrade_event(const numbered& n) const {
        const std::size_t known = n.seen.known + n.seen.updated.size();
        return event(events::identity_downgraded, known,
                     std::string(name_of(before_.identity.rule)) + " to " + std::string(name_of(n.identity.rule)) +
                         ": " + n.downgrade->reason + "; " + std::to_string(known) +
                         " known items go on under the ids that they had");
    }

    void suspect_page(const http::response& r, std::string_view detail) {
        if (!before_.last_success || before_.outcome == outcomes::not_a_feed ||
            detail.find("HTML page") == std::string_view::npos)
            return;
        feed_look now;
        now.served_by = registrable_domain(r.url);
        suspicion s = suspect(out_.next.look, now);
        s.signs.insert(s.signs.begin(), signs::html);
        s.detail.insert(0, s.detail.empty() ? "an HTML page" : "an HTML page; ");
        tell(std::move(s));
    }

    void judge_look(const parsed_feed& parsed, std::string_view url) {
        feed_look now = look_of(parsed, url);
        tell(suspect(out_.next.look, now));
        out_.next.look = learned(out_.next.look, std::move(now));
    }

    void tell(suspicion s) {
        if (s.signs.empty()) return;
        poll_event e = event(events::suspicious, s.signs.size(), s.detail);
        e.signs = std::move(s.signs);
        out_.next.events.push_back(std::move(e));
    }

    void mark_first(std::vector<item>& items) const {
        if (of_.first_fetch.kind == first_fetch::policy::all) return;
        std::vector<item*> by_age;
        for (item& i : items) {
            i.origin = origin::baseline;
            by_age.push_back(&i);
        }
        if (of_.first_fetch.kind != first_fetch::policy::latest) return;
        // Undated items count as oldest; among equals the document's order decides.
        std::stable_sort(by_age.begin(), by_age.end(), [](const item* a, const item* b) {
            return a->published.value_or(timestamp::min()) > b->published.value_or(timestamp::min());
        });
        by_age.resize(std::min<std::size_t>(by_age.size(), of_.first_fetch.latest));
        for (item* i : by_age) i->origin = origin::live;
    }

    const feed& of_;
    const poll& before_;
    const answer& got_;
    const outcome_options& options_;
    conclusion out_;
};

}  // namespace

conclusion conclude(const feed& of, const poll& before, const answer& got, const outcome_options& options) {
    return concluding(of, before, got, options).run();
}

feed_state state_of(const poll& checkpoint) noexcept {
    if (checkpoint.outcome == outcomes::gone) return feed_state::gone;
    return checkpoint.failures > 0 ? feed_state::backoff : feed_state::ok;
}

}  // namespace feedwatch::polling
