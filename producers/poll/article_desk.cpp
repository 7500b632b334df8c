#include "producers/poll/article_desk.hpp"

#include <algorithm>
#include <array>

#include "core/url/url.hpp"
#include "producers/poll/fetch_request.hpp"
#include "producers/schedule/hints.hpp"

namespace feedwatch::polling {
namespace {

constexpr std::size_t robots_bytes_max = 512U << 10U;  // what is read of it, and a little

// Every outcome that is counted.
constexpr const char* ok = "ok";
constexpr const char* disallowed = "robots";
constexpr const char* http_status = "http";
constexpr const char* transport = "transport";
constexpr const char* no_article = "no_article";
constexpr const char* late = "late";
constexpr std::array outcomes_counted{ok, disallowed, http_status, transport, no_article, late};

std::string host_of(const std::string& origin) {
    const auto scheme = origin.find("://");
    return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

article_desk::article_desk(article_options options, meter& counts)
    : options_(std::move(options)), robots_(options_.product) {
    for (const char* outcome : outcomes_counted)
        counts_[outcome] = &counts.get_counter(
            "feedwatch_full_text_fetches_total",
            "Articles behind items of feeds with full_text, by what reading them came to.", {{"outcome", outcome}});
}

void article_desk::order(std::uint64_t number, const std::vector<std::string>& urls, article_secrets with,
                         timestamp now) {
    job& j = jobs_[number];
    j.with = std::move(with);
    j.deadline = now + options_.patience;
    j.open = urls.size();
    for (const std::string& url : urls) {
        task t;
        t.number = number;
        t.item_url = url;
        t.url = without_userinfo(url).url;
        t.not_before = now;
        waiting_.push_back(std::move(t));
    }
}

http::request article_desk::request_for(const std::string& url, const article_secrets& with) const {
    const fetch_limits& limits = options_.limits;
    http::request out;
    out.url = url;
    out.follow_redirects = false;
    set_limits(out, limits);
    out.body_bytes_max = std::min(limits.body_bytes_max, page_bytes_max);
    out.total_timeout = std::min<duration>(limits.total_timeout, options_.patience);
    out.proxy = with.proxy;
    out.proxy_auth = with.proxy_auth;
    return out;
}

void article_desk::fetch_robots(const std::string& origin, const article_secrets& with, timestamp now,
                                const std::function<std::uint64_t(http::request)>& send) {
    http::request r = request_for(origin + "/robots.txt", with);
    r.follow_redirects = true;
    r.body_bytes_max = std::min(r.body_bytes_max, robots_bytes_max);
    r.headers.emplace_back("Accept", "text/plain, */*;q=0.5");
    asked_[origin] = true;
    host_state& h = hosts_[host_of(origin)];
    ++h.running;
    h.next = std::max(h.next, now + options_.spacing);
    in_flight_.emplace(send(std::move(r)), sent{host_of(origin), origin, std::nullopt});
}

void article_desk::conclude(const task& t, article outcome, const char* counted) {
    const auto found = jobs_.find(t.number);
    if (found == jobs_.end()) return;  // given up, and counted so
    counts_.at(counted)->add();
    found->second.read[t.item_url] = std::move(outcome);
    --found->second.open;
}

article_desk::turn article_desk::try_task(task& t, timestamp now,
                                          const std::function<std::uint64_t(http::request)>& send) {
    const auto found = jobs_.find(t.number);
    if (found == jobs_.end()) return turn::done;
    const std::string origin = origin_of(t.url);
    if (origin.empty()) {
        conclude(t, {{}, {}, "it leads to no address of http or https"}, http_status);
        return turn::done;
    }
    const std::string host = host_of(origin);
    host_state& h = hosts_[host];
    if (t.not_before > now || h.next > now || h.running > 0 || in_flight_.size() >= options_.in_flight_max)
        return turn::waits;
    const http::robots* rules = robots_.find(origin, now);
    if (rules == nullptr) {
        if (!asked_.contains(origin)) fetch_robots(origin, found->second.with, now, send);
        return turn::waits;
    }
    if (!rules->allows(t.url)) {
        conclude(t, {{}, {}, "robots.txt does not allow it"}, disallowed);
        return turn::done;
    }
    const article_secrets& with = found->second.with;
    http::request r = request_for(t.url, with);
    r.headers.emplace_back("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.5");
    if (!with.origin.empty() && with.origin == origin) {
        r.basic_auth = with.basic_auth;
        r.origin_headers = with.headers;
        r.certificate = with.certificate;
    }
    ++t.tries;
    ++h.running;
    h.next = now + std::max(options_.spacing, rules->crawl_delay().value_or(duration::zero()));
    in_flight_.emplace(send(std::move(r)), sent{host, {}, t});
    return turn::sent;
}

void article_desk::work(timestamp now, const std::function<std::uint64_t(http::request)>& send) {
    std::vector<task> still;
    for (task& t : waiting_)
        if (try_task(t, now, send) == turn::waits) still.push_back(std::move(t));
    waiting_ = std::move(still);
}

bool article_desk::again(task t, timestamp not_before) {
    const auto found = jobs_.find(t.number);
    if (t.tries >= options_.tries_max || found == jobs_.end() || not_before >= found->second.deadline) return false;
    t.not_before = not_before;
    waiting_.push_back(std::move(t));
    return true;
}

// Each hop is asked for like a page of its own: its host's robots.txt counts, and no secret goes along.
bool article_desk::follow(task& t, const http::response& r) {
    const std::string* to = r.header("location");
    const auto target = to == nullptr ? std::nullopt : resolve_url(t.url, *to);
    if (!target || ++t.hops > options_.limits.redirects_max) return false;
    if (t.url.starts_with("https:") && !target->starts_with("https:")) return false;
    t.url = without_userinfo(*target).url;
    --t.tries;  // a hop is no try of its own
    waiting_.push_back(t);
    return true;
}

std::optional<std::pair<std::string, timestamp>> article_desk::take_page(sent s, const result<http::response>& got,
                                                                         timestamp now) {
    task& t = *s.what;
    if (!got) {
        if (!again(t, now + options_.retry_delay)) {
            const bool ours = got.error().code.category() == http::category();
            const std::string why(ours ? http::name_of(static_cast<http::errc>(got.error().code.value()))
                                       : "no answer");
            conclude(t, {{}, {}, why}, transport);
        }
        return std::nullopt;
    }
    if (http::is_redirect(got->status)) {
        if (!follow(t, *got)) conclude(t, {{}, {}, "its redirects lead nowhere"}, http_status);
        return std::nullopt;
    }
    if (got->status == 429 || got->status >= 500) {
        const auto wait = schedule::retry_after(header_of(*got, "retry-after"), now);
        const timestamp until = now + std::max<duration>(wait.value_or(options_.retry_delay), options_.retry_delay);
        const bool asks = got->status == 429 || got->status == 503;
        if (asks) hold(s.host, until);
        if (!again(t, until)) conclude(t, {{}, {}, "status " + std::to_string(got->status)}, http_status);
        return asks ? std::optional(std::pair{s.host, until}) : std::nullopt;
    }
    article read = read_article(*got);
    const char* counted = ok;
    if (!read.failure.empty()) counted = got->status == 200 || got->status == 203 ? no_article : http_status;
    conclude(t, std::move(read), counted);
    return std::nullopt;
}

article_desk::taken article_desk::take_answer(std::uint64_t token, const result<http::response>& got, timestamp now) {
    auto node = in_flight_.extract(token);
    if (node.empty()) return {};
    sent& s = node.mapped();
    if (auto h = hosts_.find(s.host); h != hosts_.end() && h->second.running > 0) --h->second.running;
    if (s.what) return {true, take_page(std::move(s), got, now)};
    asked_.erase(s.origin);
    robots_.store(s.origin, got, now);
    return {true, std::nullopt};
}

std::vector<article_desk::finished> article_desk::take_finished(timestamp now) {
    std::vector<finished> out;
    for (auto at = jobs_.begin(); at != jobs_.end();) {
        job& j = at->second;
        if (j.open > 0 && j.deadline > now) {
            ++at;
            continue;
        }
        const std::uint64_t number = at->first;
        const auto give_up = [&](const task& t) {
            if (t.number != number || j.read.contains(t.item_url)) return;
            counts_.at(late)->add();
            j.read[t.item_url].failure = "it took too long";
        };
        for (const task& t : waiting_) give_up(t);
        for (const auto& [token, s] : in_flight_)
            if (s.what) give_up(*s.what);
        std::erase_if(waiting_, [&](const task& t) { return t.number == number; });
        out.push_back({number, std::move(j.read)});
        at = jobs_.erase(at);
    }
    return out;
}

std::optional<timestamp> article_desk::next_due() const {
    std::optional<timestamp> out;
    const auto sooner = [&](timestamp t) { out = out ? std::min(*out, t) : t; };
    for (const auto& [number, j] : jobs_) sooner(j.open == 0 ? timestamp::min() : j.deadline);
    if (in_flight_.size() >= options_.in_flight_max) return out;
    for (const task& t : waiting_) {
        const std::string origin = origin_of(t.url);
        if (asked_.contains(origin)) continue;
        const auto h = hosts_.find(host_of(origin));
        if (h == hosts_.end()) {
            sooner(t.not_before);
        } else if (h->second.running == 0) {
            sooner(std::max(t.not_before, h->second.next));
        }
    }
    return out;
}

void article_desk::hold(const std::string& host, timestamp until) {
    timestamp& next = hosts_[host].next;
    next = std::max(next, until);
}

void article_desk::shift(duration by) {
    for (auto& [number, j] : jobs_) j.deadline += by;
    for (task& t : waiting_) t.not_before += by;
    for (auto& [host, h] : hosts_) h.next += by;
}

void article_desk::forget_idle(timestamp now) {
    std::erase_if(hosts_, [&](const auto& entry) { return entry.second.running == 0 && entry.second.next <= now; });
}

void article_desk::drop_all() {
    jobs_.clear();
    waiting_.clear();
}

}  // namespace feedwatch::polling
