// bench_subscriptions FEEDS [ITEMS]: a real poller with so many feeds, each polled once (a document of ITEMS items, 0:
// no poll) and then idle; the process's resident memory, as one JSON object.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "core/hash.hpp"
#include "core/meter.hpp"
#include "core/record/feed.hpp"
#include "producers/poll/poller.hpp"

namespace feedwatch {
namespace {

class no_topic final : public emitter {
  public:
    void emit(output_record record) override { bytes += record.value ? record.value->size() : 0; }
    std::uint64_t bytes = 0;
};

std::string url_of(std::size_t n) {
    return "https://www.outlet-" + std::to_string(n / 2) + ".example.com/news/section-" + std::to_string(n % 7) +
           "/feed/?format=rss&edition=" + std::to_string(n);
}

// Answers each request at once, with a document of its own.
class answers final : public http::exchange {
  public:
    explicit answers(std::size_t items) : items_(items) {}
    void submit(std::uint64_t token, http::request what) override {
        ++asked_;
        http::response r;
        r.status = 200;
        r.url = what.url;
        r.headers = {{"etag", "\"" + hash128_hex(what.url) + "\""},
                     {"last-modified", "Wed, 25 Nov 2026 12:00:00 GMT"},
                     {"content-type", "application/rss+xml"}};
        r.body = "<rss version=\"2.0\"><channel><title>Outlet</title>";
        for (std::size_t i = 0; i < items_; ++i) {
            const std::string link = what.url.substr(0, what.url.find('?')) + std::to_string(++last_item_);
            r.body += "<item><title>Story " + std::to_string(last_item_) + "</title><guid>" + link + "</guid><link>" +
                      link + "</link><description>What happened.</description></item>";
        }
        r.body += "</channel></rss>";
        finished_.push_back({token, std::move(r)});
    }
    std::vector<http::finished> take_finished() override { return std::exchange(finished_, {}); }
    std::size_t in_flight() const override { return finished_.size(); }
    [[nodiscard]] std::size_t asked() const { return asked_; }

  private:
    std::size_t items_;
    std::size_t asked_ = 0;
    std::uint64_t last_item_ = 0;
    std::vector<http::finished> finished_;
};

std::size_t resident_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) * 1024;
    }
    return 0;
}

void measure(std::size_t feeds, std::size_t items) {
    no_topic out;
    answers web(items);
    poller_options options;
    options.feed_series_max = 0;
    poller p(options, web, null_meter());
    const std::size_t before = resident_bytes();
    timestamp now{std::chrono::hours{24} * 20'000};
    std::uint64_t batch = 0;
    p.assigned(0);
    p.restored(0, now);
    for (std::size_t n = 0; n < feeds; ++n) {
        feed f;
        f.url = url_of(n);
        f.id = feed_id(hash128_hex(f.url));
        f.title = "Outlet " + std::to_string(n) + ", the news";
        f.publisher = "Outlet " + std::to_string(n / 2);
        f.tags = {"news", "region-" + std::to_string(n % 50)};
        f.interval.max = f.interval.start = std::chrono::hours{6};
        const std::string json = to_json(f);
        record_view r;
        r.from = topic::feeds;
        r.key = f.id.str();
        r.value = json;
        if (n % 1000 == 0) p.begin_batch(++batch);
        (void)p.process(r, now, out);
        if (n % 1000 == 999 || n + 1 == feeds) p.commit_batch(batch);
    }
    const std::size_t subscribed = resident_bytes();
    while (items > 0 && (web.asked() < feeds || web.in_flight() > 0 || p.next_tick() <= now)) {
        if (web.in_flight() == 0) now = std::max(now, p.next_tick().value_or(now));
        p.begin_batch(++batch);
        p.tick(now, out);
        p.commit_batch(batch);
    }
    const std::size_t polled = resident_bytes();
    std::printf(
        "{\"feeds\": %zu, \"items_each\": %zu, \"resident_before\": %zu, \"resident_subscribed\": %zu, "
        "\"resident\": %zu, \"bytes_each\": %.0f, \"emitted_bytes\": %llu}\n",
        feeds, items, before, subscribed, polled, static_cast<double>(polled - before) / static_cast<double>(feeds),
        static_cast<unsigned long long>(out.bytes));
}

std::size_t number_of(std::string_view text) {
    std::size_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

}  // namespace
}  // namespace feedwatch

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: bench_subscriptions FEEDS [ITEMS]\n");
        return 2;
    }
    feedwatch::measure(feedwatch::number_of(argv[1]), argc > 2 ? feedwatch::number_of(argv[2]) : 20);
    return 0;
}
