#include "producers/poll/backfill.hpp"

#include <algorithm>
#include <set>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/parse/parse.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/identity.hpp"
#include "producers/schedule/hints.hpp"
#include "producers/schedule/interval.hpp"

namespace feedwatch::polling {
namespace {

constexpr std::size_t next_bytes_max = 4096;
constexpr std::size_t detail_bytes_max = 500;
constexpr poll_interval retries{std::chrono::minutes{1}, std::chrono::minutes{1}, std::chrono::hours{1}};

namespace ways {
constexpr const char* archive = "archive";
constexpr const char* next = "next";
constexpr const char* paged = "paged";
constexpr const char* page = "page";
}  // namespace ways

// What was asked for and how far it has come; nullptr where it was never begun.
const backfill_progress* progress_of(const feed& of, const poll& checkpoint) {
    const auto& p = checkpoint.backfill;
    const bool same =
        p && of.asked.backfill && p->asked == of.asked.backfill->asked && p->url == without_userinfo(of.url).url;
    return same ? &*p : nullptr;
}

bool is_worth_another_try(const error& why) {
    if (why.code.category() != http::category()) return false;
    switch (static_cast<http::errc>(why.code.value())) {
        case http::errc::timeout:
        case http::errc::dns:
        case http::errc::connect:
        case http::errc::tls:
        case http::errc::reset:
        case http::errc::protocol:
        case http::errc::proxy:
        case http::errc::cancelled:
            return true;
        case http::errc::encoding:
        case http::errc::too_large:
        case http::errc::redirects:
        case http::errc::address_refused:
        case http::errc::url:
            return false;
    }
    return false;
}

bool is_worth_another_try(std::uint32_t status) {
    return status == 408 || status == 429 || status >= 500;
}

std::string hash_of(const std::vector<item>& items, std::string_view url) {
    if (items.empty()) return hash128_hex(url);
    std::string ids;
    for (const item& i : items) (ids += i.id.str()) += '\n';
    return hash128_hex(ids);
}

class concluding_page {
  public:
    concluding_page(const feed& of, const poll& before, const answer& got, const outcome_options& options)
        : of_(of),
          before_(before),
          got_(got),
          options_(options),
          wanted_(of.asked.backfill.value_or(backfill_request{})) {
        out_.next = before;
        if (progress_of(of, before) == nullptr) {
            backfill_progress fresh;
            fresh.asked = wanted_.asked;
            fresh.url = without_userinfo(of.url).url;
            fresh.state = backfill_states::running;
            out_.next.backfill = std::move(fresh);
        }
        out_.next.backfill->detail.clear();
    }

    page_conclusion run() && {
        read();
        return std::move(out_);
    }

  private:
    [[nodiscard]] backfill_progress& at() { return *out_.next.backfill; }
    // The feed itself has been read: pages are what comes after it.
    [[nodiscard]] bool begun() { return !at().seen.empty(); }
    [[nodiscard]] bool by_number() { return at().how == ways::paged || at().how == ways::page; }
    [[nodiscard]] std::string name_of_page() { return begun() ? "page " + std::to_string(at().pages + 2) : "the feed"; }

    void end(const char* state, std::string_view detail) {
        at().state = state;
        at().detail = truncate_utf8(to_valid_utf8(detail), detail_bytes_max);
        at().next.clear();
        at().next_due = {};
        at().seen.clear();
    }

    void go_on(const char* how, std::string url) {
        bare_url bare = without_userinfo(url);
        if (bare.url.empty() || bare.url.size() > next_bytes_max)
            return end(backfill_states::failed, "the link to the next page cannot be followed");
        at().how = how;
        at().next = std::move(bare.url);
        at().next_due = got_.at + between_pages;
    }

    void again(std::string_view why, std::optional<duration> retry_after = std::nullopt) {
        const std::uint32_t failures = ++at().failures;
        if (failures >= page_attempts_max)
            return end(backfill_states::failed, name_of_page() + " could not be had in " + std::to_string(failures) +
                                                    " attempts: " + std::string(why));
        at().detail = truncate_utf8(to_valid_utf8(why), detail_bytes_max);
        const std::uint64_t seed = hash64(of_.id.str(), options_.seed ^ failures);
        at().next_due =
            got_.at + schedule::failure_wait(retries.start, {.in_a_row = failures}, retry_after, retries, seed);
    }

    // By numbers there is no other sign of the last page than that the one after it is missing, or is one from before.
    void no_more(const std::string& why) {
        if (at().how == ways::paged && at().pages == 0)
            return go_on(ways::page, with_query(at().url, "page", 2));  // not WordPress, then
        end(backfill_states::done, at().pages == 0 ? "the feed shows no way to older items" : why);
    }

    void read() {
        if (!got_.outcome) {
            const error& why = got_.outcome.error();
            if (is_worth_another_try(why)) return again(why.detail);
            return end(backfill_states::failed, name_of_page() + ": " + why.detail);
        }
        const http::response& r = *got_.outcome;
        const std::string status = "status " + std::to_string(r.status);
        if (is_worth_another_try(r.status)) {
            const auto wait = schedule::retry_after(header_of(r, "retry-after"), got_.at);
            if (r.status == 429 || r.status == 503) out_.host_pause = wait;
            return again(status, wait);
        }
        at().failures = 0;
        if (r.status != 200 && r.status != 203) {
            if (begun() && by_number()) return no_more(name_of_page() + " is not there (" + status + ")");
            return end(backfill_states::failed, name_of_page() + ": " + status);
        }
        read_document(r);
    }

