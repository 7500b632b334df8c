// Serves the demo's made-up outlets on loopback and writes the feeds.yaml that subscribes to them. Ends on SIGINT or
// SIGTERM.
//   feedwatch-demo --timeline FILE --feeds FILE [--speed N]
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "core/hash.hpp"
#include "core/meter.hpp"
#include "deploy/demo/timeline.hpp"
#include "io/http/server.hpp"

namespace {

using namespace feedwatch;

struct arguments {
    std::string timeline, feeds;
    int speed = 1;  // the demo's clock runs that many times faster
};

bool read_arguments(int argc, char** argv, arguments& out) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--timeline") {
            out.timeline = argv[i + 1];
        } else if (name == "--feeds") {
            out.feeds = argv[i + 1];
        } else if (name == "--speed") {
            out.speed = std::atoi(argv[i + 1]);
        } else {
            return false;
        }
    }
    return argc % 2 == 1 && !out.timeline.empty() && !out.feeds.empty() && out.speed > 0;
}

bool write_feeds(const std::string& path, const demo::timeline& all, const std::string& address) {
    // Renamed into place, so that whoever waits for the file sees all of it.
    const std::string unfinished = path + ".new";
    {
        std::ofstream file(unfinished);
        file << "# The demo's outlets, for as long as it runs.\nfeeds:\n";
        for (const demo::outlet& o : all.outlets) {
            file << "  - { url: 'http://" << address << '/' << o.id << "', title: '" << o.title << "', publisher: '"
                 << o.title << "', first_fetch: all, interval: { min: 1s, start: 2s, max: 3s } }\n";
        }
        if (!file.flush()) return false;
    }
    return std::rename(unfinished.c_str(), path.c_str()) == 0;
}

http::route_table make_routes(const demo::timeline& all, int speed) {
    const auto started = std::chrono::steady_clock::now();
    const auto wall = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    http::route_table routes;
    for (const demo::outlet& o : all.outlets) {
        routes['/' + o.id] = [&all, &o, started, wall, speed](const http::served_request&) {
            const auto elapsed =
                std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
            http::served_reply reply;
            reply.body = demo::render(o, demo::published(all, o, elapsed * speed), wall);
            reply.content_type = demo::content_type(o);
            reply.etag = '"' + hash128_hex(reply.body) + '"';
            return reply;
        };
    }
    return routes;
}

}  // namespace

int main(int argc, char** argv) {
    arguments given;
    if (!read_arguments(argc, argv, given)) {
        std::fputs("usage: feedwatch-demo --timeline FILE --feeds FILE [--speed N]\n", stderr);
        return 2;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    const auto all = demo::read_timeline(given.timeline);
    if (!all) {
        std::fprintf(stderr, "%s\n", all.error().detail.c_str());
        return 2;
    }
    const auto server = http::start_server({}, make_routes(*all, given.speed), null_meter());
    if (!server) {
        std::fprintf(stderr, "feedwatch-demo: %s\n", server.error().message().c_str());
        return 1;
    }
    if (!write_feeds(given.feeds, *all, (*server)->address())) {
        std::fprintf(stderr, "feedwatch-demo: cannot write %s\n", given.feeds.c_str());
        return 1;
    }
    std::printf("serving %zu outlets on http://%s\n", all->outlets.size(), (*server)->address().c_str());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ends, &signal);
    return 0;
}
