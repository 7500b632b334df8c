// feedwatch's HTTP client and parser: guard, limits, decompression, heap and all, as the poller has it.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "bench/poll/work.hpp"
#include "core/heap.hpp"
#include "io/http/client.hpp"
#include "producers/parse/parse.hpp"

using namespace feedwatch;

int main(int argc, char** argv) {
    keep_freed_memory();
    bench::poll_work work = bench::poll_work::of(argc, argv);
    boost::asio::io_context loop{1};
    http::client_options options;
    options.network.allow = {"127.0.0.0/8"};
    options.network.ca_file = work.ca_file;
    options.connections_max = static_cast<std::uint32_t>(work.in_flight);
    options.per_host_max = static_cast<std::uint32_t>(work.in_flight);
    const auto client = http::make_client(loop, options);
    parse_limits limits;
    limits.html = work.mode == "parse" ? html_handling::as_written : html_handling::sanitised;

    std::size_t sent = 0, done = 0, not_modified = 0, items = 0, bytes = 0, failed = 0, most = 0;
    std::function<void()> next = [&] {
        if (sent == most) return;
        const std::size_t n = sent++;
        http::request request;
        request.url = work.url_of(n);
        const std::string& etag = work.etags[n % work.documents];
        if (work.mode == "not_modified" && !etag.empty()) request.headers.emplace_back("If-None-Match", etag);
        client->send(std::move(request), [&, n](result<http::response> got) {
            ++done;
            if (!got) {
                if (failed++ == 0) std::fprintf(stderr, "%s\n", got.error().message().c_str());
            } else if (got->status == 304) {
                ++not_modified;
            } else {
                bytes += got->body.size();
                if (const std::string* etag_now = got->header("etag")) work.etags[n % work.documents] = *etag_now;
                if (work.mode == "parse" || work.mode == "parse_whole") {
                    const auto feed = parse_feed(got->body, {.url = got->url, .content_type = {}}, limits);
                    items += feed ? feed->items.size() : 0;
                }
            }
            next();
        });
    };
    const auto run = [&](std::size_t polls) {
        sent = done = not_modified = items = bytes = failed = 0;
        most = polls;
        for (std::size_t i = 0; i < work.in_flight; ++i) next();
        loop.restart();
        while (done < most) loop.run_one();
    };
    run(work.documents);  // for the ETags, and to warm up
    bench::cost cost;
    cost.start();
    run(work.polls);
    cost.tell(done, not_modified, items, bytes, failed);
    return 0;
}