    void read_document(const http::response& r) {
        parse_limits limits;
        limits.items_max = options_.items_max;
        auto parsed = parse_feed(r.body, {r.url, header_of(r, "content-type")}, limits, before_.boilerplate);
        if (!parsed) {
            if (begun() && by_number()) return no_more(name_of_page() + " is no feed");
            return end(backfill_states::failed, name_of_page() + ": " + parsed.error().detail);
        }
        (void)identify(parsed->items, of_.id, before_.identity.rule);
        const std::string hash = hash_of(parsed->items, r.url);
        if (!begun()) {
            at().seen.push_back(hash);
            return find_way(*parsed, r.url);
        }
        if (by_number() && parsed->items.empty()) return no_more(name_of_page() + " is empty");
        if (std::find(at().seen.begin(), at().seen.end(), hash) != at().seen.end())
            return by_number() ? no_more(name_of_page() + " is the same as one before")
                               : end(backfill_states::done, name_of_page() + " is the same as one before");
        at().seen.push_back(hash);
        ++at().pages;
        const bool old = publish(parsed->items);
        follow(*parsed, old);
    }

    void find_way(const parsed_feed& parsed, const std::string& url) {
        if (!parsed.feed.archive.empty()) return go_on(ways::archive, parsed.feed.archive);
        if (!parsed.feed.next.empty()) return go_on(ways::next, parsed.feed.next);
        go_on(ways::paged, with_query(carries_credentials(url) ? at().url : url, "paged", 2));
    }

    void follow(const parsed_feed& parsed, bool everything_is_older) {
        if (everything_is_older)
            return end(backfill_states::done, "everything behind is older than " + to_rfc3339(*wanted_.since));
        std::string next;
        if (at().how == ways::archive) next = parsed.feed.archive;
        if (at().how == ways::next) next = parsed.feed.next;
        if (by_number()) next = with_query(at().next, at().how, at().pages + 2);
        if (next.empty()) return end(backfill_states::done, "the last page was read");
        if (at().pages >= wanted_.pages)
            return end(backfill_states::done, "stopped at the limit of " + std::to_string(wanted_.pages) +
                                                  (wanted_.pages == 1 ? " page" : " pages") +
                                                  "; --pages asks for more");
        go_on(at().how == ways::archive ? ways::archive
              : at().how == ways::next  ? ways::next
              : at().how == ways::paged ? ways::paged
                                        : ways::page,
              std::move(next));
    }

    // True: all that has a date is older than what was asked for.
    bool publish(std::vector<item>& items) {
        std::set<std::string_view> known;
        for (const window_entry& e : before_.window) known.insert(e.alias.empty() ? e.id : e.alias);
        bool dated = false;
        bool recent = false;
        for (auto i = items.rbegin(); i != items.rend(); ++i) {  // documents have the newest first
            complete(*i, of_, got_.at);
            const bool too_old = wanted_.since && i->published && *i->published < *wanted_.since;
            dated |= i->published.has_value();
            recent |= i->published && !too_old;
            if (too_old || known.contains(i->id.str())) continue;
            i->origin = origin::backfill;
            out_.items.push_back(std::move(*i));
        }
        at().items += static_cast<std::uint32_t>(out_.items.size());
        return wanted_.since && dated && !recent;
    }

    const feed& of_;
    const poll& before_;
    const answer& got_;
    const outcome_options& options_;
    const backfill_request wanted_;
    page_conclusion out_;
};

}  // namespace

std::optional<timestamp> page_due(const feed& of, const poll& checkpoint) {
    if (!of.asked.backfill || !checkpoint.last_success || checkpoint.url != without_userinfo(of.url).url)
        return std::nullopt;
    const backfill_progress* const p = progress_of(of, checkpoint);
    if (p == nullptr) return checkpoint.at;  // begins at once
    if (p->state != backfill_states::running) return std::nullopt;
    return p->next_due;
}

std::string page_url(const feed& of, const poll& checkpoint) {
    const backfill_progress* const p = progress_of(of, checkpoint);
    return p == nullptr || p->next.empty() ? without_userinfo(of.url).url : p->next;
}

bool is_page_next(const subscribed& f) {
    const auto due = page_due(f.what, f.checkpoint);
    return due && *due < f.due;
}

http::request make_page_request(const feed& of, const poll& checkpoint, const credentials& with,
                                const fetch_limits& limits) {
    http::request out = make_request(of, checkpoint, with, limits, true);
    std::string url = page_url(of, checkpoint);
    if (origin_of(url) != origin_of(out.url)) {
        out.origin_headers.clear();
        out.basic_auth.clear();
        out.certificate = {};
    }
    out.url = std::move(url);
    return out;
}

page_conclusion conclude_page(const feed& of, const poll& before, const answer& got, const outcome_options& options) {
    return concluding_page(of, before, got, options).run();
}

std::string with_query(std::string_view url, std::string_view name, std::uint32_t value) {
    url = url.substr(0, url.find('#'));
    const std::size_t mark = std::min(url.find('?'), url.size());
    std::string out(url.substr(0, mark));
    char separator = '?';
    std::string_view query = url.substr(std::min(mark + 1, url.size()));
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty() || pair.substr(0, pair.find('=')) == name) continue;
        (out += separator) += pair;
        separator = '&';
    }
    (((out += separator) += name) += '=') += std::to_string(value);
    return out;
}

}  // namespace feedwatch::polling
